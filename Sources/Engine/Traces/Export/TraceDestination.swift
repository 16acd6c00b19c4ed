package import Conversation
package import Metering
import Transport

/// Where traces are reported to besides the store: how they are written there.
package protocol TraceDestination: Sendable {
  /// For logs and measurements, e.g. `otlp`.
  var name: String { get }

  /// The requests that carry all of it; none for what this destination does not take.
  func requests(carrying parcels: [TraceParcel]) throws -> [TraceDelivery]

  /// Spans that the destination says it did not take, of a reply that says it took the rest.
  func refused(in reply: [UInt8]) -> Int
}

extension TraceDestination {
  package func refused(in reply: [UInt8]) -> Int { 0 }
}

/// A request, and what it carries.
package struct TraceDelivery: Sendable {
  var request: HTTPRequest
  var parcels: [TraceParcel]
  /// What it takes away may be gone already.
  var takesAway = false

  init(_ request: HTTPRequest, of parcels: [TraceParcel], takesAway: Bool = false) {
    (self.request, self.parcels, self.takesAway) = (request, parcels, takesAway)
  }

  var spanCount: Int { parcels.reduce(0) { $0 + $1.spanCount } }

  func isTaken(_ status: Int) -> Bool { (200..<300).contains(status) || (takesAway && status == 404) }
}

/// What is reported.
package enum TraceParcel: Sendable {
  /// All spans of a run, or of a part of it that was taken up again, in the order in which they ended.
  case spans([Span], of: Identifier<Run>)
  /// What a person thought of a run.
  case feedback(Feedback)

  var spanCount: Int {
    switch self {
    case .spans(let spans, _): spans.count
    case .feedback: 1
    }
  }
}
