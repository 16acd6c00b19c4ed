import Logging
import ServiceLifecycle
import Store

/// Tells systemd that the daemon is alive, as long as its database answers; a daemon that hangs falls silent
/// and is started again.
struct Watchdog: Service {
  let notify: ServiceNotify
  let store: Store
  /// Whether the daemon comes to rest only to begin anew, of which systemd has been told otherwise.
  let isBeginningAnew: @Sendable () -> Bool
  let logger: Logger

  func run() async throws {
    guard let seconds = notify.watchdogSeconds else {
      return try await gracefulShutdown()
    }
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: .seconds(seconds / 3))) != nil {
        do {
          try await store.check()
          notify.watchdog()
        } catch {
          logger.critical("the database does not answer", metadata: ["cause": "\(error)"])
        }
      }
    }
    if !isBeginningAnew() { notify.stopping() }
  }
}
