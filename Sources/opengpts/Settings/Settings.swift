import Engine
import Logging

/// What the daemon was told, checked: the typed values the composition root hands out, and for each
/// setting where its value came from.
struct Settings: Sendable {
  private(set) var listen: ListenAddress
  let dataDirectory: String
  /// Nil: the page inside the program.
  let webDirectory: String?
  let allowedHosts: [String]
  let logLevel: Logger.Level
  let authType: AuthType
  let openAI: OpenAISettings
  /// Whom else models are asked of.
  let providers: ProviderSettings
  /// The `[[model]]` tables of the configuration files.
  let models: [ModelSetting]
  let limits: LimitSettings
  let index: IndexSettings
  let tools: ToolsSettings
  /// Servers of the Model Context Protocol.
  let mcpServers: [MCPConfiguration]
  /// Every setting of the catalogue, in its order.
  let resolved: [ResolvedSetting]

  /// The same, for a daemon that only its own process is to find.
  var listeningOnAnyPort: Settings {
    var settings = self
    settings.listen = .anyPort
    return settings
  }

  /// Where the embedding model lies, whether or not it is there.
  var modelDirectory: String { "\(dataDirectory)/models/\(EmbeddingModelFiles.directoryName)" }
}

/// How users are told apart.
enum AuthType: String, Sendable {
  /// The `opengpts_user_id` cookie is believed.
  case noop
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
}

/// One setting with its value and where that came from.
struct ResolvedSetting: Sendable {
  let setting: Setting
  /// Nil: not set.
  let value: SettingValue?
  let origin: SettingOrigin
}
