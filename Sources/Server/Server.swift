import Conversation
package import Engine
import Foundation
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP server, as one service among the daemon's.
///
/// It listens from `run()` on, and ends when asked to shut down gracefully: it takes no new connection, ends
/// its streams, and lets other replies finish. Runs are not its own: who stops them is the engine.
package struct HTTPService: Service {
  package struct Configuration: Sendable {
    /// An IP address or a host name, without brackets.
    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    package var identity: Identity
    /// Where people reach the server, if not where it listens: scheme, host and port.
    package var publicURL: String?
    /// Where the first-run link and the key for commands are written; nil: nowhere.
    package var keyDirectory: String?
    package var passwords: Passwords
    /// Names under which people reach the server, e.g. through a proxy, beside that of loopback and `host`.
    package var allowedHosts: [String]
    /// Serve the page from this folder instead of from the program itself.
    package var webDirectory: String?
    /// What `/readyz` says.
    package var version: String
    package var monitoring: Monitoring

    package init(
      host: String = "127.0.0.1", port: Int = 8100, identity: Identity = .unverified,
      publicURL: String? = nil, keyDirectory: String? = nil,
      passwords: Passwords = Passwords(), allowedHosts: [String] = [],
      webDirectory: String? = nil, version: String, monitoring: Monitoring = Monitoring()
    ) {
      self.host = host
      self.port = port
      self.identity = identity
      self.publicURL = publicURL
      self.keyDirectory = keyDirectory
      self.passwords = passwords
      self.allowedHosts = allowedHosts
      self.webDirectory = webDirectory
      self.version = version
      self.monitoring = monitoring
    }
  }

  private let engine: Engine
  private let configuration: Configuration
  private let logger: Logger
  private let onListening: @Sendable (Int) async -> Void

  /// - Parameter onListening: told the port once connections are accepted.
  package init(
    engine: Engine, configuration: Configuration, logger: Logger,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
  ) {
    self.engine = engine
    self.configuration = configuration
    self.logger = logger
    self.onListening = onListening
  }

  package func run() async throws {
    let (onListening, logger) = (onListening, logger)
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .notice)
    let gate = Gate(
      identity: configuration.identity, store: engine.store, publicURL: configuration.publicURL,
      directory: configuration.keyDirectory, passwords: configuration.passwords, logger: logger)
    let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
    let application = Application(
      responder: Responder(
        router: Router(
          engine: engine, version: configuration.version, gate: gate, monitoring: configuration.monitoring),
        web: WebFiles(directory: configuration.webDirectory), gate: gate,
        origins: OriginCheck(listenHost: configuration.host, names: configuration.allowedHosts),
        store: engine.store, meter: configuration.monitoring.meter, logger: logger),
      server: .http1(configuration: Self.channelConfiguration),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: .maximum(HTTPLimits.connections, logger: quiet)),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? 0
        do {
          try await gate.openFirstRun(at: "http://\(host):\(port)")
        } catch {
          logger.error("no first-run link could be made", metadata: ["cause": "\(error)"])
        }
        await onListening(port)
      },
      logger: quiet)
    defer { gate.control?.remove() }
    try await application.run()
  }

  private static var channelConfiguration: HTTP1Channel.Configuration {
    HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionGuard(longestBody: Limits.uploadBytes)],
      idleTimeout: .seconds(HTTPLimits.idleSeconds),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: HTTPLimits.headerBytes, maxHeaderListSize: HTTPLimits.headerBytes,
        maxHeaderFieldCount: HTTPLimits.headerFields))
  }
}
