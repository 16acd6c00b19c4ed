import CCurl
import Foundation
import Synchronization

/// A libcurl multi handle and the one thread that drives it: a pool of connections of its own.
// SAFETY: `multi` and `transfers` are touched by the loop's thread alone. Other threads post commands
// under the inbox's lock and call `curl_multi_wakeup`, the one call libcurl allows from anywhere, only
// while the inbox is open; it is closed before the handle is.
final class CurlLoop: @unchecked Sendable {
  enum Command: Sendable {
    case start(Transfer)
    case resume(Transfer)
    case cancel(Transfer)
    case close
  }

  private struct Inbox {
    var commands: [Command] = []
    var underWay = 0
    var isOpen = true
    var isClosed = false
    var closeWaiters: [CheckedContinuation<Void, Never>] = []
  }

  private let inbox = Mutex(Inbox())
  private let maxTransfers: Int
  private let multi: UnsafeMutableRawPointer
  private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
  /// No deadline passes before this instant.
  private var scanAt: DeadlineClock.Instant?

  init(maxTransfers: Int) {
    _ = Self.isReady
    guard let multi = curl_multi_init() else { preconditionFailure("libcurl could not be started") }
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, TransportLimits.idleConnections)
    self.multi = multi
    self.maxTransfers = maxTransfers
    let thread = Thread { self.run() }
    thread.name = "transport"
    thread.start()
  }

  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  // MARK: From any thread

  /// Throws `busy` at the bound and `cancelled` once the loop is closing.
  func start(_ transfer: Transfer) throws(TransportError) {
    let refusal: TransportError? = inbox.withLock { inbox in
      guard inbox.isOpen else { return .cancelled }
      guard inbox.underWay < maxTransfers else { return .busy(limit: maxTransfers) }
      inbox.underWay += 1
      inbox.commands.append(.start(transfer))
      curl_multi_wakeup(multi)
      return nil
    }
    if let refusal { throw refusal }
  }

  func post(_ command: Command) {
    inbox.withLock { inbox in
      guard inbox.isOpen else { return }
      inbox.commands.append(command)
      curl_multi_wakeup(multi)
    }
  }

  /// Returns when every transfer has ended and the thread is done.
  func close() async {
    post(.close)
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isClosed = inbox.withLock { inbox in
        if !inbox.isClosed { inbox.closeWaiters.append(continuation) }
        return inbox.isClosed
      }
      if isClosed { continuation.resume() }
    }
  }

  // MARK: The loop's thread

  private func run() {
    blockBrokenPipeSignal()
    var isClosing = false
    while !isClosing {
      isClosing = obeyCommands()
      var running: Int32 = 0
      let result = curl_multi_perform(multi, &running)
      if result != CURLM_OK { endAll(.unreachable(cause: String(cString: curl_multi_strerror(result)))) }
      settleDone()
      expire()
      if !isClosing { waitForWork() }
    }
    shut()
  }

  private func waitForWork() {
    guard curl_multi_poll(multi, nil, 0, pollMilliseconds, nil) != CURLM_OK else { return }
    usleep(10_000)  // Out of memory or descriptors: trying again at once would burn a core.
  }

  /// With NOSIGNAL libcurl leaves SIGPIPE alone; a peer that closes must not end the process.
  private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// True when the loop is to end.
  private func obeyCommands() -> Bool {
    let commands = inbox.withLock { inbox in
      var commands: [Command] = []
      swap(&commands, &inbox.commands)
      return commands
    }
    var isClosing = false
    for command in commands {
      switch command {
      case .start(let transfer): begin(transfer)
      case .resume(let transfer): resume(transfer)
      case .cancel(let transfer): end(transfer, .failure(.cancelled))
      case .close: isClosing = true
      }
    }
    return isClosing
  }

  private func begin(_ transfer: Transfer) {
    guard !transfer.exchange.isOver else { return release(transfer) }
    do throws(TransportError) {
      let easy = try transfer.open()
      guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
        throw TransportError.unreachable(cause: "libcurl refused the request")
      }
      transfers[easy] = transfer
      let wake = transfer.clock.wakeBy(.now)
      scanAt = min(scanAt ?? wake, wake)
    } catch {
      transfer.exchange.end(.failure(error))
      release(transfer)
    }
  }

  private func resume(_ transfer: Transfer) {
    guard let easy = transfer.easy, transfers[easy] != nil, transfer.clock.phase == .heldBack else { return }
    transfer.clock.enter(.receiving, now: .now)
    curl_easy_pause(easy, CURLPAUSE_CONT)
  }

  private func settleDone() {
    var easy: UnsafeMutableRawPointer?
    var code = CURLE_OK
    while ccurl_multi_next_done(multi, &easy, &code) != 0 {
      guard let easy, let transfer = transfers[easy] else { continue }
      end(transfer, transfer.outcome(code))
    }
  }

  private func expire() {
    let now = ContinuousClock.now
    guard let due = scanAt, due <= now else { return }
    for transfer in Array(transfers.values) {
      let next = transfer.clock.next
      if next.at <= now { end(transfer, .failure(.timedOut(next.which))) }
    }
    scanAt = transfers.values.map { $0.clock.wakeBy(now) }.min()
  }

  private var pollMilliseconds: Int32 {
    guard let scanAt else { return 3_600_000 }
    let wait = scanAt - .now
    guard wait > .zero else { return 0 }
    return Int32(min(3_600_000, (wait / .milliseconds(1)).rounded(.up)))
  }

  private func end(_ transfer: Transfer, _ result: Result<Void, TransportError>) {
    guard let easy = transfer.easy, transfers.removeValue(forKey: easy) != nil else { return }
    curl_multi_remove_handle(multi, easy)
    transfer.exchange.end(result)
    release(transfer)
  }

  private func release(_ transfer: Transfer) {
    transfer.close()
    inbox.withLock { $0.underWay -= 1 }
  }

  private func endAll(_ error: TransportError) {
    for transfer in Array(transfers.values) { end(transfer, .failure(error)) }
  }

  private func shut() {
    inbox.withLock { $0.isOpen = false }
    // What was posted between the last look and the closing of the inbox must not wait for ever.
    for case .start(let transfer) in inbox.withLock({ $0.commands }) {
      transfer.exchange.end(.failure(.cancelled))
    }
    endAll(.cancelled)
    curl_multi_cleanup(multi)
    let waiters = inbox.withLock { inbox in
      inbox.isClosed = true
      inbox.commands = []
      return inbox.closeWaiters
    }
    waiters.forEach { $0.resume() }
  }
}
