/// One event of an event stream (WHATWG HTML §9.2, read 2026-11-23).
package struct ServerSentEvent: Sendable, Equatable {
  /// The event's type; "message" when the stream named none.
  package var event: String
  /// The data lines, joined by line feeds.
  package var data: String
  /// The last id the stream gave, this event's or an earlier one's; empty when there was none.
  package var lastEventID: String
  /// The reconnection time the stream last asked for.
  package var retryMilliseconds: Int?

  package init(
    event: String = "message", data: String, lastEventID: String = "", retryMilliseconds: Int? = nil
  ) {
    self.event = event
    self.data = data
    self.lastEventID = lastEventID
    self.retryMilliseconds = retryMilliseconds
  }
}

/// The events of a response body, as they come. To be read once, by one task; cancellation and letting
/// go behave as they do for the body. An event the stream ends inside of is dropped, as the standard
/// says: whether a reply is complete is for its reader to judge.
package struct ServerSentEvents: AsyncSequence, Sendable {
  package typealias Element = ServerSentEvent
  package typealias Failure = TransportError

  package let head: HTTPHead
  let body: HTTPBody
  let maxEventBytes: Int

  package init(_ response: HTTPResponse, maxEventBytes: Int = TransportLimits.eventBytes) {
    self.head = response.head
    self.body = response.body
    self.maxEventBytes = maxEventBytes
  }

  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(
      pieces: body.makeAsyncIterator(), parser: ServerSentEventParser(maxEventBytes: maxEventBytes))
  }

  package struct AsyncIterator: AsyncIteratorProtocol {
    var pieces: HTTPBody.AsyncIterator
    var parser: ServerSentEventParser
    var ready: [ServerSentEvent] = []
    var taken = 0

    package mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(TransportError) -> ServerSentEvent? {
      while taken == ready.count {
        guard let piece = try await pieces.next(isolation: actor) else { return nil }
        taken = 0
        do { ready = try parser.feed(piece) } catch {
          pieces.source.cancel()
          throw error
        }
      }
      defer { taken += 1 }
      return ready[taken]
    }
  }
}
