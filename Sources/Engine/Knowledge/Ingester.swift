package import Conversation
import Documents
import Logging
import Metering
package import Store

/// Makes files searchable, and is the door to all that is done with them: taken in, watched, stopped, read
/// anew, deleted.
///
/// A file is durable before it comes here, and counts wholly or not at all. The work is done in a queue (see
/// `FilePipeline`), stage by stage: read, cut, embedded, published.
package struct Ingester: Sendable {
  private let store: Store
  private let pipeline: FilePipeline
  private let spaces: Spaces
  /// For users whose budget says nothing.
  private let quotaBytes: Int?
  private let logger: Logger
  /// What changes in users' files, for those who watch.
  package let feed: FileFeed

  init(
    store: Store, parser: DocumentParser, spaces: Spaces, backfill: VectorBackfill,
    fetcher: WebFetcher? = nil, chunker: Chunker = Chunker(), quotaBytes: Int? = nil, logger: Logger
  ) {
    self.store = store
    self.spaces = spaces
    self.quotaBytes = quotaBytes
    self.logger = logger
    feed = FileFeed()
    let work = FileWork(
      store: store, parser: parser, spaces: spaces, fetcher: fetcher,
      chunker: chunker, quotaBytes: quotaBytes, backfill: backfill)
    pipeline = FilePipeline(work: work, feed: feed, logger: logger)
  }

  /// Takes up what a process before this one left in line, for as long as the task goes on.
  func resume() async {
    await pipeline.resume()
  }

  /// Stops all work; the next start takes it up.
  func stop() async {
    await pipeline.stop()
  }

  /// How long the lines are.
  func measure(into exposition: inout Exposition) async {
    let counts = await pipeline.counts
    exposition.gauge(
      "files_queued", "Files in line, and files that are worked on.",
      counts.flatMap { stage, waiting, underWay in
        [
          .init(Double(waiting), ["stage": stage, "state": "waiting"]),
          .init(Double(underWay), ["stage": stage, "state": "active"]),
        ]
      })
  }

  // MARK: Taking in

  /// A file that was taken in, and how its way into the knowledge will end.
  package struct Taken: Sendable {
    package let receipt: Receipt
    /// Nil when nothing is left to do.
    let completion: Completion?
  }

  /// Takes in a file whose bytes are in the blobs already, and puts it in line.
  ///
  /// Bytes that are in the namespace already are not taken twice; other bytes under a name that is there
  /// replace what it said once they are read.
  /// - Parameter hash: SHA-256 of the bytes, their name in the blobs.
  /// - Returns: once that is durable.
  /// - Throws: `StoreError`: `.notFound` for a namespace that is not the user's, `.quotaExceeded`.
  package func receive(
    blob hash: String, sizeBytes: Int, name: String, mediaType: String?, into namespace: Namespace,
    of user: Identifier<User>
  ) async throws -> Taken {
    let file = File(
      userID: user, namespace: namespace, name: name, mediaType: mediaType ?? "application/octet-stream",
      sizeBytes: sizeBytes, hash: hash)
    let receipt = try await store.receive(file, quotaBytes: quota(of: user))
    switch receipt {
    case .new(let file), .changed(let file):
      return Taken(receipt: receipt, completion: await pipeline.enqueue(file))
    case .known(let file):
      let retried = try await retry(file)
      return Taken(receipt: .known(retried), completion: await pipeline.completion(of: file.id))
    }
  }

  /// Takes in a page of the web, and puts it in line to be fetched; one that is there already is fetched again.
  /// - Parameter url: with `http://` or `https://`.
  package func receive(
    url: String, into namespace: Namespace, of user: Identifier<User>
  ) async throws -> File {
    var file = File(
      userID: user, namespace: namespace, name: Self.name(of: url), mediaType: "text/html", sizeBytes: 0,
      hash: "")
    file.origin = WebOrigin(url: url)
    switch try await store.receive(file, quotaBytes: quota(of: user)) {
    case .known(let known): return try await refetch(known)
    case .new(let file), .changed(let file):
      await pipeline.enqueue(file)
      return file
    }
  }

  /// The chunks of a file that was taken in, once it is searchable.
  /// - Throws: `IngestError`, after the reason was stored with the file.
  package func chunks(of taken: Taken) async throws -> [Identifier<Conversation.Chunk>] {
    try await taken.completion?.value()
    return try await store.chunkIDs(of: taken.receipt.file.id)
  }

  /// Takes in a file and returns once it is searchable.
  /// - Throws: `IngestError`, after the reason was stored with the file; `StoreError`.
  package func ingest(
    blob hash: String, sizeBytes: Int, name: String, mediaType: String?, into namespace: Namespace,
    of user: Identifier<User>
  ) async throws -> (file: File, chunks: [Identifier<Conversation.Chunk>]) {
    let taken = try await receive(
      blob: hash, sizeBytes: sizeBytes, name: name, mediaType: mediaType, into: namespace, of: user)
    let chunks = try await chunks(of: taken)
    return (try await file(taken.receipt.file.id, visibleTo: user), chunks)
  }

  /// The last part of an address that tells something.
  private static func name(of url: String) -> String {
    let address = url.split(separator: "?")[0].split(separator: "#")[0]
    let parts = address.split(separator: "/").dropFirst().map(String.init)
    return String((parts.count > 1 ? parts.last ?? "" : parts.first ?? url).prefix(200))
  }

  /// Gives a thread or an assistant the files of another one, to be read there.
  package func copyFiles(
    of original: Namespace, to copy: Namespace, for user: Identifier<User>
  ) async throws {
    for file in try await store.files(in: original).reversed() {
      if let origin = file.origin {
        _ = try await receive(url: origin.url, into: copy, of: user)
      } else {
        _ = try await receive(
          blob: file.hash, sizeBytes: file.sizeBytes, name: file.name, mediaType: file.mediaType, into: copy,
          of: user)
      }
    }
  }

  // MARK: Files as they are

  /// The files of a namespace, newest first, as they are at this moment. The caller has made sure that the
  /// user may see it.
  package func files(
    in namespace: Namespace, statuses: Set<File.Status>? = nil, page: Page
  ) async throws -> [File] {
    try await pipeline.current(store.files(in: namespace, statuses: statuses, page: page))
  }

  /// The user's files with work to do, oldest first, as they are at this moment.
  package func openFiles(of user: Identifier<User>) async throws -> [File] {
    try await pipeline.current(store.filesOpen(of: user))
  }

  /// The file as it is at this moment, if it is the user's own or known to a public assistant.
  package func file(_ id: Identifier<File>, visibleTo user: Identifier<User>) async throws -> File {
    guard let file = try await store.file(id, visibleTo: user) else { throw EngineError.fileNotFound }
    return await pipeline.current([file])[0]
  }

  /// Bytes that the user's files take, and that they may take; nil for as much as there is room.
  package func usage(of user: Identifier<User>) async throws -> (usedBytes: Int, limitBytes: Int?) {
    (try await store.bytesUsed(by: user), try await quota(of: user))
  }

  private func quota(of user: Identifier<User>) async throws -> Int? {
    try await store.budget(of: user).storageBytes ?? quotaBytes
  }

  // MARK: Changing

  /// Stops the work on the user's file; what it said before is served on.
  package func cancel(_ id: Identifier<File>, of user: Identifier<User>) async throws -> File {
    let file = try await own(id, of: user)
    if try await store.cancelWork(on: id) { await pipeline.stop(file) }
    return try await posted(id, of: user)
  }

  /// Goes on with a file of the user's that failed or was stopped; leaves any other as it is.
  package func retry(_ id: Identifier<File>, of user: Identifier<User>) async throws -> File {
    try await retry(own(id, of: user))
  }

  private func retry(_ file: File) async throws -> File {
    guard try await store.retryWork(on: file.id) else { return file }
    let waiting = try await own(file.id, of: file.userID)
    if waiting.status == .embedding {
      await pipeline.enqueueForVectors(waiting)
    } else {
      await pipeline.enqueue(waiting)
    }
    return waiting
  }

  /// Reads the user's file anew; what it said before serves until that is done.
  package func reread(_ id: Identifier<File>, of user: Identifier<User>) async throws -> File {
    _ = try await own(id, of: user)
    try await store.reread(id)
    let waiting = try await own(id, of: user)
    await pipeline.enqueue(waiting)
    return waiting
  }

  /// Fetches the user's page of the web again, and reads it if it has changed.
  package func refetch(_ id: Identifier<File>, of user: Identifier<User>) async throws -> File {
    let file = try await own(id, of: user)
    return file.origin == nil ? file : try await refetch(file)
  }

  /// Has the user's page of the web fetched again by itself.
  /// - Parameter hours: after how many, again and again; nil for never.
  /// - Throws: `StoreError.notFound` for what is no page of the web.
  package func schedule(
    _ id: Identifier<File>, everyHours hours: Int?, of user: Identifier<User>
  ) async throws -> File {
    _ = try await own(id, of: user)
    try await store.scheduleRefetch(of: id, everyHours: hours)
    return try await posted(id, of: user)
  }

  /// Fetches the pages whose time has come, until the task is cancelled. They stand in the same line as what
  /// people give, and serve what they said before.
  func refetchWhenDue() async {
    while !Task.isCancelled {
      do {
        for file in try await store.takePagesToRefetch(limit: Self.pagesAtOnce) {
          // Deleted meanwhile: then there is nothing to fetch.
          _ = try? await refetch(file)
        }
      } catch {
        logger.warning("pages not fetched again; tried again in a minute", metadata: ["cause": "\(error)"])
      }
      try? await Task.sleep(for: .seconds(60))
    }
  }

  /// Pages put in line in a minute: other people's servers are not to be stormed.
  private static let pagesAtOnce = 20

  private func refetch(_ file: File) async throws -> File {
    try await store.refetch(file.id)
    let waiting = try await own(file.id, of: file.userID)
    await pipeline.enqueue(waiting)
    return waiting
  }

  /// Takes a file out of the knowledge, with its text, chunks and bytes.
  package func delete(_ file: Identifier<File>, of user: Identifier<User>) async throws {
    guard let deleted = try await store.deleteFile(file, of: user) else { throw EngineError.fileNotFound }
    await pipeline.stop(deleted)
    feed.postDeleted(deleted)
    await spaces.drop(deleted.namespace)
  }

  /// To be told when an assistant, a thread or a collection was deleted with all it held.
  package func forget(_ namespace: Namespace) async {
    await spaces.delete(namespace)
  }

  private func own(_ id: Identifier<File>, of user: Identifier<User>) async throws -> File {
    guard let file = try await store.file(id, visibleTo: user), file.userID == user else {
      throw EngineError.fileNotFound
    }
    return file
  }

  private func posted(_ id: Identifier<File>, of user: Identifier<User>) async throws -> File {
    let file = try await own(id, of: user)
    feed.post(file)
    return file
  }
}
