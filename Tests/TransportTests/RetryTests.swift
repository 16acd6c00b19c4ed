import Foundation
import Loopback
import Synchronization
import Testing

@testable import Transport

@Suite struct RetryTests {
  let client = HTTPClient(policy: .trusted)
  let quick = RetryPolicy(attempts: 3, baseSeconds: 0.01)

  @Test(arguments: [429, 500, 502, 503, 504])
  func aPassingFailureIsTriedAgain(status: Int) async throws {
    let server = try failing(times: 2, status: status)
    let notices = Mutex<[Int]>([])
    let (head, body) = try await client.fetch(
      HTTPRequest("POST", url: server.url(), body: [1], retry: quick),
      onRetry: { notice in notices.withLock { $0.append(notice.attempt) } })
    #expect(head.status == 200 && body == Array("fine".utf8))
    #expect(server.requests.map(\.body) == [[1], [1], [1]])
    #expect(notices.withLock { $0 } == [1, 2])
  }

  @Test(arguments: [400, 401, 403, 404, 422, 501])
  func aLastingFailureIsNot(status: Int) async throws {
    let server = try failing(times: 5, status: status)
    #expect(try await client.fetch(HTTPRequest(url: server.url(), retry: quick)).head.status == status)
    #expect(server.requests.count == 1)
  }

  @Test func theLastAnswerIsHandedOver() async throws {
    let server = try failing(times: 9, status: 503)
    let (head, body) = try await client.fetch(HTTPRequest(url: server.url(), retry: quick))
    #expect(head.status == 503 && body == Array("busy".utf8))
    #expect(server.requests.count == 3)
  }

  @Test func withoutAPolicyNothingIsTriedAgain() async throws {
    let server = try failing(times: 1, status: 503)
    #expect(try await client.fetch(HTTPRequest(url: server.url())).head.status == 503)
  }

  @Test func aShortWaitIsWaitedOut() async throws {
    let server = try failing(times: 1, status: 429, fields: ["Retry-After: 1"])
    let waits = Mutex<[Double]>([])
    let (head, _) = try await client.fetch(
      HTTPRequest(url: server.url(), retry: quick),
      onRetry: { notice in waits.withLock { $0.append(notice.waitSeconds) } })
    #expect(head.status == 200)
    #expect(waits.withLock { $0 } == [1])
  }

  @Test(
    arguments: [
      (["Retry-After: 7"], 7), (["Retry-After: 1.5"], 1.5),
      (["retry-after-ms: 250", "Retry-After: 1"], 0.25),
      (["x-ms-retry-after-ms: 1200"], 1.2), (["retry-after-ms: soon", "Retry-After: 3"], 3),
      (["Retry-After: -1"], nil), (["x-other: 3"], nil),
    ] as [([String], Double?)])
  func aWaitIsReadInEveryForm(fields: [String], seconds: Double?) async throws {
    let server = try failing(times: 1, status: 429, fields: fields)
    let head = try await client.fetch(HTTPRequest(url: server.url())).head
    #expect(head.retryAfterSeconds == seconds)
  }

  @Test func aWaitUntilADateCountsFromNow() async throws {
    let date = Date.now.addingTimeInterval(20).formatted(.httpDate)
    let server = try failing(times: 1, status: 429, fields: ["Retry-After: \(date)"])
    let wait = try await client.fetch(HTTPRequest(url: server.url())).head.retryAfterSeconds
    #expect((15...21).contains(wait ?? 0))
  }

  @Test(arguments: ["31", "86400", "99999999999999999999", "Fri, 31 Dec 2100 23:59:59 GMT"])
  func aLongWaitIsHandedToTheCaller(wait: String) async throws {
    let server = try failing(times: 1, status: 429, fields: ["Retry-After: \(wait)"])
    let head = try await client.fetch(HTTPRequest(url: server.url(), retry: quick)).head
    #expect(head.status == 429)
    #expect((head.retryAfterSeconds ?? 0) > 30)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: ["", "soon", "-5", "nan", "inf", "Thu, 01 Jan 1970 00:00:00 GMT"])
  func aSenselessWaitIsNotWaitedFor(wait: String) async throws {
    let server = try failing(times: 1, status: 429, fields: ["Retry-After: \(wait)"])
    #expect(try await client.fetch(HTTPRequest(url: server.url(), retry: quick)).head.status == 200)
  }

  @Test func aPortNobodyListensOnIsTriedAsOftenAsThePolicySays() async throws {
    let waits = Mutex(0)
    let closed = try ClosedPort()
    let request = HTTPRequest(url: "http://127.0.0.1:\(closed.port)/", retry: quick)
    await #expect(throws: TransportError.unreachable(cause: "Couldn't connect to server")) {
      _ = try await client.fetch(request, onRetry: { _ in waits.withLock { $0 += 1 } })
    }
    #expect(waits.withLock { $0 } == 2)
  }

  @Test(arguments: [("GET", 3), ("HEAD", 3), ("POST", 1)])
  func aConnectionCutBeforeTheAnswerIsTriedAgainIfThatDoesNoHarm(
    method: String, times: Int
  ) async throws {
    let server = try LoopbackServer { _, _ in .close }
    await #expect(throws: TransportError.cut(receivedBytes: 0)) {
      _ = try await client.fetch(HTTPRequest(method, url: server.url(), retry: quick))
    }
    #expect(server.requests.count == times)
  }

  @Test func nothingIsTriedAgainOnceTheBodyHasBegun() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
      return .close
    }
    await #expect(throws: TransportError.cut(receivedBytes: 3)) {
      _ = try await client.fetch(HTTPRequest(url: server.url(), retry: quick))
    }
    #expect(server.requests.count == 1)
  }

  @Test func cancellingDuringAWaitEndsIt() async throws {
    let server = try failing(times: 9, status: 503, fields: ["Retry-After: 25"])
    let task = Task { try await client.fetch(HTTPRequest(url: server.url(), retry: quick)).head }
    #expect(await eventually { server.requests.count == 1 })
    task.cancel()
    await #expect(throws: TransportError.cancelled) { _ = try await task.value }
  }

  @Test func waitsAreJitteredAndBounded() {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed \(seed)")
    var random = SplitMix64(state: seed)
    let policy = RetryPolicy(attempts: .max, baseSeconds: 0.5, maxDelaySeconds: 8)
    for (attempt, most) in [(1, 0.5), (2, 1), (3, 2), (5, 8), (6, 8), (1_000_000, 8)] {
      let waits = (0..<200).compactMap { _ in
        policy.delaySeconds(
          afterAttempt: attempt, .failure(.unreachable(cause: "")), isRepeatable: false, using: &random)
      }
      #expect(waits.count == 200 && waits.allSatisfy { (0...most).contains($0) })
      #expect((waits.max() ?? 0) > most * 0.8 && (waits.min() ?? 1) < most * 0.2)
    }
  }

  private func failing(times: Int, status: Int, fields: [String] = []) throws -> LoopbackServer {
    let left = Mutex(times)
    return try LoopbackServer { peer, _ in
      let fails = left.withLock { left in
        left -= 1
        return left >= 0
      }
      fails ? peer.reply(status, fields, "busy") : peer.reply(200, [], "fine")
      return .keep
    }
  }
}

extension FormatStyle where Self == Date.VerbatimFormatStyle {
  /// A date as HTTP writes it (RFC 9110 §5.6.7).
  fileprivate static var httpDate: Date.VerbatimFormatStyle {
    Date.VerbatimFormatStyle(
      format:
        "\(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT",
      locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
  }
}
