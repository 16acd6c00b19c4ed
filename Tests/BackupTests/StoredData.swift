import Backup
import Conversation
import Foundation
import Store
import Testing

/// A store with a thread and two uploaded files, and room beside it; it goes with its owner.
final class StoredData: Sendable {
  static let configuration = "# settings\n"

  let root = FileManager.default.temporaryDirectory.path + "/backup-\(UUID().uuidString)"
  let store: Store
  let user: User
  let assistant: Assistant
  let files: [File]

  var directory: String { root + "/data" }
  var backup: Backup { Backup(of: directory, program: "1.2.3", configuration: Self.configuration) }

  init() async throws {
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    store = try Store(directory: root + "/data", program: "1.2.3")
    user = try await store.user(subject: "anna")
    assistant = try await store.saveAssistant(
      .random(), of: user.id, name: "Librarian", config: ["configurable": ["type": "agent"]], isPublic: false)
    var files: [File] = []
    for text in ["first", "second"] {
      let blob = try store.blobs.create()
      try blob.append(Array(String(repeating: text, count: 10_000).utf8))
      let file = File(
        userID: user.id, namespace: .assistant(assistant.id), name: "\(text).txt", mediaType: "text/plain",
        sizeBytes: blob.sizeBytes, hash: try await blob.finish())
      try await store.receive(file)
      files.append(file)
    }
    self.files = files
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ name: String) throws {
    _ = try backup.write(to: path(name), passphrase: nil)
  }

  func put(_ text: String, at name: String) throws {
    let url = URL(filePath: "\(directory)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func names(of folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  /// Opens a store, and finds there what this one held.
  func expectAll(in directory: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let other = try Store(directory: directory)
    defer { other.close() }
    let found = try await other.files(in: .assistant(assistant.id), page: Page(limit: 9))
    #expect(Set(found.map(\.hash)) == Set(files.map(\.hash)), sourceLocation: sourceLocation)
    for file in files {
      let bytes = try other.blobs.open(file.hash).readAll()
      #expect(bytes.count == file.sizeBytes, sourceLocation: sourceLocation)
    }
  }

  deinit {
    store.close()
    try? FileManager.default.removeItem(atPath: root)
  }
}
