import ArgumentParser
import Conversation
import Foundation
import Store
import Transport

/// How long a start takes, and what the daemon holds before anybody asks: with 10 assistants, 1,000 threads and
/// 10,000 chunks stored.
struct BenchStartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Time from start to ready, and memory when idle.")

  @Option(help: "Starts to take the median of.") var runs = 7

  func run() async throws {
    let runs = runs
    try await withTemporaryFolder { folder in
      try await Stock(directory: folder.path).fill()
      let http = HTTPClient(policy: .trusted)
      var seconds: [Double] = []
      var megabytes: [Double] = []
      for _ in 0..<max(runs, 1) {
        let daemon = try await BenchDaemon(data: folder, http: http)
        seconds.append(daemon.startSeconds)
        megabytes.append(daemon.residentMegabytes)
        daemon.stop()
      }
      print("start to ready, 10 assistants, 1,000 threads, 10,000 chunks, median of \(runs)")
      print(
        String(
          format: "  %.0f ms, %.0f MB resident when idle", (seconds.median ?? 0) * 1000, megabytes.median ?? 0
        ))
    }
  }
}

/// Something to start with.
private struct Stock {
  let directory: String

  func fill() async throws {
    let store = try Store(directory: directory)
    defer { store.close() }
    let user = try await store.user(subject: "bench").id
    for number in 0..<10 {
      let assistant = try await store.saveAssistant(
        .random(), of: user, name: "Assistant \(number)", config: ["configurable": ["type": "chatbot"]],
        isPublic: false)
      try await addKnowledge(of: assistant.id, user: user, store: store)
      for thread in 0..<100 {
        try await addThread(thread, of: assistant.id, user: user, store: store)
      }
    }
  }

  private func addThread(
    _ number: Int, of assistant: Identifier<Assistant>, user: Identifier<User>, store: Store
  ) async throws {
    let thread = try await store.saveThread(
      .random(), of: user, assistantID: assistant, name: "Thread \(number)",
      metadata: ["assistant_type": "chatbot"])
    let checkpoint = Checkpoint(
      threadID: thread.id, parentID: nil, runID: nil, step: 0, source: .update, node: .chatbot, next: [])
    let messages: [Message] = [.human("A question?"), .assistant("An answer.")]
    try await store.commit(checkpoint, update: StateUpdate(messages: messages))
  }

  /// A thousand chunks of a thousand characters, with vectors.
  private func addKnowledge(of assistant: Identifier<Assistant>, user: Identifier<User>, store: Store)
    async throws
  {
    let blob = try store.blobs.create()
    try blob.append(Array("stock of \(assistant)".utf8))
    let file = File(
      userID: user, namespace: .assistant(assistant), name: "stock.txt", mediaType: "text/plain",
      sizeBytes: 1,
      hash: try await blob.finish())
    try await store.receive(file)
    let text = String(repeating: "Words of a sentence that says little. ", count: 27)
    let chunks = (0..<1000).map { place in
      Chunk(
        fileID: file.id, ordinal: place, text: "\(place) \(text)", start: 0, end: 1, page: nil, endPage: nil,
        headings: [])
    }
    let vectors = chunks.map { _ in (0..<384).map { _ in Float.random(in: -1...1) } }
    _ = try await store.index(
      file.id, text: ExtractedText(text: text), mediaType: "text/plain", chunks: chunks, vectors: vectors,
      model: "all-MiniLM-L6-v2")
  }
}
