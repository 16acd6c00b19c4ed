package import Conversation
import Logging
package import Metering
import Store
import Synchronization

/// What is kept of runs, and for how long.
package struct TraceSettings: Sendable {
  /// Days that traces are kept; 0 for as long as the run goes on.
  package var keepDays = 14
  /// Whether what was said is in them too.
  package var keepsContent = false
  /// Who is told of them besides.
  package var exporters: [TraceExporter] = []

  package init() {}
}

/// Has the traces of the runs that go on, and brings what has ended into the store: in the background, all runs
/// together in one transaction every now and then, so that no run waits for it. What a crash cuts is lost; the run
/// itself is not.
package final class TraceKeeper: Sendable {
  /// Between two looks.
  private static let pause = Duration.seconds(2)
  private static let forgetEverySeconds = 3_600.0
  /// For what is left to be reported when the program ends.
  private static let finishSeconds = 3.0

  private let store: Store
  private let settings: TraceSettings
  private let logger: Logger
  private let state = Mutex(State())
  /// Wishes that what has ended be kept; one that nobody has heard yet is enough.
  private let wishes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  fileprivate struct State {
    var live: [Identifier<Run>: LiveTrace] = [:]
    /// Taken out of their traces and on the way into the store.
    var underWay: [TracePart] = []
    /// Spans that did not fit, or could not be stored.
    var dropped = 0
    var isFailing = false
  }

  fileprivate struct LiveTrace {
    let trace: Trace
    var isOver = false
    /// What has ended, for those who want a run as a whole.
    var ended: [Span] = []
  }

  init(store: Store, settings: TraceSettings, logger: Logger) {
    self.store = store
    self.settings = settings
    self.logger = logger
  }

  // MARK: Runs

  /// A run begins, or is taken up again.
  func begin(_ run: Identifier<Run>) -> Trace {
    let trace = Trace(of: run, keepsContent: settings.keepsContent)
    state.withLock { $0.live[run] = LiveTrace(trace: trace) }
    wishes.continuation.yield()
    return trace
  }

  func end(_ trace: Trace) {
    state.withLock { state in
      state.live[trace.runID]?.isOver = true
      state.dropped += trace.dropped
    }
    wishes.continuation.yield()
  }

  /// What is known of a run so far, in the order of its beginnings. The caller has made sure that it is the user's.
  package func spans(of run: Identifier<Run>) async throws -> [Span] {
    // What is stored between the two looks is in both.
    let live = state.withLock { $0.spans(of: run) }
    let kept = try await store.spans(of: run)
    let known = Set(kept.map(\.id))
    return (kept + live.filter { !known.contains($0.id) }).sorted {
      ($0.startedAt, $1.microseconds ?? .max) < ($1.startedAt, $0.microseconds ?? .max)
    }
  }

  /// Tells those who are told of runs what a person thought of one.
  package func report(_ feedback: Feedback) {
    for exporter in settings.exporters { exporter.offer(.feedback(feedback)) }
  }

  /// Spans that did not fit into their traces, or could not be stored, since the start.
  var droppedCount: Int { state.withLock { $0.dropped } }

  func measureExport(into exposition: inout Exposition) {
    TraceExporter.measure(settings.exporters, into: &exposition)
  }

  // MARK: Keeping

  /// Keeps what has ended until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.forgetNowAndThen() }
      for exporter in settings.exporters { group.addTask { await exporter.run() } }
      for await _ in wishes.stream {
        guard (try? await Task.sleep(for: Self.pause)) != nil else { return }
        await keepEnded()
      }
    }
  }

  /// Keeps and reports what is left, at the end of the program.
  func finish() async {
    await keepEnded()
    await withDiscardingTaskGroup { group in
      for exporter in settings.exporters {
        group.addTask { await exporter.finish(within: Self.finishSeconds) }
      }
    }
  }

  /// Brings into the store what has ended until now. One caller at a time.
  func keepEnded() async {
    let isReported = !settings.exporters.isEmpty
    let (parts, over, isMore) = state.withLock { state in state.takeEnded(gathering: isReported) }
    if isMore { wishes.continuation.yield() }
    for exporter in settings.exporters {
      for run in over { exporter.offer(.spans(run.spans.map(reported), of: run.runID)) }
    }
    defer { state.withLock { $0.underWay = [] } }
    guard !parts.isEmpty, settings.keepDays > 0 else { return }
    do {
      try await store.keep(parts)
      state.withLock { $0.isFailing = false }
    } catch {
      note(error, losing: parts.reduce(0) { $0 + $1.spans.count })
    }
  }

  /// Sentences about failures may repeat what was said, so they leave only where that does too.
  private func reported(_ span: Span) -> Span {
    guard !settings.keepsContent else { return span }
    var span = span
    span.failure?.message = nil
    return span
  }

  private func note(_ error: any Error, losing count: Int) {
    let isNew = state.withLock { state in
      defer { state.isFailing = true }
      state.dropped += count
      return !state.isFailing
    }
    if isNew { logger.warning("traces are not kept", metadata: ["cause": "\(error)"]) }
  }

  private func forgetNowAndThen() async {
    repeat {
      let oldest = Timestamp.now.adding(seconds: -86_400 * Double(settings.keepDays))
      do {
        while try await store.forgetTraces(before: oldest), !Task.isCancelled {}
      } catch {
        logger.warning("old traces are not forgotten", metadata: ["cause": "\(error)"])
      }
    } while (try? await Task.sleep(for: .seconds(Self.forgetEverySeconds))) != nil
  }
}

extension TraceKeeper.State {
  fileprivate func spans(of run: Identifier<Run>) -> [Span] {
    (live[run]?.trace.spans ?? []) + underWay.filter { $0.runID == run }.flatMap(\.spans)
  }

  /// - Parameter gathering: whether runs are wanted as a whole, too, once they are over.
  /// - Returns: what has ended, the runs that are over, and whether others go on.
  fileprivate mutating func takeEnded(
    gathering: Bool
  ) -> (parts: [TracePart], over: [TracePart], isMore: Bool) {
    var (parts, over): ([TracePart], [TracePart]) = ([], [])
    for (run, entry) in live {
      let spans = entry.trace.takeEnded()
      if !spans.isEmpty { parts.append(TracePart(runID: run, spans: spans)) }
      if gathering { live[run]?.ended += spans }
      guard entry.isOver else { continue }
      if gathering { over.append(TracePart(runID: run, spans: entry.ended + spans)) }
      live[run] = nil
    }
    underWay = parts
    return (parts, over, !live.isEmpty)
  }
}
