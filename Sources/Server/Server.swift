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
    /// What connections are protected with; nil: clear text.
    package var certificate: ServerCertificate?
    package var proxies: TrustedProxies
    /// Seconds a browser that came by https is to come no other way; nil: no word about it.
    package var strictTransportSeconds: Int?
    /// Serve the page from this folder instead of from the program itself.
    package var webDirectory: String?
    /// What `/readyz` says.
    package var version: String
    package var monitoring: Monitoring

    package init(
      host: String = "127.0.0.1", port: Int = 8100, identity: Identity = .unverified,
      publicURL: String? = nil, keyDirectory: String? = nil,
      passwords: Passwords = Passwords(), allowedHosts: [String] = [],
      certificate: ServerCertificate? = nil, proxies: TrustedProxies = TrustedProxies(),
      strictTransportSeconds: Int? = nil,
      webDirectory: String? = nil, version: String, monitoring: Monitoring = Monitoring()
    ) {
      self.host = host
      self.port = port
      self.identity = identity
      self.publicURL = publicURL
      self.keyDirectory = keyDirectory
      self.passwords = passwords
      self.allowedHosts = allowedHosts
      self.certificate = certificate
      self.proxies = proxies
      self.strictTransportSeconds = strictTransportSeconds
      self.webDirectory = webDirectory
      self.version = version
      self.monitoring = monitoring
    }
  }

  /// What whoever speaks clear text where TLS is spoken is told; by it `doctor` knows its daemon.
  package static let clearTextRefusal = "This port of opengpts speaks https only"

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
    let configuration = configuration
    var application = Application(
      responder: responder(gate),
      server: .http1(Self.channelConfiguration, certificate: configuration.certificate),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: .maximum(HTTPLimits.connections, logger: quiet)),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? 0
        do {
          try await gate.openFirstRun(at: configuration.address(port: port))
        } catch {
          logger.error("no first-run link could be made", metadata: ["cause": "\(error)"])
        }
        await onListening(port)
      },
      logger: quiet)
    if let certificate = configuration.certificate {
      application.addServices(CertificateWatch(certificate: certificate, logger: logger))
    }
    defer { gate.control?.remove() }
    try await application.run()
  }

  private func responder(_ gate: Gate) -> Responder {
    Responder(
      router: Router(
        engine: engine, version: configuration.version, gate: gate, monitoring: configuration.monitoring),
      web: WebFiles(directory: configuration.webDirectory), gate: gate,
      origins: OriginCheck(
        listenHost: configuration.host, names: configuration.allowedHosts,
        certificate: configuration.certificate),
      doors: Doors(configuration), store: engine.store, meter: configuration.monitoring.meter, logger: logger)
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

extension HTTPService.Configuration {
  /// Where a person finds the page, as far as this server knows: scheme, host and port. No name stands in an address
  /// that stands for all of a machine's.
  package func address(port: Int) -> String {
    let isEverywhere = ["0.0.0.0", "::", "*"].contains(host)
    let named = certificate?.pair.names.first { !$0.hasPrefix("*") }
    let host = named ?? (isEverywhere ? allowedHosts.first ?? ProcessInfo.processInfo.hostName : host)
    return "\(certificate == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }
}

extension Doors {
  fileprivate init(_ configuration: HTTPService.Configuration) {
    certificate = configuration.certificate
    proxies = configuration.proxies
    if case .unverified = configuration.identity { isUnverified = true } else { isUnverified = false }
    strictTransport = configuration.strictTransportSeconds.map { "max-age=\($0)" }
  }
}
