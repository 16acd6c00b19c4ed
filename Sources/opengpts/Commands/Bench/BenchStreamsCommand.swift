import ArgumentParser
import Conversation
import Foundation
import Transport

/// What streams cost: bytes on the wire against the text they carry, and how evenly many of them run at once.
struct BenchStreamsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "streams", abstract: "Bytes of an answer on the wire, and many streams at once.")

  @Option(help: "Streams that run at once, at most 500.") var streams = 500
  @Option(help: "Events a second of each of them.") var pace = 20
  @Option(help: "Seconds they run.") var seconds = 10

  /// Tokens of the answers that are weighed.
  private static let lengths = [100, 500, 2_000]
  /// Tokens a second: as fast as they are taken, and as a fast model says them.
  private static let paces: [Int?] = [nil, 100]
  /// Within which the clients of many streams come, so that their tokens do not fall due in step.
  private static let arrival = Duration.seconds(2)

  func run() async throws {
    let model = try ScriptedModel()
    try await withTemporaryFolder { folder in
      let http = HTTPClient(policy: .trusted)
      let daemon = try await BenchDaemon(data: folder, http: http, environment: model.environment)
      defer { daemon.stop() }
      let client = StreamClient(daemon: daemon, http: http)
      try await weigh(client)
      print()
      try await crowd(client)
    }
  }

  // MARK: Bytes

  private func weigh(_ client: StreamClient) async throws {
    print("bytes on the wire of an answer, and how many times its text that is")
    for pace in Self.paces {
      for mode in ["messages", "deltas"] {
        let lines = try await withThrowingTaskGroup(of: (length: Int, line: String).self) { group in
          for length in Self.lengths {
            group.addTask {
              (length, try await Self.weight(ofTokens: length, pace: pace, mode: mode, client))
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        for (_, line) in lines.sorted(by: { $0.length < $1.length }) { print(line) }
      }
    }
  }

  private static func weight(
    ofTokens length: Int, pace: Int?, mode: String, _ client: StreamClient
  ) async throws -> String {
    let answer = ScriptedAnswer(words: length, pace: pace)
    let transcript = try await client.transcript(of: answer, mode: mode, on: client.thread())
    _ = try transcript.timing(checkedAgainst: answer)
    let (bytes, text) = (transcript.byteCount, answer.text.utf8.count)
    let name = "\(mode),".padding(toLength: 9, withPad: " ", startingAt: 0)
    let speed = pace.map { "\($0) tokens/s" } ?? "full speed"
    return "  \(name) \(speed)"
      + String(
        format: ", %4d tokens: %6d bytes for %4d of text, %4.1f times; %5.1f a token", length, bytes, text,
        Double(bytes) / Double(text), Double(bytes) / Double(length))
  }

  // MARK: Many at once

  private func crowd(_ client: StreamClient) async throws {
    let streams = min(max(streams, 1), 500)
    let answer = ScriptedAnswer(words: max(pace * seconds, 1), pace: max(pace, 1))
    var threads: [String] = []
    for _ in 0..<streams { threads.append(try await client.thread()) }
    let transcripts = try await withThrowingTaskGroup(of: Transcript.self) { group in
      for (place, thread) in threads.enumerated() {
        group.addTask {
          try await Task.sleep(for: Self.arrival * place / streams)
          return try await client.transcript(of: answer, mode: "deltas", on: thread)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    report(try transcripts.map { try $0.timing(checkedAgainst: answer) })
  }

  private func report(_ timings: [Timing]) {
    let events = timings.reduce(0) { $0 + $1.arrivals.count }
    let longest = timings.compactMap(\.arrivals.last).max() ?? 0
    print("\(timings.count) streams, begun within 2 s, \(pace) tokens a second each: all complete and equal")
    print(
      String(
        format: "  %d events, %.1f a second and stream; the last stream ended after %.2f s", events,
        Double(events) / Double(timings.count * max(seconds, 1)), longest / 1000))
    print("  between two events: \(Self.percentiles(timings.flatMap(\.gaps).sorted()))")
    print("  until the first:    \(Self.percentiles(timings.compactMap(\.arrivals.first).sorted()))")
  }

  private static func percentiles(_ sorted: [Double]) -> String {
    guard let longest = sorted.last else { return "none" }
    func at(_ part: Double) -> Double { sorted[Int(Double(sorted.count - 1) * part)] }
    return String(
      format: "p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, longest %.1f ms", at(0.5), at(0.99), at(0.999),
      longest)
  }
}

/// A client that keeps the bytes of a stream as they came, and when.
private struct StreamClient: Sendable {
  private let base: String
  private let client: DaemonClient
  private let http: HTTPClient

  init(daemon: BenchDaemon, http: HTTPClient) {
    base = daemon.base
    client = daemon.client
    self.http = http
  }

  /// A new thread of a new chat bot.
  func thread() async throws -> String {
    let assistant = try await client.fetch(
      "POST", "/assistants", json: ["name": "bench", "config": ["configurable": ["type": "chatbot"]]])
    let thread = try await client.fetch(
      "POST", "/threads", json: ["name": "bench", "assistant_id": assistant["assistant_id"] ?? nil])
    guard let id = thread["thread_id"]?.string else { throw CommandFailure(message: "No thread was made.") }
    return id
  }

  func transcript(of answer: ScriptedAnswer, mode: String, on thread: String) async throws -> Transcript {
    let run: JSON = [
      "thread_id": .string(thread), "stream_mode": .string(mode),
      "input": [["type": "human", "content": .string(answer.question)]],
    ]
    var request = HTTPRequest("POST", url: base + "/runs/stream", body: Array(try JSON.encoded(run)))
    request.headers = [HTTPHeader("Content-Type", "application/json")]
    request.acceptsCompression = false
    var transcript = Transcript()
    for try await piece in try await http.send(request).body { transcript.take(piece) }
    return transcript
  }
}

/// One stream as a client saw it.
private struct Transcript: Sendable {
  private let start = ContinuousClock.now
  private var pieces: [(bytes: [UInt8], at: ContinuousClock.Instant)] = []

  mutating func take(_ piece: [UInt8]) {
    pieces.append((piece, .now))
  }

  var byteCount: Int {
    pieces.reduce(0) { $0 + $1.bytes.count }
  }

  /// The stream was brought to its end, which is an event without data.
  private var isOver: Bool {
    String(decoding: pieces.suffix(2).flatMap(\.bytes), as: UTF8.self).hasSuffix("event: end\r\n\r\n")
  }

  /// - Throws: when anything of the answer is missing, there twice, or out of order.
  func timing(checkedAgainst answer: ScriptedAnswer) throws -> Timing {
    var parser = ServerSentEventParser()
    var timing = Timing()
    var deltas = ""
    var whole: String?
    for piece in pieces {
      for event in try parser.feed(piece.bytes) {
        let data = try JSON(parsing: event.data)
        deltas += event.event == "delta" ? data["content"]?.string ?? "" : ""
        whole = event.event == "data" ? data.array?.last?["content"]?.string : whole
        timing.take(event.event, milliseconds: (piece.at - start) / .milliseconds(1))
      }
    }
    guard isOver, whole == answer.text, answer.text.hasPrefix(deltas) else {
      throw CommandFailure(message: "A stream was not complete: \(whole ?? "no message"), \(deltas)")
    }
    return timing
  }
}

/// When the events of a stream came, in milliseconds from its request.
private struct Timing {
  private(set) var arrivals: [Double] = []

  /// Counts from the answer's first piece on: what comes before is no model's work.
  mutating func take(_ event: String, milliseconds: Double) {
    if event == "delta" || !arrivals.isEmpty { arrivals.append(milliseconds) }
  }

  var gaps: [Double] {
    zip(arrivals, arrivals.dropFirst()).map { $1 - $0 }
  }
}
