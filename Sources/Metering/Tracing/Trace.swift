package import Conversation
import Foundation
import Synchronization

/// What is done for one run, noted as it is done, from any task; and taken away in parts to be kept.
///
/// It is bounded: what comes after the last span that fits is counted and not noted.
package final class Trace: Sendable {
  /// Spans of a run that go on or have not been taken yet, and all that are noted: fifty steps with all tool calls
  /// that are made of one message, and what these do.
  package static let spansAtMost = 4_000
  /// Events of a span.
  static let eventsPerSpan = 32
  /// Unicode scalars of a text among the attributes, and of one that holds what was said.
  static let textScalars = 300
  static let contentScalars = 8_000
  /// Unicode scalars of all that was said, in one trace.
  static let contentScalarsAtMost = 400_000

  package let runID: Identifier<Run>
  /// Whether what was said is noted too.
  package let keepsContent: Bool
  private let state = Mutex(State())

  private struct State {
    var open: [SpanID: OpenSpan] = [:]
    var ended: [Span] = []
    var noted = 0
    var dropped = 0
    var contentScalars = 0
  }

  private struct OpenSpan {
    var span: Span
    let began: ContinuousClock.Instant
  }

  package init(of run: Identifier<Run>, keepsContent: Bool = false) {
    runID = run
    self.keepsContent = keepsContent
  }

  /// The id of the span of the run itself, in all its traces: it goes by the run's.
  package static func rootID(of run: Identifier<Run>) -> SpanID {
    let bytes = run.uuid.uuid
    let last = [bytes.8, bytes.9, bytes.10, bytes.11, bytes.12, bytes.13, bytes.14, bytes.15]
    return SpanID(last.reduce(0) { $0 << 8 | UInt64($1) })
  }

  // MARK: Noting

  /// - Returns: nil when no more is noted.
  func begin(_ span: Span) -> SpanID? {
    state.withLock { state in
      guard state.noted < Self.spansAtMost else {
        state.dropped += 1
        return nil
      }
      state.noted += 1
      state.open[span.id] = OpenSpan(span: span, began: .now)
      return span.id
    }
  }

  func change(_ id: SpanID, _ change: (inout Span) -> Void) {
    state.withLock { state in
      if let place = state.open.index(forKey: id) { change(&state.open.values[place].span) }
    }
  }

  func end(_ id: SpanID) {
    state.withLock { state in
      guard var open = state.open.removeValue(forKey: id) else { return }
      open.span.microseconds = Int((ContinuousClock.now - open.began) / .microseconds(1))
      state.ended.append(open.span)
    }
  }

  /// Takes so much of what may be kept of contents in all.
  func room(forContent scalars: Int) -> Int {
    state.withLock { state in
      let room = min(scalars, Self.contentScalars, Self.contentScalarsAtMost - state.contentScalars)
      state.contentScalars += room
      return room
    }
  }

  // MARK: Reading

  /// Takes away the spans that have ended since the last time, in the order in which they did.
  package func takeEnded() -> [Span] {
    state.withLock { state in
      defer { state.ended = [] }
      return state.ended
    }
  }

  /// What has not been taken: spans that go on, without their ends, and the others.
  package var spans: [Span] {
    state.withLock { state in state.open.values.map(\.span) + state.ended }
  }

  /// Spans that did not fit.
  package var dropped: Int { state.withLock { $0.dropped } }
}
