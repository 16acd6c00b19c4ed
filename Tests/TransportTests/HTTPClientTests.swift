import Foundation
import Loopback
import Synchronization
import Testing

@testable import Transport

@Suite struct HTTPClientTests {
  let client = HTTPClient(policy: .trusted, userAgent: "tester/1")

  @Test func aWholeResponseArrives() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(201, ["Content-Type: Text/Plain; charset=utf-8", "X-Twice: a", "x-twice: b"], "hello")
      return .keep
    }
    let (head, body) = try await client.fetch(HTTPRequest(url: server.url("/a?b=c")))
    #expect(head.status == 201)
    #expect(head.headers["CONTENT-TYPE"] == "Text/Plain; charset=utf-8")
    #expect(head.headers.values("X-Twice") == ["a", "b"])
    #expect(head.contentType == "text/plain")
    #expect(head.url == server.url("/a?b=c"))
    #expect(body == Array("hello".utf8))
    let request = try #require(server.requests.first)
    #expect(request.method == "GET" && request.target == "/a?b=c")
    #expect(request["user-agent"] == "tester/1")
    #expect(request["accept-encoding"] == "gzip, deflate")
  }

  @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
  func eachMethodSendsItsHeadersAndBody(method: String) async throws {
    let server = try LoopbackServer { peer, request in
      peer.reply(200, [], request.method == "HEAD" ? [] : request.body)
      return .keep
    }
    let hasBody = ["POST", "PUT", "PATCH", "DELETE"].contains(method)
    let body: [UInt8]? = hasBody ? Array(0...255) : nil
    let headers = [HTTPHeader("X-Key", "k"), HTTPHeader("X-None", "")]
    let reply = try await client.fetch(HTTPRequest(method, url: server.url(), headers: headers, body: body))
    let request = try #require(server.requests.first)
    #expect(request.method == method)
    #expect(request["x-key"] == "k")
    #expect(request["x-none"] == "")
    #expect(request["content-type"] == nil)
    #expect(request["expect"] == nil)
    #expect(reply.body == body ?? [])
  }

  @Test func aBodyOfTwoMegabytesIsSentWithoutAskingFirst() async throws {
    let server = try LoopbackServer { peer, request in
      peer.reply(200, [], "\(request.body.count) \(request["expect"] ?? "straight")")
      return .keep
    }
    let request = HTTPRequest("POST", url: server.url(), body: [UInt8](repeating: 7, count: 2 << 20))
    #expect(try await client.fetch(request).body == Array("\(2 << 20) straight".utf8))
  }

  @Test func aBodyInChunksAndPiecesIsPutTogether() async throws {
    let server = try LoopbackServer { peer, _ in
      let pieces = [
        "HTTP/1.1 1", "00 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Enc", "oding: chunked\r", "\n\r\n",
        "3\r\nabc\r\n", "2", "\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n",
      ]
      for piece in pieces {
        peer.send(piece)
        peer.pause(seconds: 0.01)
      }
      return .keep
    }
    let (head, body) = try await client.fetch(HTTPRequest(url: server.url()))
    #expect(head.status == 200)
    #expect(head.headers["x-trailer"] == nil)
    #expect(body == Array("abcde".utf8))
  }

  @Test func aTrailerIsNoPartOfTheHead() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send(
        "HTTP/1.1 200 OK\r\nX: head\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: tail\r\nY: tail\r\n\r\n")
      return .keep
    }
    for _ in 0..<20 {
      let (head, _) = try await client.fetch(HTTPRequest(url: server.url()))
      #expect(head.headers.values("x") == ["head"])
      #expect(head.headers["y"] == nil)
    }
  }

  @Test func theHeadIsThereBeforeTheBody() async throws {
    let gate = Gate()
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
      gate.wait()
      peer.send("ok")
      return .keep
    }
    let response = try await client.send(HTTPRequest(url: server.url()))
    #expect(response.status == 200)
    gate.open()
    #expect(try await response.body.collect(limitBytes: 10) == Array("ok".utf8))
  }

  @Test func aConnectionIsKeptForTheNextRequest() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(200, [], "x")
      return .keep
    }
    for _ in 0..<20 { _ = try await client.fetch(HTTPRequest(url: server.url())) }
    #expect(server.requests.count == 20)
    #expect(server.connections == 1)
  }

  @Test func aKeptConnectionTheServerHasClosedIsReplaced() async throws {
    let server = try LoopbackServer { peer, request in
      peer.reply(200, [], request.body)
      return .close
    }
    for number in 0..<5 as Range<UInt8> {
      let reply = try await client.fetch(HTTPRequest("POST", url: server.url(), body: [number]))
      #expect(reply.body == [number])
    }
    #expect(server.connections == 5)
  }

  @Test func twoClientsShareNoConnection() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(200, [], "x")
      return .keep
    }
    _ = try await client.fetch(HTTPRequest(url: server.url()))
    await #expect(throws: TransportError.blocked(address: "127.0.0.1")) {
      _ = try await HTTPClient(policy: .publicOnly).fetch(HTTPRequest(url: server.url()))
    }
    #expect(server.requests.count == 1)
  }

  @Test func fiftyRequestsAtOnceEachGetTheirOwnAnswer() async throws {
    let server = try LoopbackServer { peer, request in
      peer.reply(200, [], request.target)
      return .keep
    }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<50 {
        group.addTask {
          try await client.fetch(HTTPRequest(url: server.url("/\(number)"))).body == Array("/\(number)".utf8)
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  @Test func aSlowReaderMakesTheServerWaitAndLosesNothing() async throws {
    let total = 24 << 20
    let sent = Mutex(0)
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
      for part in 0..<(total >> 16) {
        guard peer.send([UInt8](repeating: UInt8(part & 0xFF), count: 1 << 16)) else { break }
        sent.withLock { $0 += 1 << 16 }
      }
      return .keep
    }
    let response = try await client.send(HTTPRequest(url: server.url()))
    #expect(await settles { sent.withLock { $0 } })
    #expect(sent.withLock { $0 } < total / 2)
    var received = 0
    var sum = 0
    for try await piece in response.body {
      #expect(piece.count <= TransportLimits.highWaterBytes)
      received += piece.count
      sum = piece.reduce(sum) { $0 &+ Int($1) }
    }
    #expect(received == total)
    #expect(sum == (0..<(total >> 16)).reduce(0) { $0 + ($1 & 0xFF) << 16 })
  }

  @Test func cancellingTheReaderClosesTheConnection() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
      peer.waitForClose()
      return .close
    }
    let task = Task {
      for try await _ in try await client.send(HTTPRequest(url: server.url())).body {}
    }
    #expect(await eventually { server.requests.count == 1 })
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: TransportError.cancelled) { try await task.value }
    #expect(await eventually { server.closedByPeer == 1 })
  }

  @Test func cancellingWhileTheHeadIsAwaitedClosesTheConnection() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.waitForClose()
      return .close
    }
    let task = Task { _ = try await client.send(HTTPRequest(url: server.url())) }
    #expect(await eventually { server.requests.count == 1 })
    task.cancel()
    await #expect(throws: TransportError.cancelled) { try await task.value }
    #expect(await eventually { server.closedByPeer == 1 })
  }

  @Test func aTaskCancelledBeforehandSendsNothing() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply()
      return .keep
    }
    for _ in 0..<300 {
      let task = Task {
        try? await Task.sleep(for: .seconds(60))
        return await #expect(throws: TransportError.cancelled) {
          _ = try await client.fetch(HTTPRequest(url: server.url()))
        }
      }
      task.cancel()
      _ = await task.value
    }
    #expect(server.connections == 0)
  }

  @Test func lettingGoOfAResponseClosesTheConnection() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
      peer.waitForClose()
      return .close
    }
    func readOne() async throws -> [UInt8]? {
      let response = try await client.send(HTTPRequest(url: server.url()))
      var pieces = response.body.makeAsyncIterator()
      return try await pieces.next()
    }
    #expect(try await readOne() == Array("some".utf8))
    #expect(await eventually { server.closedByPeer == 1 })
  }

  @Test func shutdownEndsWhatIsUnderWayAndRefusesMore() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.waitForClose()
      return .close
    }
    let closing = HTTPClient(policy: .trusted)
    let task = Task { _ = try await closing.send(HTTPRequest(url: server.url())) }
    #expect(await eventually { server.requests.count == 1 })
    await closing.shutdown()
    await closing.shutdown()
    await #expect(throws: TransportError.cancelled) { try await task.value }
    await #expect(throws: TransportError.cancelled) {
      _ = try await closing.send(HTTPRequest(url: server.url()))
    }
    #expect(await eventually { server.closedByPeer == 1 })
  }

  @Test func aBodyOutlivesItsClientsLastReference() async throws {
    let gate = Gate()
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
      gate.wait()
      peer.send("ok")
      return .keep
    }
    let response = try await HTTPClient(policy: .trusted).send(HTTPRequest(url: server.url()))
    gate.open()
    #expect(try await response.body.collect(limitBytes: 10) == Array("ok".utf8))
  }

  @Test func oneRequestTooManyIsRefusedAtOnce() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.waitForClose()
      return .close
    }
    let small = HTTPClient(policy: .trusted, maxTransfers: 2)
    let tasks = (0..<2).map { _ in Task { _ = try await small.send(HTTPRequest(url: server.url())) } }
    #expect(await eventually { server.requests.count == 2 })
    await #expect(throws: TransportError.busy(limit: 2)) {
      _ = try await small.send(HTTPRequest(url: server.url()))
    }
    tasks.forEach { $0.cancel() }
    for task in tasks { _ = await task.result }
    #expect(await eventually { server.closedByPeer == 2 })
  }

  @Test func aConnectionCutInsideTheBodyIsToldWithWhatCame() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
      return .close
    }
    let response = try await client.send(HTTPRequest(url: server.url()))
    var pieces = response.body.makeAsyncIterator()
    #expect(try await pieces.next() == Array("half".utf8))
    await #expect(throws: TransportError.cut(receivedBytes: 4)) { _ = try await pieces.next() }
  }

  @Test(arguments: [
    "garbage\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 300) + "\r\n",
    "HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 70_000) + "\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!",
  ])
  func whatIsNotAProperReplyIsMalformed(bytes: String) async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send(bytes)
      return .close
    }
    do {
      _ = try await client.fetch(HTTPRequest(url: server.url()))
      Issue.record("accepted \(bytes.prefix(60))")
    } catch {
      guard case .malformedResponse = error else {
        Issue.record("\(error) for \(bytes.prefix(60))")
        return
      }
    }
  }
}

/// Opened once, lets everybody through.
final class Gate: Sendable {
  private let isOpen = Mutex(false)
  func open() { isOpen.withLock { $0 = true } }
  func wait() { while !isOpen.withLock({ $0 }) { usleep(2000) } }
}

/// Whether a count stops growing for 300 ms within ten seconds.
func settles(_ count: @Sendable () -> Int) async -> Bool {
  var last = -1
  for _ in 0..<33 {
    try? await Task.sleep(for: .milliseconds(300))
    let now = count()
    if now > 0, now == last { return true }
    last = now
  }
  return false
}
