import Conversation
import Engine
import Foundation
import Hummingbird
import NIOCore
import Store

/// Everything a user owns, in one document to take away.
struct ExportRoutes: Sendable {
  let engine: Engine

  /// One JSON object, written as it is read, so that no memory holds all of it: `preferences`, `assistants` with
  /// their versions and files, `threads` with their messages, feedback, runs with their traces, and files; a file
  /// with its bytes in Base64. A failure on the way breaks the connection off: half a document does not parse.
  func everything(_ call: Call, _ user: Owner) async throws -> Response {
    let preferences = try await engine.store.preferences(of: user)
    let day = Timestamp.now.description.prefix(10)
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/json",
        .contentDisposition: "attachment; filename=\"opengpts-\(day).json\"",
        .cacheControl: "private, no-store",
      ],
      body: ResponseBody(asyncSequence: Export(of: user, from: engine, preferences: preferences)))
  }
}

/// The document, piece by piece: a stack of what is still to be written, the next on top.
private struct Export: AsyncSequence, AsyncIteratorProtocol, Sendable {
  private let store: Store
  private let traces: TraceKeeper
  private let user: Owner
  private var steps: [Step]

  private enum Step: Sendable {
    case text(String)
    case assistants(offset: Int)
    case threads(offset: Int)
    case runs(of: Identifier<Conversation.Thread>, offset: Int)
    case files(of: Namespace, offset: Int)
    case bytes(hash: String, offset: Int)
  }

  init(of user: Owner, from engine: Engine, preferences: [String: JSON]) {
    store = engine.store
    traces = engine.traces
    self.user = user
    let head = "{\"exported_at\":\"\(Timestamp.now)\",\"preferences\":\(JSON.object(preferences).text)"
    steps = [
      .text("]}"), .threads(offset: 0), .text("],\"threads\":["), .assistants(offset: 0),
      .text(head + ",\"assistants\":["),
    ]
  }

  func makeAsyncIterator() -> Export { self }

  mutating func next() async throws -> ByteBuffer? {
    guard let step = steps.popLast() else { return nil }
    switch step {
    case .text(let text): return ByteBuffer(string: text)
    case .assistants(let offset): return try await assistants(from: offset)
    case .threads(let offset): return try await threads(from: offset)
    case .runs(let thread, let offset): return try await runs(of: thread, from: offset)
    case .files(let place, let offset): return try await files(of: place, from: offset)
    case .bytes(let hash, let offset): return try bytes(of: hash, from: offset)
    }
  }

  /// One element of a list that is read a row at a time, lists of other rows to follow, the first under that name.
  private mutating func element(
    _ facts: some Encodable, then list: String = "files", files place: Namespace, isFirst: Bool
  ) throws -> ByteBuffer {
    steps += [.text("]}"), .files(of: place, offset: 0)]
    let open = String(decoding: try JSON.encoded(facts).dropLast(), as: UTF8.self)
    return ByteBuffer(string: "\(isFirst ? "" : ",")\(open),\"\(list)\":[")
  }

  private mutating func assistants(from offset: Int) async throws -> ByteBuffer {
    let page = Page(limit: 1, offset: offset)
    guard let assistant = try await store.assistants(of: user, page: page).first else { return ByteBuffer() }
    steps.append(.assistants(offset: offset + 1))
    let versions = try await store.assistantVersions(of: assistant.id, user: user)
    return try element(
      ExportedAssistant(assistant: assistant, versions: versions), files: .assistant(assistant.id),
      isFirst: offset == 0)
  }

  private mutating func threads(from offset: Int) async throws -> ByteBuffer {
    let page = Page(limit: 1, offset: offset)
    guard let thread = try await store.threads(of: user, page: page).first else { return ByteBuffer() }
    steps.append(.threads(offset: offset + 1))
    let facts = ExportedThread(
      thread: thread, messages: try await store.snapshot(of: thread.id)?.state.messages ?? [],
      feedback: try await store.feedback(of: thread.id))
    let open = try element(facts, then: "runs", files: .thread(thread.id), isFirst: offset == 0)
    steps += [.text("],\"files\":["), .runs(of: thread.id, offset: 0)]
    return open
  }

  private mutating func runs(
    of thread: Identifier<Conversation.Thread>, from offset: Int
  ) async throws -> ByteBuffer {
    let page = Page(limit: 1, offset: offset)
    guard let run = try await store.runs(of: thread, user: user, page: page).first else {
      return ByteBuffer()
    }
    steps.append(.runs(of: thread, offset: offset + 1))
    let usage = try await store.usage(of: run.id)
    let reply = TraceReply(run: RunReply(run, usage: usage), spans: try await traces.spans(of: run.id))
    return ByteBuffer(
      string: (offset == 0 ? "" : ",") + String(decoding: try JSON.encoded(reply), as: UTF8.self))
  }

  private mutating func files(of place: Namespace, from offset: Int) async throws -> ByteBuffer {
    let page = Page(limit: 1, offset: offset)
    guard let file = try await store.files(in: place, page: page).first else { return ByteBuffer() }
    steps += [.files(of: place, offset: offset + 1), .text("\"}"), .bytes(hash: file.hash, offset: 0)]
    let open = String(decoding: try JSON.encoded(file).dropLast(), as: UTF8.self)
    return ByteBuffer(string: "\(offset == 0 ? "" : ",")\(open),\"content\":\"")
  }

  /// A whole number of Base64 groups, so that the pieces can be put one behind the other.
  private static let bytesAtOnce = 3 << 18

  private mutating func bytes(of hash: String, from offset: Int) throws -> ByteBuffer {
    guard let path = store.blobs.path(of: hash) else { return ByteBuffer() }
    let handle = try FileHandle(forReadingFrom: URL(filePath: path))
    defer { try? handle.close() }
    try handle.seek(toOffset: UInt64(offset))
    let bytes = try handle.read(upToCount: Self.bytesAtOnce) ?? Data()
    if bytes.count == Self.bytesAtOnce { steps.append(.bytes(hash: hash, offset: offset + bytes.count)) }
    return ByteBuffer(string: bytes.base64EncodedString())
  }
}

private struct ExportedAssistant: Encodable {
  var assistant: Assistant
  var versions: [AssistantVersion]
}

private struct ExportedThread: Encodable {
  var thread: Conversation.Thread
  var messages: [Message]
  var feedback: [Feedback]
}
