package import Conversation
import Documents
import Logging
import Store

/// Makes files searchable: parse, cut into chunks, embed, and index; a file counts wholly or not at all.
///
/// A file is durable before it comes here. Its chunks can be found by their words as soon as `ingest` returns;
/// the vectors of a long file follow in the background, so that nobody waits minutes for an upload.
package struct Ingester: Sendable {
  /// Chunks that are embedded before a file counts as indexed: about two seconds of one core.
  private static let embeddedAtOnce = 24

  private let store: Store
  private let parser: DocumentParser
  private let embedder: Embedder
  private let indexes: IndexKeeper
  private let backfill: VectorBackfill
  private let logger: Logger

  init(
    store: Store, parser: DocumentParser, embedder: Embedder, indexes: IndexKeeper, backfill: VectorBackfill,
    logger: Logger
  ) {
    self.store = store
    self.parser = parser
    self.embedder = embedder
    self.indexes = indexes
    self.backfill = backfill
    self.logger = logger
  }

  /// Takes in a file whose bytes are in the blobs already.
  ///
  /// The same bytes under the same name in the same namespace are not taken twice: what is there is returned,
  /// or tried again if it had failed.
  /// - Parameter hash: SHA-256 of the bytes, their name in the blobs.
  /// - Throws: `IngestError`, after the reason was stored with the file; `StoreError`.
  package func ingest(
    blob hash: String, sizeBytes: Int, name: String, mediaType: String?, into namespace: Namespace,
    of user: Identifier<User>
  ) async throws -> (file: File, chunks: [Identifier<Conversation.Chunk>]) {
    if let known = try await store.file(in: namespace, hash: hash, name: name) {
      return known.status == .indexed
        ? (known, try await store.chunkIDs(of: known.id)) : try await index(known)
    }
    let file = File(
      userID: user, namespace: namespace, name: name, mediaType: mediaType ?? "application/octet-stream",
      sizeBytes: sizeBytes, hash: hash)
    try await store.receive(file)
    return try await index(file)
  }

  /// Takes up what a process before this one had received and not indexed.
  func resume() async {
    do {
      for file in try await store.filesReceived() { await resume(file) }
    } catch {
      logger.error("received files not taken up", metadata: ["cause": "\(error)"])
    }
  }

  private func resume(_ file: File) async {
    do {
      _ = try await index(file)
    } catch {
      logger.warning("file not indexed", metadata: ["file": "\(file.id)", "cause": "\(error)"])
    }
  }

  private func index(_ file: File) async throws -> (file: File, chunks: [Identifier<Conversation.Chunk>]) {
    let source = try await text(of: file)
    let chunks = Chunker().chunks(of: source).enumerated().map {
      Conversation.Chunk($1, of: file.id, ordinal: $0)
    }
    guard !chunks.isEmpty else { throw try await failed(file, .empty) }
    let isShort = chunks.count <= Self.embeddedAtOnce
    let vectors = isShort ? try await embedder.embed(chunks.map(\.textInContext)) : nil
    let extracted = ExtractedText(source)
    let mediaType = source.mediaType
    let stored = try await store.index(
      file.id, text: extracted, mediaType: mediaType, chunks: chunks, vectors: vectors,
      model: Embedder.modelName)
    if let vectors {
      try await indexes.add(zip(stored.map(\.key), vectors).map { ($0, $1) }, to: file.namespace)
    } else {
      backfill.wake()
    }
    guard let indexed = try await store.file(file.id, visibleTo: file.userID) else {
      throw EngineError.fileNotFound
    }
    return (indexed, stored.map(\.id))
  }

  private func text(of file: File) async throws -> SourceText {
    do throws(DocumentError) {
      guard let path = store.blobs.path(of: file.hash) else { throw .unreadable(why: "its bytes are gone") }
      return try await parser.parse(fileAt: path, named: file.name, mediaType: file.mediaType)
    } catch {
      throw try await failed(file, error)
    }
  }

  /// Stores why the file failed, unless that may pass: then it stays received, and is taken up when it is sent
  /// again or the program starts.
  private func failed(_ file: File, _ error: DocumentError) async throws -> IngestError {
    switch error {
    case .busy, .cancelled: break
    case .unsupported, .encrypted, .noText, .empty, .malformed, .tooLarge, .timedOut, .parserUnavailable,
      .unreadable:
      try await store.fail(file.id, reason: error.description)
    }
    return IngestError(fileName: file.name, error)
  }

  /// Takes a file out of the knowledge, with its text, chunks and bytes.
  package func delete(_ file: Identifier<File>, of user: Identifier<User>) async throws {
    guard let deleted = try await store.deleteFile(file, of: user) else { throw EngineError.fileNotFound }
    await indexes.drop(deleted.namespace)
  }

  /// To be told when an assistant or a thread was deleted with all it held.
  package func forget(_ namespace: Namespace) async {
    await indexes.delete(namespace)
  }
}

extension Conversation.Chunk {
  fileprivate init(_ chunk: Documents.Chunk, of file: Identifier<File>, ordinal: Int) {
    self.init(
      fileID: file, ordinal: ordinal, text: chunk.text, start: chunk.range.lowerBound,
      end: chunk.range.upperBound, page: chunk.page, endPage: chunk.endPage, headings: chunk.headings)
  }

  /// What is embedded: the text under the headings it stands under.
  var textInContext: String {
    headings.isEmpty ? text : headings.joined(separator: " › ") + "\n" + text
  }
}

extension ExtractedText {
  fileprivate init(_ source: SourceText) {
    self.init(
      text: source.text, title: source.title,
      pages: source.pages.map {
        PageSpan(page: $0.number, start: $0.range.lowerBound, end: $0.range.upperBound)
      })
  }
}
