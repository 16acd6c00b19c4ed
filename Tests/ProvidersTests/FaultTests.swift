import Conversation
import Foundation
import Loopback
import Testing
import Transport

@testable import Providers

/// Every adapter against a server that fails in every way, over real connections.
@Suite struct FaultTests {
  private static let question = ChatRequest(messages: [.human("hi")])
  private static let quick = Deadlines(
    connectSeconds: 2, firstByteSeconds: 2, idleSeconds: 2, totalSeconds: 5)

  private func ask(
    _ dialect: Dialect, _ url: String, _ deadlines: Deadlines = quick
  ) async -> (heard: Heard, error: ModelError?) {
    var heard = Heard()
    do throws(ModelError) {
      try await dialect.chat(url, deadlines).reply(to: Self.question) { heard.take($0) }
      return (heard, nil)
    } catch {
      return (heard, error)
    }
  }

  private func ask(
    _ dialect: Dialect, _ deadlines: Deadlines = quick, _ script: @escaping LoopbackServer.Script
  ) async throws -> (heard: Heard, error: ModelError?, server: LoopbackServer) {
    let server = try LoopbackServer(script)
    let (heard, error) = await ask(dialect, server.url(""), deadlines)
    return (heard, error, server)
  }

  private static func head(_ dialect: Dialect, _ more: String = "") -> String {
    "HTTP/1.1 200 OK\r\nContent-Type: \(dialect.contentType)\r\nConnection: close\r\n\(more)\r\n"
  }

  // MARK: What goes well

  @Test(arguments: Dialect.all)
  func `an answer comes over a connection, and the key goes nowhere but into a header`(
    dialect: Dialect
  ) async throws {
    let (heard, error, server) = try await ask(dialect) { peer, _ in
      peer.send(Self.head(dialect))
      peer.send(dialect.answer)
      return .close
    }
    #expect(error == nil && heard.text == "Grüße, 世界 🐻")
    let request = try #require(server.requests.first)
    #expect(!request.target.contains("sk-secret"))
    #expect(!String(decoding: request.body, as: UTF8.self).contains("sk-secret"))
    #expect((try? JSON(parsing: request.body)) != nil && request.method == "POST")
  }

  // MARK: Refusals

  @Test(
    arguments: Dialect.all, [(401, "unauthorized"), (403, "unauthorized"), (400, "rejected"), (404, "other")])
  func `a refusal is not asked again, and never repeats the key`(
    dialect: Dialect, refusal: (status: Int, kind: String)
  ) async throws {
    let (_, error, server) = try await ask(dialect) { peer, _ in
      peer.reply(refusal.status, [], #"{"error":{"message":"no, sk-secret"},"message":"no, sk-secret"}"#)
      return .keep
    }
    #expect(server.requests.count == 1)
    switch (error, refusal.kind) {
    case (.unauthorized, "unauthorized"), (.rejected, "rejected"), (.rejected, "other"),
      (.misconfigured, "other"):
      #expect(!"\(String(describing: error))".contains("sk-secret"))
    default: Issue.record("\(String(describing: error))")
    }
  }

  @Test(arguments: Dialect.all)
  func `a conversation that is too long is told apart`(dialect: Dialect) async throws {
    let (_, error, _) = try await ask(dialect) { peer, _ in
      peer.reply(dialect.tooLong.status, [], dialect.tooLong.body)
      return .keep
    }
    switch error {
    case .contextTooLong: break
    // Ollama cuts instead of refusing, so it has no words for it.
    case .rejected where dialect.name == "Ollama": break
    default: Issue.record("\(String(describing: error))")
    }
  }

  @Test(arguments: Dialect.all)
  func `a server's own failure is tried three times, within three seconds`(dialect: Dialect) async throws {
    let began = ContinuousClock.now
    let (_, error, server) = try await ask(dialect) { peer, _ in
      peer.reply(500, [], "{}")
      return .keep
    }
    guard case .unavailable(500) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(server.requests.count == 3 && ContinuousClock.now - began < .seconds(3))
  }

  @Test(arguments: Dialect.all)
  func `who asks for patience gets it, up to a point`(dialect: Dialect) async throws {
    let (heard, error, _) = try await ask(dialect) { peer, request in
      peer.reply(429, ["Retry-After: 0"], "{}")
      _ = peer.readRequest()
      peer.send(Self.head(dialect))
      peer.send(dialect.answer)
      return .close
    }
    #expect(error == nil && heard.reason == "stop")
    let (_, long, server) = try await ask(dialect) { peer, _ in
      peer.reply(429, ["Retry-After: 3600"], "{}")
      return .keep
    }
    guard case .rateLimited(3600) = long else {
      Issue.record("\(String(describing: long))")
      return
    }
    #expect(server.requests.count == 1)
  }

  @Test(arguments: Dialect.all)
  func `nobody there is said within three seconds`(dialect: Dialect) async throws {
    let port = try ClosedPort()
    let began = ContinuousClock.now
    let (_, error) = await ask(dialect, "http://127.0.0.1:\(port.port)")
    guard case .unreachable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(ContinuousClock.now - began < .seconds(3))
  }

  // MARK: Streams that go wrong

  @Test(arguments: Dialect.all, [true, false])
  func `a stream that is cut, or closes before its end, is cut`(dialect: Dialect, isClean: Bool) async throws
  {
    let (heard, error, server) = try await ask(dialect) { peer, _ in
      let part = dialect.answer.prefix(dialect.answer.count / 2)
      peer.send(Self.head(dialect, isClean ? "" : "Content-Length: \(dialect.answer.count)\r\n"))
      peer.send(Array(part))
      return .close
    }
    guard case .cut = error else {
      // A line of JSON that ends in its middle is no line.
      if case .malformed = error, dialect.name == "Ollama", isClean { return }
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(server.requests.count == 1, "asked again after something had come")
    #expect("Grüße, 世界 🐻".hasPrefix(heard.text))
  }

  @Test(arguments: Dialect.all)
  func `what is no stream of the vendor's is said to be none`(dialect: Dialect) async throws {
    let (_, garbage, _) = try await ask(dialect) { peer, _ in
      peer.send(Self.head(dialect))
      peer.send(dialect.garbage)
      return .close
    }
    let (_, page, _) = try await ask(dialect) { peer, _ in
      peer.reply(200, ["Content-Type: text/html"], "<html>")
      return .keep
    }
    for error in [garbage, page] {
      guard case .malformed = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test(arguments: Dialect.all)
  func `a redirect is not followed with a key`(dialect: Dialect) async throws {
    let (_, error, server) = try await ask(dialect) { peer, request in
      peer.reply(307, ["Location: /elsewhere"], "")
      return .keep
    }
    #expect(server.requests.count == 1)
    guard case .rejected(307, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: Dialect.all)
  func `a stall and a drip end at their deadlines`(dialect: Dialect) async throws {
    let (_, stalled, _) = try await ask(dialect, Deadlines(idleSeconds: 0.2, totalSeconds: 5)) { peer, _ in
      peer.send(Self.head(dialect))
      peer.send(Array(dialect.answer.prefix(20)))
      peer.waitForClose()
      return .close
    }
    let (_, dripping, _) = try await ask(dialect, Deadlines(idleSeconds: 2, totalSeconds: 0.4)) { peer, _ in
      peer.send(Self.head(dialect))
      for byte in dialect.answer where peer.send([byte]) { peer.pause(seconds: 0.03) }
      return .close
    }
    for error in [stalled, dripping] {
      guard case .timedOut = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test(arguments: Dialect.all)
  func `a line of a gigabyte is given up at its bound, and memory stays`(dialect: Dialect) async throws {
    let before = try Memory.residentBytes()
    let (_, error, server) = try await ask(dialect) { peer, _ in
      peer.send(Self.head(dialect))
      // A prelude that announces as much as fits for Amazon, the start of a line for the others.
      peer.send(dialect.name == "Bedrock" ? Memory.longPrelude : Array("data: {\"a\":\"".utf8))
      let mebibyte = [UInt8](repeating: 0x78, count: 1 << 20)
      for _ in 0..<1024 where !peer.send(mebibyte) { break }
      peer.waitForClose()
      return .close
    }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(await eventually { server.closedByPeer == 1 })
    #expect(try Memory.residentBytes() - before < 32 << 20)
  }

  @Test(arguments: Dialect.all)
  func `who stops listening ends the call within a second`(dialect: Dialect) async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send(Self.head(dialect))
      peer.send(Array(dialect.answer.prefix(20)))
      peer.waitForClose()
      return .close
    }
    let task = Task { await ask(dialect, server.url(""), Deadlines()) }
    #expect(await eventually { server.requests.count == 1 })
    task.cancel()
    guard case .cancelled = await task.value.error else {
      Issue.record("not cancelled")
      return
    }
    #expect(await eventually(within: 1) { server.closedByPeer == 1 })
  }
}

enum Memory {
  static func residentBytes() throws -> Int {
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return (Int(pages[1]) ?? 0) * 4096
  }

  /// A frame of Amazon's that says to be 1 GB long, with a right checksum.
  static var longPrelude: [UInt8] {
    let lengths: [UInt8] = [0x40, 0, 0, 0, 0, 0, 0, 0]
    let sum = CRC32.checksum(of: lengths)
    return lengths + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
  }
}
