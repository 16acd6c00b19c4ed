import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Takes a changed configuration into use on SIGHUP, if it is right.
///
/// The daemon comes to rest as for a stop, and its program takes its own place under the same process number: whatever
/// a setting decides is decided anew, runs go on from their last checkpoints, and clients that come back with their last
/// event lose nothing. A configuration that is wrong is told in the log and changes nothing.
final class Reload: Service {
  private let check: @Sendable () throws -> Void
  private let notify: ServiceNotify?
  private let logger: Logger
  private let wanted = Atomic(false)

  /// Whether the daemon came to rest to begin anew.
  var isWanted: Bool { wanted.load(ordering: .acquiring) }

  /// - Parameter check: reads the configuration, and throws what is wrong with it.
  init(notify: ServiceNotify?, logger: Logger, check: @escaping @Sendable () throws -> Void) {
    self.check = check
    self.notify = notify
    self.logger = logger
  }

  /// Returns when there is a reason to begin anew.
  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in await UnixSignalsSequence(trapping: .sighup) where self.isRight() {
        self.notify?.reloading()
        self.wanted.store(true, ordering: .releasing)
        return
      }
    }
  }

  private func isRight() -> Bool {
    do {
      try check()
      logger.notice("the configuration is taken into use")
      return true
    } catch {
      logger.error("the configuration is wrong; the old one stays", metadata: ["cause": "\(error)"])
      return false
    }
  }
}
