package import Conversation
import Synchronization

/// The events of one run, in order: written by the run alone, read by any number of watchers, each from
/// where it left off.
///
/// The log is what makes streams survive: an event's place in it is its id, so a watcher that comes back
/// with the last id it saw gets exactly what it missed, and a slow one holds nobody up, because it reads at
/// its own pace from memory that is there anyway. Memory grows with the answer's text, which the model
/// adapters bound.
package final class RunLog: Sendable {
  /// The shortest time between two looks at a growing message.
  package static let pulse = Duration.milliseconds(50)

  package let runID: Identifier<Run>
  private let state = Mutex(State())

  fileprivate struct State {
    var events: [RunEvent] = []
    var watchers: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextWatcher: UInt64 = 0
    var lastPulse: ContinuousClock.Instant?
    var isPulseDue = false
    var isEnded = false
  }

  package init(runID: Identifier<Run>) {
    self.runID = runID
  }

  // MARK: Writing

  func append(_ event: RunEvent) {
    let now = ContinuousClock.now
    let (waiting, nextPulse) = state.withLock { state in
      state.append(event, at: now)
    }
    for watcher in waiting { watcher.resume() }
    if let nextPulse { schedulePulse(at: nextPulse) }
  }

  /// A piece that came too soon after a pulse is shown by one of its own, as soon as one may come again.
  private func schedulePulse(at instant: ContinuousClock.Instant) {
    Task { [weak self] in
      try? await Task.sleep(until: instant, clock: .continuous)
      self?.appendPulse()
    }
  }

  private func appendPulse() {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard state.isPulseDue, !state.isEnded else { return [] }
      return state.append(.pulse, at: .now).waiting
    }
    for watcher in waiting { watcher.resume() }
  }

  package var isEnded: Bool {
    state.withLock { $0.isEnded }
  }

  // MARK: Reading

  /// The events after the first `count`, as soon as there are any; nil when the run has ended before.
  ///
  /// Cancelling the task that waits returns an empty list.
  package func events(after count: Int) async -> [RunEvent]? {
    while !Task.isCancelled {
      switch read(after: count) {
      case .events(let events): return events
      case .over: return nil
      case .nothingYet: await waitForMore(after: count)
      }
    }
    return []
  }

  private enum Reading {
    case events([RunEvent])
    case nothingYet
    case over
  }

  private func read(after count: Int) -> Reading {
    state.withLock { state in
      if count < state.events.count { return .events(Array(state.events[max(0, count)...])) }
      return state.isEnded ? .over : .nothingYet
    }
  }

  private func waitForMore(after count: Int) async {
    let ticket = state.withLock { state in
      state.nextWatcher += 1
      return state.nextWatcher
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDue = state.withLock { state in
          let isDue = count < state.events.count || state.isEnded || Task.isCancelled
          if !isDue { state.watchers[ticket] = continuation }
          return isDue
        }
        if isDue { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.watchers.removeValue(forKey: ticket) }?.resume()
    }
  }
}

extension RunLog.State {
  /// Adds the event, and a pulse after a piece if none was lately. Returns who waits, and when a later pulse
  /// is due, if it is to be scheduled now.
  fileprivate mutating func append(
    _ event: RunEvent, at now: ContinuousClock.Instant
  ) -> (waiting: [CheckedContinuation<Void, Never>], nextPulse: ContinuousClock.Instant?) {
    guard !isEnded else { return ([], nil) }
    var nextPulse: ContinuousClock.Instant?
    events.append(event)
    switch event {
    case .delta:
      if let lastPulse, now - lastPulse < RunLog.pulse {
        nextPulse = isPulseDue ? nil : lastPulse + RunLog.pulse
        isPulseDue = true
      } else {
        events.append(.pulse)
        lastPulse = now
      }
    case .pulse:
      lastPulse = now
      isPulseDue = false
    case .ended:
      isEnded = true
    case .began, .committed, .failed:
      isPulseDue = false
    case .progress, .waiting:
      break
    }
    let waiting = Array(watchers.values)
    watchers = [:]
    return (waiting, nextPulse)
  }
}
