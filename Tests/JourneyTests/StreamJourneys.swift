import Conversation
import Foundation
import Testing
import Transport

/// Streams over a line that breaks, and clients that go away.
@Suite(.serialized) struct StreamJourneys {
  private func withDaemon(
    _ body: (Client, DaemonProcess, ScriptedModelProcess) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    let model = try ScriptedModelProcess()
    let daemon = try await DaemonProcess(
      data: folder.data, environment: ["OPENAI_API_KEY": "sk-journey", "OPENAI_BASE_URL": model.baseURL])
    try await body(Client(port: daemon.port), daemon, model)
    #expect(daemon.terminate() == 0)
  }

  @Test(arguments: ["messages", "deltas"])
  func `fifty streams that are cut at any byte and joined anew are the uncut one`(mode: String) async throws {
    let seed = UInt64.random(in: .min ... .max)
    try await withDaemon { client, _, _ in
      let thread = try await client.thread(client.assistant(["type": "chatbot"]))
      let started = try await client.send("POST", "/runs", client.run(thread, "[[tokens=150]] [[delay=10]]"))
      let run = try #require(started.json["run_id"]?.string)
      let path = "/threads/\(thread)/runs/\(run)/stream?stream_mode=\(mode)"
      let stream = RunStream(url: "http://127.0.0.1:\(client.port)\(path)", user: client.user)
      async let uncut = stream.read()
      // Most watch the answer being written, some come when it is done.
      let live = try await stream.readCut(times: 40, seed: seed)
      let whole = try await uncut
      let transcripts = try await live + stream.readCut(times: 10, seed: ~seed)
      let cuts = transcripts.map(\.cuts).reduce(0, +)
      print("\(mode): \(transcripts.count) streams of \(whole.count) bytes, \(cuts) cuts, seed \(seed)")
      #expect(String(decoding: whole, as: UTF8.self).contains("word149"))
      #expect(transcripts.allSatisfy { $0.cuts > 0 })
      for transcript in transcripts { #expect(transcript.bytes == whole, "seed \(seed)") }
    }
  }

  @Test func `clients that leave together leave nothing behind within a second`() async throws {
    try await withDaemon { client, daemon, model in
      let stats = Client(port: model.port)
      let assistant = try await client.assistant(["type": "chatbot"])
      // Once before it counts: what the first clients bring with them stays open.
      for count in [5, 20] {
        let before = daemon.descriptors
        try await leave(count, client, assistant) {
          let open = try await stats.get("/stats").json["open"]?.integer
          #expect(open == count)
          #expect(daemon.descriptors > before + count)
        }
        let start = ContinuousClock.now
        var open: Int?
        while open != 0, ContinuousClock.now - start < .seconds(1) {
          open = try await stats.get("/stats").json["open"]?.integer
        }
        print("\(count) clients left: \(open ?? -1) calls to the model after \(ContinuousClock.now - start)")
        #expect(open == 0)
        guard count > 5 else { continue }
        // Some connections are kept for reuse; what the clients left behind would be one for each of them.
        while daemon.descriptors > before + count / 4, ContinuousClock.now - start < .seconds(5) {
          try await Task.sleep(for: .milliseconds(10))
        }
        #expect(daemon.descriptors <= before + count / 4)
      }
    }
  }

  /// So many clients watch an answer that never ends, and are gone on return.
  private func leave(
    _ count: Int, _ client: Client, _ assistant: String, afterAllCame: () async throws -> Void
  ) async throws {
    var streams: [ServerSentEvents.AsyncIterator] = []
    for _ in 0..<count {
      let thread = try await client.thread(assistant)
      let stream = try await client.stream(
        client.run(thread, "[[hang]] [[say One two]]", extra: ["stream_mode": "deltas"]))
      var iterator = stream.makeAsyncIterator()
      while let event = try await iterator.next(), event.event != "delta" {}
      streams.append(iterator)
    }
    try await afterAllCame()
  }
}

/// The stream of a run, byte for byte.
private struct RunStream: Sendable {
  private static let http = HTTPClient(policy: .trusted)
  private static let eventEnd = Array("\r\n\r\n".utf8)
  /// Bytes between two cuts at most: some events are longer than most pieces, and still get through.
  private static let longestPieceBytes = 4_000

  let url: String
  let user: String

  struct Transcript: Sendable {
    var bytes: [UInt8] = []
    var cuts = 0
  }

  func read() async throws -> [UInt8] {
    try await Self.http.fetch(request(after: nil)).body
  }

  /// Reads it so many times at once, with cuts of its own each.
  func readCut(times: Int, seed: UInt64) async throws -> [Transcript] {
    var random = SeededGenerator(seed: seed)
    return try await withThrowingTaskGroup(of: Transcript.self) { group in
      for _ in 0..<times {
        let generator = SeededGenerator(seed: random.next())
        group.addTask { try await readCut(by: generator) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// Reads some bytes, drops the connection, comes back with the last event seen whole, and so on.
  private func readCut(by generator: SeededGenerator) async throws -> Transcript {
    var random = generator
    var transcript = Transcript()
    var lastEventID: String?
    while true {
      let limit = Int.random(in: 1...Self.longestPieceBytes, using: &random)
      let (bytes, isComplete) = try await read(upTo: limit, after: lastEventID)
      let end = Self.wholeEvents(bytes)
      transcript.bytes += bytes[..<end]
      if isComplete { return transcript }
      transcript.cuts += 1
      lastEventID = Self.lastID(bytes[..<end]) ?? lastEventID
    }
  }

  private func read(upTo limit: Int, after id: String?) async throws -> (bytes: [UInt8], isComplete: Bool) {
    var bytes: [UInt8] = []
    for try await piece in try await Self.http.send(request(after: id)).body {
      bytes += piece
      if bytes.count >= limit { return (Array(bytes[..<limit]), false) }
    }
    return (bytes, true)
  }

  private func request(after id: String?) -> HTTPRequest {
    var request = HTTPRequest(url: url)
    request.headers = [HTTPHeader("Cookie", "opengpts_user_id=\(user)")]
    if let id { request.headers.append(HTTPHeader("Last-Event-ID", id)) }
    request.acceptsCompression = false
    return request
  }

  /// Where the last event that came whole ends.
  private static func wholeEvents(_ bytes: [UInt8]) -> Int {
    bytes.indices.last { bytes[$0...].starts(with: eventEnd) }.map { $0 + eventEnd.count } ?? 0
  }

  private static func lastID(_ bytes: ArraySlice<UInt8>) -> String? {
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    return lines.last { $0.hasPrefix("id: ") }.map { String($0.dropFirst("id: ".count)) }
  }
}

/// Numbers that come again with the same seed (SplitMix64, Steele et al. 2014).
private struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

extension DaemonProcess {
  /// Files, sockets and pipes the process holds.
  fileprivate var descriptors: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(identifier)/fd").count) ?? 0
  }
}
