import Conversation
import Engine
import Foundation
import Hummingbird
import Store

/// Files given to an assistant, a thread or a collection as knowledge.
struct IngestRoutes: Sendable {
  let engine: Engine

  /// Takes in a form with `files` and `config`, which names one owner, and answers when they are searchable.
  ///
  /// The bytes go to disk as they come. Each file is taken in by itself: one that fails keeps no other from
  /// becoming knowledge, and is named in the refusal.
  /// - Returns: for each file the ids of its chunks.
  func ingest(_ call: Call, _ user: Owner) async throws -> Response {
    var chunks: [[Identifier<Chunk>]] = []
    for taken in try await receive(call, user) { chunks.append(try await engine.ingester.chunks(of: taken)) }
    return try .json(chunks)
  }

  /// Takes in the same form, and answers as soon as the files are durable.
  func receive(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await receive(call, user).map { TakenReply($0.receipt) })
  }

  private func receive(_ call: Call, _ user: Owner) async throws -> [Ingester.Taken] {
    let form = try await UploadForm(call, blobs: engine.store.blobs)
    let target = try KnowledgeTarget(formField: form.fields["config"])
    let namespace = try await target.open(to: user, in: engine.store)
    call.audit.add(object: target.label, ["files": .array(form.files.map { .string($0.name) })])
    var taken: [Ingester.Taken] = []
    for file in form.files {
      do {
        taken.append(
          try await engine.ingester.receive(
            blob: file.hash, sizeBytes: file.sizeBytes, name: form.path(of: file), mediaType: file.mediaType,
            into: namespace, of: user))
      } catch StoreError.notFound {
        // Its owner was deleted meanwhile.
        throw target.notFound
      }
    }
    return taken
  }

  /// Takes in a page of the web by its address, and answers before it is fetched.
  func receivePage(_ call: Call, _ user: Owner) async throws -> Response {
    let payload = try PagePayload(await call.json())
    let namespace = try await payload.target.open(to: user, in: engine.store)
    call.audit.add(object: payload.target.label, ["url": .string(payload.url)])
    do {
      return try .json(await engine.ingester.receive(url: payload.url, into: namespace, of: user))
    } catch StoreError.notFound {
      throw payload.target.notFound
    }
  }
}

/// A file that was taken in, and whether it was there already.
private struct TakenReply: Encodable {
  let outcome: String
  let file: File

  init(_ receipt: Receipt) {
    file = receipt.file
    outcome =
      switch receipt {
      case .new: "new"
      case .changed: "changed"
      case .known: "known"
      }
  }
}

/// The address of a page, and whose knowledge it is to be.
private struct PagePayload {
  let url: String
  let target: KnowledgeTarget

  init(_ json: JSON) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    url = body.string("url").trimmingCharacters(in: .whitespacesAndNewlines)
    let config = body.object("config")
    let parts = url.lowercased().split(separator: "://", maxSplits: 1)
    if !["http", "https"].contains(parts.first) || parts.count < 2 || url.contains(where: \.isWhitespace) {
      body.reject("url", as: "url_parsing", "Input should be an address with http:// or https://")
    } else if url.utf8.count > HTTPLimits.pageAddressBytes {
      body.reject(
        "url", as: "string_too_long", "String should have at most \(HTTPLimits.pageAddressBytes) characters",
        context: ["max_length": .integer(HTTPLimits.pageAddressBytes)])
    }
    try body.check()
    target = try KnowledgeTarget(config)
  }
}
