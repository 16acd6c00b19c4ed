import Conversation
import Documents
import Store

/// The work on one file, stage by stage: fetch, read, cut, store, embed. It owns nothing; the pipeline decides
/// what is worked on and when, and the store what counts.
struct FileWork: Sendable {
  /// Chunks that are embedded before a file is published: about two seconds of one core.
  static let embeddedAtOnce = 24

  let store: Store
  let parser: DocumentParser
  let spaces: Spaces
  let fetcher: WebFetcher?
  let chunker: Chunker
  let quotaBytes: Int?
  /// Gives chunks the vectors that they lack where another model came to serve while a file was under way.
  let backfill: VectorBackfill

  /// Told how the work goes.
  typealias Report = @Sendable (File, File.Status, File.Progress?) async -> Void

  /// What is left to do once a file is read.
  enum Outcome: Sendable {
    case done
    /// It is searchable by words, or what it said before is; vectors are to be made.
    case wantsVectors(Reading)
  }

  /// A file that was read, whose chunks are stored.
  struct Reading: Sendable {
    let file: File
    /// Nil when it is published already.
    let unpublished: (attempt: Attempt, facts: ReadingFacts)?
    let chunkCount: Int
  }

  // MARK: Reading

  /// Reads a file that waits for it. A short one is published with its vectors, a long new one with its words,
  /// and one that was searchable before keeps serving until `embed` has made all of its vectors.
  /// - Throws: `IngestError`, `CancellationError`, or what the store throws; `.notFound` when the file was
  ///   deleted or changed meanwhile.
  @concurrent func read(_ file: File, report: Report) async throws -> Outcome {
    if let origin = file.origin, origin.fetchedAt == nil {
      guard try await fetch(file, from: origin, report: report) else { return .done }
    }
    guard let attempt = try await store.beginAttempt(at: file.id) else { throw StoreError.notFound }
    await report(attempt.file, .reading, nil)
    let source = try await text(of: attempt.file)
    await report(attempt.file, .chunking, nil)
    let chunks = chunker.chunks(of: source).enumerated().map {
      Conversation.Chunk($1, of: file.id, ordinal: $0)
    }
    guard !chunks.isEmpty else { throw IngestError(fileName: file.name, .empty) }
    return try await store(chunks, source, by: attempt, report: report)
  }

  /// - Returns: whether there is something new to read.
  private func fetch(_ file: File, from origin: WebOrigin, report: Report) async throws -> Bool {
    guard let fetcher else { throw IngestError(fileName: file.name, "This server fetches no pages.") }
    await report(file, .fetching, nil)
    let (content, origin) = try await fetcher.fetch(file, from: origin) { bytes, total in
      await report(file, .fetching, File.Progress(done: bytes, total: total))
    }
    let quota = try await store.budget(of: file.userID).storageBytes ?? quotaBytes
    let after = try await store.fetched(content, of: file.id, origin: origin, quotaBytes: quota)
    if after.isSearchable, after.replacement == nil {
      try await store.keepAsRead(file.id)
      return false
    }
    return true
  }

  private func text(of file: File) async throws -> SourceText {
    do throws(DocumentError) {
      guard let path = store.blobs.path(of: file.newest.hash) else {
        throw .unreadable(why: "its bytes are gone")
      }
      return try await parser.parse(fileAt: path, named: file.name, mediaType: file.newest.mediaType)
    } catch .cancelled {
      throw CancellationError()
    } catch {
      throw IngestError(fileName: file.name, error)
    }
  }

  private func store(
    _ chunks: [Conversation.Chunk], _ source: SourceText, by attempt: Attempt, report: Report
  ) async throws -> Outcome {
    let text = ExtractedText(source)
    let facts = ReadingFacts(text, mediaType: source.mediaType, chunkCount: chunks.count)
    let space = spaces.serving
    let vectors =
      chunks.count <= Self.embeddedAtOnce ? try await space.embedder.embed(chunks.map(\.textInContext)) : nil
    var stored: [Conversation.Chunk] = []
    while stored.count < chunks.count {
      try Task.checkCancellation()
      let part = stored.count..<min(stored.count + Store.chunksAtOnce, chunks.count)
      stored += try await store.add(
        Array(chunks[part]), vectors: vectors.map { Array($0[part]) }, model: space.model,
        by: attempt)
      await report(attempt.file, .chunking, File.Progress(done: stored.count, total: chunks.count))
    }
    try await store.save(text, by: attempt)
    if vectors != nil || !space.embedder.isInstalled {
      try await publish(attempt, as: facts, status: .indexed)
      return .done
    }
    guard !attempt.file.isSearchable else {
      return .wantsVectors(
        Reading(file: attempt.file, unpublished: (attempt, facts), chunkCount: chunks.count))
    }
    try await publish(attempt, as: facts, status: .embedding)
    return .wantsVectors(Reading(file: attempt.file, unpublished: nil, chunkCount: chunks.count))
  }

  /// Open indexes are brought level: they learn the new vectors and lose those that are served no more.
  private func publish(_ attempt: Attempt, as facts: ReadingFacts, status: File.Status) async throws {
    try await store.publish(attempt, as: facts, status: status)
    await spaces.drop(attempt.file.namespace)
    if status == .indexed { backfill.wake() }
  }

  // MARK: Embedding

  /// Makes the vectors that a file still lacks, some at a time, so that files take turns.
  @concurrent func embed(_ reading: Reading, report: Report) async throws {
    var last: Int64 = 0
    while let batch = try await embedNext(of: reading, after: last) {
      last = batch.key
      let progress = File.Progress(done: batch.ordinal + 1, total: reading.chunkCount)
      await report(reading.file, .embedding, progress)
    }
    if let (attempt, facts) = reading.unpublished {
      try await publish(attempt, as: facts, status: .indexed)
    } else {
      try await store.finishEmbedding(of: reading.file.id)
      backfill.wake()
    }
  }

  /// - Returns: the last chunk that got its vector; nil when there is none left, or no model.
  private func embedNext(of reading: Reading, after key: Int64) async throws -> Conversation.Chunk? {
    try Task.checkCancellation()
    let space = spaces.serving
    let chunks = try await store.chunksWithoutVector(
      model: space.model, of: reading.file.id, attempt: reading.unpublished?.attempt.number, after: key,
      limit: space.embedder.batchSize)
    guard let last = chunks.last, let vectors = try await space.embedder.embed(chunks.map(\.textInContext))
    else {
      return nil
    }
    try Task.checkCancellation()
    let rows = zip(chunks, vectors).map { (key: $0.key, vector: $1) }
    try await store.addVectors(rows, model: space.model)
    if reading.unpublished == nil {
      try await space.indexes.add(rows.map { (id: $0.key, vector: $0.vector) }, to: reading.file.namespace)
    }
    return last
  }
}

extension Conversation.Chunk {
  init(_ chunk: Documents.Chunk, of file: Identifier<File>, ordinal: Int) {
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
