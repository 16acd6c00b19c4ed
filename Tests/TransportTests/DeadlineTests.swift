import Foundation
import Loopback
import Testing

@testable import Transport

@Suite struct DeadlineTests {
  let client = HTTPClient(policy: .trusted)

  @Test func aServerThatNeverAnswersRunsIntoTheFirstByteDeadline() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.waitForClose()
      return .close
    }
    try await fails(server, Deadlines(firstByteSeconds: 0.2), .timedOut(.firstByte), atLeast: 0.2)
    #expect(await eventually { server.closedByPeer == 1 })
  }

  @Test func aHeadThatDripsRunsIntoTheFirstByteDeadline() async throws {
    let server = try LoopbackServer { peer, _ in
      while peer.send("HTTP/1.1 100 Continue\r\n\r\n") { peer.pause(seconds: 0.02) }
      return .close
    }
    try await fails(server, Deadlines(firstByteSeconds: 0.3), .timedOut(.firstByte), atLeast: 0.3)
  }

  @Test func aBodyThatStallsRunsIntoTheIdleDeadline() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
      peer.waitForClose()
      return .close
    }
    try await fails(server, Deadlines(idleSeconds: 0.2), .timedOut(.idle), atLeast: 0.2)
  }

  @Test func aBodyThatDripsIsNotIdleButRunsIntoTheTotalDeadline() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
      while peer.send("x") { peer.pause(seconds: 0.02) }
      return .close
    }
    try await fails(
      server, Deadlines(idleSeconds: 1, totalSeconds: 1.5), .timedOut(.total), atLeast: 1.5)
  }

  @Test func aListenerThatNeverAcceptsRunsIntoTheConnectDeadline() async throws {
    let full = try FullListener()
    try await fails(
      url: "http://127.0.0.1:\(full.port)/", Deadlines(connectSeconds: 0.3), .timedOut(.connect),
      atLeast: 0.3)
  }

  @Test func theTotalDeadlineCoversRetriesAndTheirWaits() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(503, ["Retry-After: 1"], "later")
      return .keep
    }
    let request = HTTPRequest(
      url: server.url(), deadlines: Deadlines(totalSeconds: 2.5), retry: RetryPolicy(attempts: 10))
    // The last answer where no time was left to wait, or the deadline itself inside an attempt.
    do throws(TransportError) {
      #expect(try await client.fetch(request).head.status == 503)
    } catch {
      #expect(error == .timedOut(.total))
    }
    #expect(server.requests.count <= 3)
  }

  @Test func aReaderWhoTakesItsTimeIsNotAnIdleServer() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(200, [], [UInt8](repeating: 1, count: 8 << 20))
      return .keep
    }
    let response = try await client.send(
      HTTPRequest(url: server.url(), deadlines: Deadlines(idleSeconds: 1)))
    try await Task.sleep(for: .seconds(2))
    #expect(try await response.body.collect(limitBytes: 8 << 20).count == 8 << 20)
  }

  @Test(arguments: [-1, 0, Double.nan, -Double.infinity])
  func aSenselessDeadlineFailsAtOnceAndTrapsNowhere(seconds: Double) async throws {
    let server = try LoopbackServer { peer, _ in
      peer.waitForClose()
      return .close
    }
    try await fails(server, Deadlines(totalSeconds: seconds), .timedOut(.total), atLeast: 0)
  }

  @Test func anEndlessDeadlineIsAllowed() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply()
      return .keep
    }
    let never = Double.infinity
    let deadlines = Deadlines(
      connectSeconds: never, firstByteSeconds: never, idleSeconds: 1e300, totalSeconds: never)
    #expect(try await client.fetch(HTTPRequest(url: server.url(), deadlines: deadlines)).head.status == 200)
  }

  private func fails(
    _ server: LoopbackServer, _ deadlines: Deadlines, _ expected: TransportError, atLeast seconds: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await fails(
      url: server.url(), deadlines, expected, atLeast: seconds, sourceLocation: sourceLocation)
  }

  private func fails(
    url: String, _ deadlines: Deadlines, _ expected: TransportError, atLeast seconds: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let start = ContinuousClock.now
    await #expect(throws: expected, sourceLocation: sourceLocation) {
      _ = try await client.fetch(HTTPRequest(url: url, deadlines: deadlines))
    }
    #expect(ContinuousClock.now - start >= .seconds(seconds), sourceLocation: sourceLocation)
  }
}
