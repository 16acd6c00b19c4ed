import Documents
import Engine
import Foundation
import Logging
import Server

/// What the daemon was told, checked: the typed values the composition root hands out, and for each
/// setting where its value came from.
struct Settings: Sendable {
  private(set) var listen: ListenAddress
  let dataDirectory: String
  /// Nil: the page inside the program.
  let webDirectory: String?
  let allowedHosts: [String]
  let logLevel: Logger.Level
  let logFormat: LogFormat
  let metricsAccess: Monitoring.MetricsAccess
  let backup: BackupSettings
  let identity: IdentitySettings
  /// What connections are protected with; nil: clear text.
  private(set) var certificate: CertificateFiles?
  let proxies: TrustedProxies
  /// Nil: browsers are told nothing.
  let strictTransportSeconds: Int?
  /// Where people reach the server, if not where it listens: scheme, host and port.
  let publicURL: String?
  let openAI: OpenAISettings
  /// Whom else models are asked of.
  let providers: ProviderSettings
  let embedding: EmbeddingSettings
  /// The `[[model]]` tables of the configuration files.
  let models: [ModelSetting]
  let limits: LimitSettings
  let index: IndexSettings
  let tools: ToolsSettings
  let traces: TracesSettings
  /// Servers of the Model Context Protocol.
  let mcpServers: [MCPConfiguration]
  /// Every setting of the catalogue, in its order.
  let resolved: [ResolvedSetting]

  /// The same, for a daemon that only its own process is to find.
  var listeningOnAnyPort: Settings {
    var settings = self
    settings.listen = .anyPort
    settings.certificate = nil
    return settings
  }

  /// The host of the public address.
  var publicHosts: [String] {
    publicURL.flatMap { URLComponents(string: $0)?.host }.map { [$0] } ?? []
  }

  /// Where the embedding model lies, whether or not it is there: in the data directory, or else where the system's
  /// package has put it.
  var modelDirectory: String {
    let own = "\(dataDirectory)/models/\(EmbeddingModelFiles.directoryName)"
    let packaged = "\(EmbeddingModelFiles.packagedModels)/\(EmbeddingModelFiles.directoryName)"
    return EmbeddingModelFiles.hasWeights(own) || !EmbeddingModelFiles.hasWeights(packaged) ? own : packaged
  }
}

/// Backups the daemon makes by itself.
struct BackupSettings: Sendable {
  /// Nil: none.
  let everySeconds: Double?
  let keep: Int
  let directory: String
  let passphrase: Secret?
}

/// How OpenAI, or a server that speaks like it, is reached.
struct OpenAISettings: Sendable {
  let apiKey: Secret?
  let baseURL: String?
  let model: String?
  /// Whether the model has tool calls of its own; if not, agents speak XML with it.
  let callsTools: Bool
  let organization: String?
  let proxy: String?

  /// Whether there is a language model to ask at all.
  var isConfigured: Bool { apiKey != nil || baseURL != nil }
  /// Where requests go: the given address, else OpenAI's.
  var endpoint: String { baseURL ?? "https://api.openai.com/v1" }
}

/// Bounds an administrator may move.
struct LimitSettings: Sendable {
  let modelConnectSeconds: Double
  let modelFirstByteSeconds: Double
  let modelIdleSeconds: Double
  let modelTotalSeconds: Double
  /// Of all files of one user; nil for as much as there is room.
  let filesQuotaBytes: Int?
  let chunker: Chunker
}

/// One setting with its value and where that came from.
struct ResolvedSetting: Sendable {
  let setting: Setting
  /// Nil: not set.
  let value: SettingValue?
  let origin: SettingOrigin
}
