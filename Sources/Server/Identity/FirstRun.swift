import Logging
import Synchronization

/// The link by which the first account is made: good once, for half an hour, and known only to who can read
/// the server's log or its files.
final class FirstRun: Sendable {
  private struct Link {
    var hash: [UInt8]
    var until: ContinuousClock.Instant
  }

  /// Nil: the link is logged only.
  private let path: String?
  private let logger: Logger
  private let link = Mutex<Link?>(nil)

  init(directory: String?, logger: Logger) {
    path = directory.map { $0 + "/first-run-link" }
    self.logger = logger
  }

  /// Makes a link, writes it to a file that only this user can read, and to the log.
  /// - Parameter base: scheme, host and port at which the page is.
  func open(at base: String) {
    let secret = OpaqueSecret()
    let address = "\(base)/#/first-run?token=\(secret.text)"
    link.withLock {
      $0 = Link(hash: secret.hash, until: .now + .seconds(IdentityLimits.firstRunSeconds))
    }
    if let path, !PrivateFile.write(address, to: path) {
      logger.error("the first-run link could not be written", metadata: ["path": "\(path)"])
    }
    let place = path.map { " (also in \($0))" } ?? ""
    logger.notice("make the first account within 30 minutes\(place): \(address)")
  }

  /// Whether a link is waiting to be used.
  var isOpen: Bool {
    link.withLock { $0.map { $0.until > .now } ?? false }
  }

  /// Whether that is the secret of the link, which is good no more from then on.
  func take(_ token: String) -> Bool {
    let hash = OpaqueSecret(shown: token).hash
    let isRight = link.withLock { link in
      guard let open = link, open.until > .now, isEqual(open.hash, hash) else { return false }
      link = nil
      return true
    }
    return isRight
  }

  /// After no account was made with it after all.
  func giveBack(_ token: String) {
    link.withLock {
      $0 = Link(
        hash: OpaqueSecret(shown: token).hash, until: .now + .seconds(IdentityLimits.firstRunSeconds))
    }
  }

  /// There is an admin: no link is needed any more.
  func close() {
    link.withLock { $0 = nil }
    if let path { PrivateFile.remove(path) }
  }
}
