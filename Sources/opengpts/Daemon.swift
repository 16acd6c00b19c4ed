import Backup
import Conversation
import Documents
import Engine
import Foundation
import Logging
import Providers
import Server
import ServiceLifecycle
import Store
import Transport
import UnixSignals

/// The composition root: everything is made here, from settings, and handed down by init.
struct Daemon {
  let settings: Settings
  let logger: Logger
  private let store: Store
  private let engine: Engine
  private let backups: BackupSchedule
  private let http: HTTPService

  /// Seconds that requests and runs have to come to rest when the program is told to stop.
  private static let stopSeconds = 10

  /// Opens the store, brings it up to date, and builds what serves it. Nothing listens yet.
  /// - Parameter onBound: told the port, and the address of the page, once it takes connections.
  init(
    settings: Settings, logger: Logger, onBound: @escaping @Sendable (Int, String) -> Void
  ) throws {
    self.settings = settings
    self.logger = logger
    let certificate = try settings.certificate.map { files in try ServerCertificate(files) }
    store = try Store(directory: settings.dataDirectory, program: ApplicationVersion.number) { error in
      logger.critical(
        "the disk failed; ending, so that the next start recovers", metadata: ["cause": "\(error)"])
      _exit(EX_IOERR)
    }
    let models = HTTPClient(policy: .trusted, maxTransfers: Limits.runsAtOnce)
    engine = try Engine(Self.parts(settings: settings, store: store, models: models, logger: logger))
    let backups = BackupSchedule(
      backup: Backup(
        of: settings.dataDirectory, program: ApplicationVersion.number,
        configuration: SettingsExport.text(of: settings)),
      settings: settings.backup, store: store, logger: logger)
    self.backups = backups
    let configuration = HTTPService.Configuration(
      host: settings.listen.host, port: settings.listen.port, identity: try settings.identity.identity(),
      publicURL: settings.publicURL, keyDirectory: settings.dataDirectory,
      allowedHosts: settings.allowedHosts + settings.publicHosts, certificate: certificate,
      proxies: settings.proxies, strictTransportSeconds: settings.strictTransportSeconds,
      webDirectory: settings.webDirectory, version: ApplicationVersion.number,
      monitoring: Self.monitoring(settings, backups, certificate))
    http = HTTPService(engine: engine, configuration: configuration, logger: logger) { port in
      onBound(port, settings.publicURL ?? configuration.address(port: port))
    }
  }

  private static func monitoring(
    _ settings: Settings, _ backups: BackupSchedule, _ certificate: ServerCertificate?
  ) -> Monitoring {
    var monitoring = Monitoring()
    monitoring.metricsAccess = settings.metricsAccess
    monitoring.backups = backups.work.control
    monitoring.status = { [backups.status] + (certificate.map { [$0.status] } ?? []) }
    monitoring.measure = { exposition in
      ProcessMeasurements.measure(into: &exposition)
      backups.measure(into: &exposition)
      certificate?.measure(into: &exposition)
    }
    return monitoring
  }

  private static func parts(
    settings: Settings, store: Store, models: HTTPClient, logger: Logger
  ) -> Engine.Parts {
    let accounts = settings.providers.accounts(openAI: settings.openAI, deadlines: settings.limits.deadlines)
    let factory = ModelFactory(accounts: accounts, client: models)
    let catalog = ModelCatalog(
      factory: factory, file: settings.models.map { .init($0.definition, apiKey: $0.apiKey?.revealed) },
      settings: StandardModels.definitions(
        accounts: accounts, choices: settings.providers.choices(openAI: settings.openAI)))
    let ollama = settings.providers.ollamaBaseURL.map { url in
      OllamaServer(
        endpoint: Endpoint(baseURL: url, apiKey: nil), named: settings.providers.ollamaModel, client: models)
    }
    let parser = DocumentParser(command: DocumentWorkerCommand.command)
    let toolClient = settings.tools.client
    let toolTypes = StandardTools.types(
      client: toolClient, parser: parser,
      settings: settings.tools.engineSettings(openAI: settings.openAI))
    var parts = Engine.Parts(
      store: store, parser: parser,
      embedding: settings.embedding.setup(directory: settings.modelDirectory, client: models),
      indexDirectory: settings.dataDirectory + "/indexes", indexSettings: settings.index,
      models: catalog, ollama: ollama, toolTypes: toolTypes, logger: logger,
      quotaBytes: settings.limits.filesQuotaBytes)
    parts.chunker = settings.limits.chunker
    parts.toolClient = toolClient
    parts.guardsEgress = settings.tools.asksBeforeEgress
    parts.traces = settings.traces.engineSettings(version: ApplicationVersion.number, logger: logger)
    // A pool of its own: nothing that a model named shares its connections.
    parts.mcp = MCPServers(
      settings.mcpServers, client: HTTPClient(policy: .trusted, userAgent: settings.tools.userAgent),
      version: ApplicationVersion.number, logger: logger)
    return parts
  }

  /// Serves until the program is told to stop, by a signal or by the task's cancellation; then lets what goes
  /// on come to rest, and closes the store.
  /// - Parameter notify: the service manager, to be told that the daemon lives.
  /// - Parameter reload: what may bring the daemon to rest, to begin anew.
  func run(stopsOnSignals: Bool = true, notify: ServiceNotify? = nil, reload: Reload? = nil) async throws {
    defer { store.close() }
    try await store.sweepBlobs()
    let watchdog = notify.map {
      Watchdog(notify: $0, store: store, isBeginningAnew: { reload?.isWanted ?? false }, logger: logger)
    }
    let services: [any Service] =
      [EngineService(engine: engine), backups, http] + (watchdog.map { [$0] } ?? [])
      + (reload.map { [$0] } ?? [])
    var configuration = ServiceGroupConfiguration(
      services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
      gracefulShutdownSignals: stopsOnSignals ? [.sigterm, .sigint] : [], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(Self.stopSeconds)
    try await ServiceGroup(configuration: configuration).run()
  }
}

/// The engine's own work, as a service: it ends after the server has, which stands later in the list.
private struct EngineService: Service {
  let engine: Engine

  func run() async throws {
    try await cancelWhenGracefulShutdown { try await engine.run() }
  }
}

extension LimitSettings {
  fileprivate var deadlines: Deadlines {
    Deadlines(
      connectSeconds: modelConnectSeconds, firstByteSeconds: modelFirstByteSeconds,
      idleSeconds: modelIdleSeconds, totalSeconds: modelTotalSeconds)
  }
}

extension ToolsSettings {
  /// The one client of all tools. Each call may send a few requests.
  fileprivate var client: HTTPClient {
    HTTPClient(
      policy: .publicOnly(allowing: allowedNetworks), userAgent: userAgent, maxTransfers: Limits.runsAtOnce)
  }

  /// As the engine takes them; images are made where OpenAI is asked, unless told otherwise.
  func engineSettings(openAI: OpenAISettings) -> ToolSettings {
    var tools = ToolSettings()
    tools.wikipediaURL = wikipediaURL
    tools.arxivURL = arxivURL
    tools.pubMedURL = pubMedURL
    tools.duckDuckGoURL = duckDuckGoURL
    (tools.tavilyURL, tools.tavilyKey) = (tavilyURL, tavilyKey?.revealed)
    (tools.youURL, tools.youKey) = (youURL, youKey?.revealed)
    (tools.edgarSearchURL, tools.edgarArchiveURL) = (edgarSearchURL, edgarArchiveURL)
    (tools.conneryURL, tools.conneryKey) = (conneryURL, conneryKey?.revealed)
    tools.contact = contact
    tools.images.baseURL = imagesBaseURL ?? (openAI.isConfigured ? openAI.endpoint : nil)
    // A key goes only to the server it was given for.
    tools.images.key = (imagesKey ?? (imagesBaseURL == nil ? openAI.apiKey : nil))?.revealed
    tools.images.model = imagesModel
    return tools
  }
}
