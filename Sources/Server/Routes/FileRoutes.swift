import Conversation
import Engine
import Foundation
import Hummingbird
import NIOCore
import Store

/// The files of assistants, threads and collections: listed, watched, read, worked on, deleted.
struct FileRoutes: Sendable {
  let engine: Engine
  /// Tells the event ids of this life of the program from those of another.
  private let epoch = String(UInt32.random(in: .min ... .max), radix: 36)

  init(engine: Engine) {
    self.engine = engine
  }

  private var ingester: Ingester { engine.ingester }

  func listOfAssistant(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Assistant> = try call.identifier("assistant_id", orThrow: .assistantNotFound)
    guard try await engine.store.assistant(id, visibleTo: user) != nil else {
      throw EngineError.assistantNotFound
    }
    return try await list(.assistant(id), call)
  }

  func listOfThread(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    guard try await engine.store.thread(id, of: user) != nil else { throw EngineError.threadNotFound }
    return try await list(.thread(id), call)
  }

  func listOfCollection(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<FileCollection> = try call.identifier("collection_id", orThrow: .collectionNotFound)
    guard try await engine.store.collection(id, of: user) != nil else { throw EngineError.collectionNotFound }
    return try await list(.collection(id), call)
  }

  private func list(_ namespace: Namespace, _ call: Call) async throws -> Response {
    let group = try statusGroup(of: call)
    return try .json(
      await ingester.files(in: namespace, statuses: group?.statuses, page: call.page()))
  }

  private func statusGroup(of call: Call) throws -> FileStatusGroup? {
    guard let text = call.query("status") else { return nil }
    guard let group = FileStatusGroup(rawValue: text) else {
      let known = FileStatusGroup.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw call.rejected("status", text, as: "enum", "Input should be one of \(known)")
    }
    return group
  }

  /// Bytes the user's files take, and may take.
  func usage(_ call: Call, _ user: Owner) async throws -> Response {
    let (used, limit) = try await ingester.usage(of: user)
    return try .json(["used_bytes": used, "limit_bytes": limit])
  }

  /// What changes in the user's files, as it does.
  func events(_ call: Call, _ user: Owner) async throws -> Response {
    let lastSeen = call.request.headers[.lastEventID] ?? call.query("last_event_id")
    let stream = FileEventStream(
      ingester: ingester, user: user, namespace: try namespace(of: call), epoch: epoch,
      lastSeen: lastSeen.map { EventID($0) ?? EventID(place: 0, epoch: "") })
    return stream.response(to: call)
  }

  private func namespace(of call: Call) throws -> Namespace? {
    if let id: Identifier<Assistant> = try call.queryIdentifier("assistant_id") { return .assistant(id) }
    if let id: Identifier<Conversation.Thread> = try call.queryIdentifier("thread_id") { return .thread(id) }
    if let id: Identifier<FileCollection> = try call.queryIdentifier("collection_id") {
      return .collection(id)
    }
    return nil
  }

  // MARK: One file

  func get(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await file(call, user))
  }

  func delete(_ call: Call, _ user: Owner) async throws -> Response {
    try await ingester.delete(id(call), of: user)
    return .done
  }

  func cancel(_ call: Call, _ user: Owner) async throws -> Response {
    try await change(call) { try await ingester.cancel($0, of: user) }
  }

  func retry(_ call: Call, _ user: Owner) async throws -> Response {
    try await change(call) { try await ingester.retry($0, of: user) }
  }

  func reindex(_ call: Call, _ user: Owner) async throws -> Response {
    try await change(call) { try await ingester.reread($0, of: user) }
  }

  func refetch(_ call: Call, _ user: Owner) async throws -> Response {
    try await change(call) { try await ingester.refetch($0, of: user) }
  }

  /// Says how often a page of the web is fetched again by itself.
  func schedule(_ call: Call, _ user: Owner) async throws -> Response {
    let payload = try RefetchPayload(await call.json())
    let file = try await file(call, user)
    guard file.origin != nil else {
      throw Refusal(.conflict, "The file was uploaded, so there is no address to fetch it from again.")
    }
    return try .json(await ingester.schedule(file.id, everyHours: payload.hours, of: user))
  }

  private func change(_ call: Call, _ change: (Identifier<File>) async throws -> File) async throws
    -> Response
  {
    try await call.skipBody()
    do {
      return try .json(await change(id(call)))
    } catch StoreError.notFound {
      throw EngineError.fileNotFound
    }
  }

  private func id(_ call: Call) throws -> Identifier<File> {
    try call.identifier("file_id", orThrow: .fileNotFound)
  }

  private func file(_ call: Call, _ user: Owner) async throws -> File {
    try await ingester.file(id(call), visibleTo: user)
  }

  /// The pieces it was cut into, as searches find them.
  func chunks(_ call: Call, _ user: Owner) async throws -> Response {
    let file = try await file(call, user)
    let chunks = try await engine.store.chunks(of: file.id, page: call.page())
    return try .json(chunks.map { ChunkReply($0.chunk, hasVector: $0.hasVector) })
  }

  // MARK: Content

  /// The bytes as they were uploaded, to be saved and never shown: nobody knows what is in them.
  func content(_ call: Call, _ user: Owner) async throws -> Response {
    let file = try await file(call, user)
    let hash = file.hash
    let blobs = engine.store.blobs
    let sizeBytes = try Self.open(hash, in: blobs).sizeBytes
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/octet-stream",
        .contentDisposition: Self.attachment(named: file.name),
        .contentSecurityPolicy: SecurityHeaders.uploadedContentPolicy,
        .cacheControl: "private, no-store",
      ],
      body: ResponseBody(contentLength: sizeBytes) { writer in
        let reader = try Self.open(hash, in: blobs)
        while true {
          let bytes = try reader.read(upTo: HTTPLimits.fileChunkBytes)
          if bytes.isEmpty { break }
          try await writer.write(ByteBuffer(bytes: bytes))
        }
        try await writer.finish(nil)
      })
  }

  private static func open(_ hash: String, in blobs: Blobs) throws -> BlobReader {
    do {
      return try blobs.open(hash)
    } catch StoreError.notFound {
      throw EngineError.fileNotFound
    }
  }

  /// RFC 6266: the name in UTF-8, and beside it in ASCII for old clients.
  private static func attachment(named name: String) -> String {
    let plain = name.unicodeScalars.map { scalar in
      scalar.isASCII && scalar.value >= 0x20 && scalar != "\"" && scalar != "\\" && scalar.value != 0x7f
        ? String(scalar) : "_"
    }.joined()
    let unreserved = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    let encoded = name.addingPercentEncoding(withAllowedCharacters: unreserved) ?? plain
    return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
  }

  // MARK: Text

  /// Part of what was read out of the file, or one of its pages; places count Unicode scalars.
  func text(_ call: Call, _ user: Owner) async throws -> Response {
    let from = try call.integer("from", in: 0...Int.max) ?? 0
    let to = try call.integer("to", in: 0...Int.max) ?? Int.max
    let page = try call.integer("page", in: 1...Int.max)
    let file = try await file(call, user)
    guard let extracted = try await engine.store.text(of: file.id) else {
      throw Refusal(.notFound, file.failure ?? "The file has not been read yet.")
    }
    guard let page else { return try .json(FileText(file, extracted, from: from, to: to)) }
    guard let place = extracted.pages.first(where: { $0.page == page }) else {
      throw Refusal(
        .notFound,
        extracted.pages.isEmpty
          ? "Files of this format have no pages." : "The file has \(extracted.pages.count) pages.")
    }
    return try .json(
      FileText(file, extracted, from: max(from, place.start), to: min(to, place.end)))
  }
}

/// How often a page of the web is fetched again.
private struct RefetchPayload {
  /// Nil for never.
  let hours: Int?

  init(_ json: JSON) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    let given = body.members["hours"]
    hours = given?.integer
    if let given, !given.isNull, !HTTPLimits.refetchHours.contains(given.integer ?? 0) {
      let range = HTTPLimits.refetchHours
      body.reject(
        "hours", as: "value_error",
        "Input should be a whole number from \(range.lowerBound) to \(range.upperBound), or null for never")
    }
    try body.check()
  }
}

/// Files by what a person wants to know of them.
private enum FileStatusGroup: String, CaseIterable {
  case open, indexed, failed, cancelled

  var statuses: Set<File.Status> {
    switch self {
    case .open: Set(File.Status.allCases.filter(\.isOpen))
    case .indexed: [.indexed]
    case .failed: [.failed]
    case .cancelled: [.cancelled]
    }
  }
}

/// A chunk as its file's reader sees it.
private struct ChunkReply: Encodable {
  let chunk: Chunk
  let hasVector: Bool

  init(_ chunk: Chunk, hasVector: Bool) {
    self.chunk = chunk
    self.hasVector = hasVector
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(chunk.id, forKey: .id)
    try container.encode(chunk.ordinal, forKey: .ordinal)
    try container.encode(chunk.text, forKey: .text)
    try container.encode(chunk.start, forKey: .start)
    try container.encode(chunk.end, forKey: .end)
    try container.encodeIfPresent(chunk.page, forKey: .page)
    try container.encodeIfPresent(chunk.endPage, forKey: .endPage)
    try container.encode(chunk.headings, forKey: .headings)
    try container.encode(hasVector, forKey: .hasVector)
  }

  enum CodingKeys: String, CodingKey {
    case id = "chunk_id"
    case ordinal, text, start, end, page, headings
    case endPage = "end_page"
    case hasVector = "has_vector"
  }
}

/// Part of a file's text.
private struct FileText: Encodable {
  var fileID: Identifier<File>
  var name: String
  /// Of the bytes the text was read from: places in it hold for these alone.
  var hash: String
  var from: Int
  var to: Int
  /// Of the whole text.
  var length: Int
  var text: String
  var pages: [Page]

  struct Page: Encodable {
    var page: Int
    var start: Int
    var end: Int
  }

  /// A range beyond the text, or longer than one reply takes, is brought into it.
  init(_ file: File, _ extracted: ExtractedText, from: Int, to: Int) {
    let scalars = extracted.text.unicodeScalars
    let length = scalars.count
    let from = min(from, length)
    let to = max(from, min(to, length, from + HTTPLimits.textScalars))
    let start = scalars.index(scalars.startIndex, offsetBy: from)
    let end = scalars.index(start, offsetBy: to - from)
    fileID = file.id
    name = file.name
    hash = file.hash
    self.from = from
    self.to = to
    self.length = length
    text = String(scalars[start..<end])
    pages = extracted.pages.filter { $0.start < to && $0.end > from }.map {
      Page(page: $0.page, start: $0.start, end: $0.end)
    }
  }

  enum CodingKeys: String, CodingKey {
    case fileID = "file_id"
    case name, hash, from, to, length, text, pages
  }
}
