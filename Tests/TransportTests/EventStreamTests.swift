import Loopback
import Testing

@testable import Transport

@Suite struct EventStreamTests {
  let client = HTTPClient(policy: .trusted)

  @Test(arguments: [1, 2, 7, 64])
  func aStreamCutIntoAnyPiecesGivesItsEvents(size: Int) async throws {
    let stream = Array("event: a\r\ndata: ü1\r\n\r\ndata: 2\n\ndata: [DONE]\n\n".utf8)
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n")
      for start in stride(from: 0, to: stream.count, by: size) {
        peer.send(Array(stream[start..<min(start + size, stream.count)]))
        peer.pause(seconds: 0.001)
      }
      return .close
    }
    var events: [ServerSentEvent] = []
    for try await event in try await client.events(HTTPRequest("POST", url: server.url())) {
      events.append(event)
    }
    #expect(events.map(\.data) == ["ü1", "2", "[DONE]"])
    #expect(events.first?.event == "a")
    #expect(server.requests.first?["accept-encoding"] == nil)
  }

  @Test func anEventIsThereBeforeTheStreamEnds() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: first\n\n")
      peer.waitForClose()
      return .close
    }
    var events = try await client.events(HTTPRequest(url: server.url())).makeAsyncIterator()
    #expect(try await events.next()?.data == "first")
  }

  @Test func lettingGoOfTheEventsClosesTheConnection() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: first\n\n")
      peer.waitForClose()
      return .close
    }
    for try await _ in try await client.events(HTTPRequest(url: server.url())) { break }
    #expect(await eventually { server.closedByPeer == 1 })
  }

  @Test func anEndlessLineIsRefusedAndTheConnectionClosed() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ")
      while peer.send([UInt8](repeating: 0x61, count: 65536)) {}
      return .close
    }
    await #expect(throws: TransportError.tooLarge(limitBytes: TransportLimits.eventBytes)) {
      for try await _ in try await client.events(HTTPRequest(url: server.url())) {}
    }
    #expect(await eventually { server.closedByPeer == 1 })
  }

  @Test func aPageInsteadOfEventsIsRefused() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(200, ["Content-Type: text/html"], "<p>sign in")
      return .keep
    }
    await #expect(throws: TransportError.notEventStream(contentType: "text/html")) {
      _ = try await client.events(HTTPRequest(url: server.url()))
    }
  }

  @Test func aRefusalComesWithTheStartOfItsText() async throws {
    let server = try LoopbackServer { peer, request in
      switch request.target {
      case "/429": peer.reply(429, ["Retry-After: 7"], "slow down")
      case "/503": peer.reply(503, ["Retry-After: 2"], "soon")
      default: peer.reply(400, [], String(repeating: "n", count: 1 << 20))
      }
      return .keep
    }
    await #expect(throws: TransportError.rateLimited(retryAfterSeconds: 7, body: Array("slow down".utf8))) {
      _ = try await client.events(HTTPRequest(url: server.url("/429")))
    }
    await #expect(throws: TransportError.rateLimited(retryAfterSeconds: 2, body: Array("soon".utf8))) {
      _ = try await client.events(HTTPRequest(url: server.url("/503")))
    }
    let prefix = [UInt8](repeating: 0x6E, count: TransportLimits.errorBodyBytes)
    await #expect(throws: TransportError.status(400, body: prefix)) {
      _ = try await client.events(HTTPRequest(url: server.url("/400")))
    }
  }
}
