import Conversation
import Engine
import Foundation
import Testing

@Suite struct DisconnectTests {
  private func start(_ server: TestServer, _ thread: String, _ more: [String: JSON] = [:]) throws
    -> RawConnection
  {
    let connection = try RawConnection(port: server.port)
    connection.send(
      TestServer.request(
        "POST", "/runs/stream", ["Host: localhost", "Cookie: opengpts_user_id=anna"],
        body: TestServer.run(thread, "hold", more).text))
    return connection
  }

  @Test func `a run whose client leaves is stopped within a second, with its text kept`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let connection = try start(server, thread)
      _ = await connection.read(until: "Before")
      try await server.eventually("the model is asked") { server.model.waiting == 1 }
      let left = ContinuousClock.now
      connection.hangUp()
      try await server.eventually("the model's call is stopped") { server.model.stopped == 1 }
      #expect(ContinuousClock.now - left < .seconds(1))
      try await server.eventually("the run is over") {
        try await server.ask("GET", "/threads/\(thread)/runs").json[0]?["status"] == "cancelled"
      }
      #expect(
        try await server.ask("GET", "/threads/\(thread)/state").json["values"]?[1]?["content"] == "Before ")
    }
  }

  @Test func `a run that is to continue does, and can be joined`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let connection = try start(server, thread, ["on_disconnect": "continue"])
      let head = await connection.read(until: "Before")
      connection.hangUp()
      try await Task.sleep(for: .milliseconds(200))
      #expect(server.model.stopped == 0)
      server.model.release()
      let run = try await server.ask("GET", "/threads/\(thread)/runs").json[0]?["run_id"]?.string ?? ""
      let stream = try await server.join(thread, run)
      #expect(head.contains(run))
      #expect(stream.data("data").last?[0]?["content"] == "Before after")
    }
  }

  @Test func `a watcher that leaves stops nothing`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let started = try await server.ask("POST", "/runs", TestServer.run(thread, "hold"))
      let run = started.json["run_id"]?.string ?? ""
      let connection = try RawConnection(port: server.port)
      connection.send(
        TestServer.request(
          "GET", "/threads/\(thread)/runs/\(run)/stream",
          ["Host: localhost", "Cookie: opengpts_user_id=anna"]))
      _ = await connection.read(until: "Before")
      connection.hangUp()
      try await Task.sleep(for: .milliseconds(200))
      #expect(server.model.stopped == 0)
      server.model.release()
    }
  }

  @Test func `clients that leave at any moment leave neither run nor descriptor behind`() async throws {
    let seed = UInt64.random(in: .min ... .max)
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let waits = (0..<60).map { _ in Int.random(in: 0...30, using: &random) }
    try await TestServer.run { server in
      var threads: [String] = []
      for _ in waits { threads.append(try await server.thread()) }
      let before = try Self.descriptors()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (thread, wait) in zip(threads, waits) {
          group.addTask {
            let connection = try start(server, thread)
            try await Task.sleep(for: .milliseconds(wait))
            connection.hangUp()
          }
        }
        try await group.waitForAll()
      }
      try await server.eventually("every call of the model is over") {
        let waiting = server.model.waiting
        let active = await server.engine.runner.activeCount
        return waiting == 0 && active == 0
      }
      try await server.eventually("their connections are closed") { try Self.descriptors() <= before + 20 }
    }
  }

  private static func descriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }

  @Test func `the end of the program ends a stream, and not its run`() async throws {
    let (texts, source) = AsyncStream.makeStream(of: String.self)
    try await TestServer.run { server in
      let thread = try await server.thread()
      let connection = try start(server, thread)
      _ = await connection.read(until: "Before")
      Task { source.yield(await connection.read()) }
    }
    let rest = await texts.first { _ in true }
    #expect(rest?.contains("event: error") == false)
  }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
