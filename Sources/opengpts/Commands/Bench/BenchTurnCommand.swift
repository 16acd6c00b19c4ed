import ArgumentParser
import Conversation
import Foundation
import Transport

/// What a turn costs while its thread grows: it is to be flat, in time and on disk.
struct BenchTurnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "turn", abstract: "Cost of a turn at message 10, 100 and 1,000 of a thread.")

  @Option(help: "Turns to take the median of at each length.") var turns = 40

  /// Messages in the thread when a window of turns begins.
  private static let lengths = [10, 100, 1000]

  func run() async throws {
    let turns = max(turns, 2)
    try await withTemporaryFolder { folder in
      let daemon = try await BenchDaemon(data: folder, http: HTTPClient(policy: .trusted))
      defer { daemon.stop() }
      var windows: [Window] = []
      for length in Self.lengths {
        let thread = try await Self.thread(ofMessages: length, client: daemon.client)
        windows.append(
          try await Window(turns: turns, on: thread, after: length, daemon: daemon))
      }
      print("cost of a turn with the built-in model, over HTTP, median of \(turns)")
      for window in windows { print(window.line(against: windows[0])) }
    }
  }

  /// A thread of so many messages, written by turns.
  private static func thread(ofMessages length: Int, client: DaemonClient) async throws -> String {
    let assistant = try await client.fetch(
      "POST", "/assistants", json: ["name": "bench", "config": ["configurable": ["type": "chatbot"]]])
    let thread = try await client.fetch(
      "POST", "/threads", json: ["name": "bench", "assistant_id": assistant["assistant_id"] ?? nil])
    let id = thread["thread_id"]?.string ?? ""
    for _ in 0..<(length / 2) { try await turn(on: id, client: client) }
    return id
  }

  fileprivate static func turn(on thread: String, client: DaemonClient) async throws {
    let run: JSON = [
      "thread_id": .string(thread), "stream_mode": "deltas",
      "input": [["type": "human", "content": "What does the contract say about notice?"]],
    ]
    for try await event in try await client.events("/runs/stream", json: run) where event.event == "error" {
      throw CommandFailure(message: "A turn failed: \(event.data)")
    }
  }
}

/// The turns at one length.
private struct Window {
  let length: Int
  let medianSeconds: Double
  /// Bytes sent to the disk, a turn.
  let bytes: Double

  init(turns: Int, on thread: String, after length: Int, daemon: BenchDaemon) async throws {
    self.length = length
    let before = daemon.writtenBytes
    var seconds: [Double] = []
    for _ in 0..<turns {
      let start = ContinuousClock.now
      try await BenchTurnCommand.turn(on: thread, client: daemon.client)
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    medianSeconds = seconds.median ?? 0
    bytes = Double(daemon.writtenBytes - before) / Double(turns)
  }

  func line(against first: Window) -> String {
    String(
      format: "  at message %4d: %6.2f ms (%.2f of the first), %6.1f KB written to disk", length,
      medianSeconds * 1000,
      medianSeconds / first.medianSeconds, bytes / 1024)
  }
}
