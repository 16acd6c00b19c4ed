import Conversation
import Foundation
import Hummingbird
import NIOCore

/// The stream of a run whose events are forgotten: what came of it, as it is stored.
struct StoredRun {
  /// The epoch of its events: coming back to them means to get them all again.
  private static let epoch = "stored"

  let run: Run
  /// The thread as it stands.
  let messages: [Message]

  func response() throws -> Response {
    var buffer = ByteBuffer()
    for event in try events() { buffer.writeBytes(event.bytes(epoch: Self.epoch)) }
    return Response(status: .ok, headers: EventStream.headers, body: ResponseBody(byteBuffer: buffer))
  }

  private func events() throws -> [WireEvent] {
    var events = [
      WireEvent(name: .metadata, place: 0, data: try JSON.encoded(["run_id": run.id])),
      WireEvent(name: .data, place: 1, data: try JSON.encoded(messages)),
    ]
    if let failure = run.failure {
      events.append(WireEvent(name: .error, place: events.count, data: try JSON.encoded(failure)))
    }
    events.append(WireEvent(name: .end, place: events.count))
    return events
  }
}
