import Conversation
import Engine
import Foundation
import Hummingbird
import NIOCore
import Store

/// The files of assistants and threads: listed, read, deleted.
struct FileRoutes: Sendable {
  let engine: Engine

  func listOfAssistant(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Assistant> = try call.identifier("assistant_id", orThrow: .assistantNotFound)
    guard try await engine.store.assistant(id, visibleTo: user) != nil else {
      throw EngineError.assistantNotFound
    }
    return try .json(await engine.store.files(in: .assistant(id), page: call.page()))
  }

  func listOfThread(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    guard try await engine.store.thread(id, of: user) != nil else { throw EngineError.threadNotFound }
    return try .json(await engine.store.files(in: .thread(id), page: call.page()))
  }

  func get(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await file(call, user))
  }

  func delete(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<File> = try call.identifier("file_id", orThrow: .fileNotFound)
    try await engine.ingester.delete(id, of: user)
    return .done
  }

  private func file(_ call: Call, _ user: Owner) async throws -> File {
    let id: Identifier<File> = try call.identifier("file_id", orThrow: .fileNotFound)
    guard let file = try await engine.store.file(id, visibleTo: user) else { throw EngineError.fileNotFound }
    return file
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

  /// Part of what was read out of the file; places count Unicode scalars.
  func text(_ call: Call, _ user: Owner) async throws -> Response {
    let from = try call.integer("from", in: 0...Int.max) ?? 0
    let to = try call.integer("to", in: 0...Int.max) ?? Int.max
    let file = try await file(call, user)
    guard let extracted = try await engine.store.text(of: file.id) else {
      throw Refusal(.notFound, file.failure ?? "The file has not been read yet")
    }
    return try .json(FileText(file, extracted, from: from, to: to))
  }
}

/// Part of a file's text.
private struct FileText: Encodable {
  var fileID: Identifier<File>
  var name: String
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
    case name, from, to, length, text, pages
  }
}
