import Conversation
import Foundation
import Store
import Testing

/// A store in a folder of its own, which goes away with it.
final class TestStore: Sendable {
  let directory: String
  let store: Store

  init() throws {
    directory = FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString)"
    store = try Store(directory: directory)
  }

  deinit {
    store.close()
    try? FileManager.default.removeItem(atPath: directory)
  }
}

/// A user with an assistant and a thread.
struct Person {
  let user: User
  let assistant: Assistant
  let thread: Conversation.Thread

  init(_ subject: String = UUID().uuidString, in store: Store) async throws {
    user = try await store.user(subject: subject)
    assistant = try await store.saveAssistant(
      .random(), of: user.id, name: "Librarian", config: ["configurable": ["type": "agent"]], isPublic: false)
    thread = try await store.saveThread(
      .random(), of: user.id, assistantID: assistant.id, name: "Books", metadata: ["assistant_type": "agent"])
  }

  func run(_ status: Run.Status = .running) -> Run {
    Run(
      threadID: thread.id, assistantID: assistant.id, userID: user.id, status: status,
      config: assistant.config)
  }

  /// A checkpoint of the thread after `parent`.
  func checkpoint(after parent: Checkpoint? = nil, run: Run? = nil, next: [Node] = []) -> Checkpoint {
    Checkpoint(
      threadID: thread.id, parentID: parent?.id, runID: run?.id, step: parent.map { $0.step + 1 } ?? 0,
      source: parent == nil ? .input : .loop, node: parent == nil ? nil : .agent, next: next)
  }

  /// Commits a message after `parent`.
  @discardableResult
  func say(_ text: String, after parent: Checkpoint? = nil, in store: Store) async throws -> Checkpoint {
    let checkpoint = checkpoint(after: parent)
    try await store.commit(checkpoint, update: StateUpdate(messages: [.human(text)]))
    return checkpoint
  }

  /// Receives and indexes a file of the given chunks.
  @discardableResult
  func file(
    _ texts: [String], in namespace: Namespace? = nil, vectors: [[Float]]? = nil, bytes: String? = nil,
    store: Store
  ) async throws -> (file: File, chunks: [Chunk]) {
    let writer = try store.blobs.create()
    try writer.append([UInt8]((bytes ?? "\(UUID())").utf8))
    let file = File(
      userID: user.id, namespace: namespace ?? .assistant(assistant.id), name: "notes \(UUID()).txt",
      mediaType: "text/plain", sizeBytes: writer.sizeBytes, hash: try await writer.finish())
    try await store.receive(file)
    let chunks = try await store.index(
      file.id, text: ExtractedText(text: texts.joined(), title: "Notes"), mediaType: "text/plain",
      chunks: texts.enumerated().map { place, text in
        Chunk(
          fileID: file.id, ordinal: place, text: text, start: 0, end: text.unicodeScalars.count, page: nil,
          endPage: nil, headings: [])
      }, vectors: vectors, model: vectors == nil ? nil : "mini")
    return (file, chunks)
  }
}

extension Snapshot {
  var texts: [String] { state.messages.map(\.text) }
}
