import Conversation
import Documents
import Logging
import Store

/// Works on the files that were received: a few at a time, fairly among users, each in its stages; can be told
/// to stop one, and goes on after a crash where the store says.
///
/// It owns what is in line and under way. What a file has come to is in the store; what is known only while
/// the work goes on (stage, progress) is here, laid over what the store says.
actor FilePipeline {
  /// Files read at once: as many as the parser takes, each a process of its own.
  private static let readersAtOnce = 2
  /// Files embedded at once. Their batches take turns on one core, so a short file is not held up by a long one.
  private static let embeddersAtOnce = 4
  /// The shortest time between two reports of the progress within one stage.
  private static let reportInterval = Duration.milliseconds(250)

  private let work: FileWork
  private let store: Store
  private let feed: FileFeed
  private let logger: Logger
  private var reading = FairQueue(width: FilePipeline.readersAtOnce)
  private var embedding = FairQueue(width: FilePipeline.embeddersAtOnce)
  /// What is to be embedded, for the files in line for it.
  private var readings: [Identifier<File>: FileWork.Reading] = [:]
  private var tasks: [Identifier<File>: Task<Void, Never>] = [:]
  private var live: [Identifier<File>: (file: File, at: ContinuousClock.Instant)] = [:]
  /// For the files in line or under way: over when they are searchable with what they say now, or never will be.
  private var completions: [Identifier<File>: Completion] = [:]
  /// Under way, but to be read anew at once: their bytes have changed meanwhile.
  private var again: Set<Identifier<File>> = []
  private var isStopping = false

  /// Files in line or under way, by what is done with them.
  var counts: [(stage: String, waiting: Int, underWay: Int)] {
    [
      ("reading", reading.counts.waiting, reading.counts.underWay),
      ("embedding", embedding.counts.waiting, embedding.counts.underWay),
    ]
  }

  init(work: FileWork, feed: FileFeed, logger: Logger) {
    self.work = work
    self.store = work.store
    self.feed = feed
    self.logger = logger
  }

  // MARK: In line

  /// Puts a file in line to be read; one that is under way is begun anew.
  @discardableResult
  func enqueue(_ file: File) -> Completion {
    let completion = completions[file.id] ?? Completion()
    guard !isStopping else {
      completion.end(with: .failure(CancellationError()))
      return completion
    }
    completions[file.id] = completion
    readings[file.id] = nil
    embedding.withdraw(file.id)
    if tasks[file.id] != nil {
      again.insert(file.id)
      tasks[file.id]?.cancel()
    } else {
      reading.add(file.id, of: file.userID)
    }
    feed.post(file)
    pump()
    return completion
  }

  /// How the work on a file will end; nil when there is none.
  func completion(of file: Identifier<File>) -> Completion? { completions[file] }

  /// Puts a file in line for its vectors: it is searchable by its words.
  func enqueueForVectors(_ file: File) {
    guard !isStopping, tasks[file.id] == nil else { return }
    readings[file.id] = FileWork.Reading(file: file, unpublished: nil, chunkCount: file.chunkCount)
    embedding.add(file.id, of: file.userID)
    feed.post(file)
    pump()
  }

  /// Takes up what a process before this one left in line.
  func resume() async {
    do {
      for file in try await store.filesOpen() {
        if file.status == .embedding { enqueueForVectors(file) } else { enqueue(file) }
      }
    } catch {
      logger.error("received files not taken up", metadata: ["cause": "\(error)"])
    }
  }

  /// Ends the work on a file; the store was told before. Who waits for it is told that it was stopped.
  func stop(_ file: File) {
    reading.withdraw(file.id)
    embedding.withdraw(file.id)
    readings[file.id] = nil
    again.remove(file.id)
    tasks[file.id]?.cancel()
    answer(file.id, with: .failure(IngestError(fileName: file.name, .cancelled)))
  }

  /// Stops all work, to be taken up by the next process.
  func stop() async {
    isStopping = true
    let running = Array(tasks.values)
    for task in running { task.cancel() }
    for task in running { await task.value }
    for file in Array(completions.keys) { answer(file, with: .failure(CancellationError())) }
  }

  /// The files as they are at this moment: what the store does not know is laid over.
  func current(_ files: [File]) -> [File] {
    files.map { file in
      guard let live = live[file.id]?.file, file.status.isOpen else { return file }
      var current = file
      (current.status, current.progress) = (live.status, live.progress)
      return current
    }
  }

  // MARK: Under way

  private func pump() {
    while let file = reading.startNext() {
      tasks[file] = Task { await self.read(file) }
    }
    while let file = embedding.startNext() {
      tasks[file] = Task { await self.embed(file) }
    }
  }

  private func read(_ id: Identifier<File>) async {
    var outcome: Result<FileWork.Outcome, any Error>
    do {
      guard let file = try await store.fileForWork(id) else { throw StoreError.notFound }
      outcome = .success(
        try await work.read(file) { file, status, progress in await self.note(file, status, progress) })
    } catch {
      outcome = .failure(error)
    }
    tasks[id] = nil
    reading.finish(id)
    switch outcome {
    case .success(.done): await finish(id)
    case .success(.wantsVectors(let reading)): await embedLater(reading)
    case .failure(let error): await failed(id, error)
    }
    restartIfWanted(id)
    pump()
  }

  private func embedLater(_ reading: FileWork.Reading) async {
    if reading.unpublished == nil { answer(reading.file.id, with: .success(())) }
    guard !again.contains(reading.file.id), !isStopping else { return }
    readings[reading.file.id] = reading
    embedding.add(reading.file.id, of: reading.file.userID)
  }

  private func embed(_ id: Identifier<File>) async {
    guard let reading = readings.removeValue(forKey: id) else {
      tasks[id] = nil
      return embedding.finish(id)
    }
    var failure: (any Error)?
    do {
      try await work.embed(reading) { file, status, progress in await self.note(file, status, progress) }
    } catch {
      failure = error
    }
    tasks[id] = nil
    embedding.finish(id)
    if let failure { await failed(id, failure) } else { await finish(id) }
    restartIfWanted(id)
    pump()
  }

  private func restartIfWanted(_ id: Identifier<File>) {
    guard again.remove(id) != nil, !isStopping else { return }
    Task {
      if let file = try? await store.fileForWork(id) { enqueue(file) }
    }
  }

  private func finish(_ id: Identifier<File>) async {
    live[id] = nil
    if let file = try? await store.fileForWork(id) { feed.post(file) }
    answer(id, with: .success(()))
  }

  /// Stores why a file failed, unless it was stopped, deleted or changed: then whoever did that has said so.
  private func failed(_ id: Identifier<File>, _ error: any Error) async {
    live[id] = nil
    if again.contains(id) { return }
    switch error {
    case is CancellationError, StoreError.notFound: break
    case let error as IngestError: await store(id, reason: error.reason)
    default:
      logger.error("file not read", metadata: ["file": "\(id)", "cause": "\(error)"])
      await store(id, reason: Self.reason(for: error))
    }
    answer(id, with: .failure(error))
  }

  private func store(_ id: Identifier<File>, reason: String) async {
    do {
      try await store.fail(id, reason: reason)
      if let file = try await store.fileForWork(id) { feed.post(file) }
    } catch {
      logger.error("failure not stored", metadata: ["file": "\(id)", "cause": "\(error)"])
    }
  }

  private static func reason(for error: any Error) -> String {
    switch error {
    case StoreError.diskFull: "The disk of the server is full. Make room, then try again."
    case StoreError.quotaExceeded(let used, let limit):
      "Your files take \(used >> 20) of the \(limit >> 20) MB you may use. Delete some, then try again."
    default: "The server failed while it read the file; its log tells why. Try again."
    }
  }

  private func answer(_ id: Identifier<File>, with result: Result<Void, any Error>) {
    completions.removeValue(forKey: id)?.end(with: result)
  }

  private func note(_ file: File, _ status: File.Status, _ progress: File.Progress?) {
    guard tasks[file.id] != nil, !again.contains(file.id) else { return }
    let last = live[file.id]
    var current = file
    (current.status, current.progress) = (status, progress)
    current.isSearchable = file.isSearchable || status == .embedding
    let isDue =
      last?.file.status != status || ContinuousClock.now - (last?.at ?? .now) >= Self.reportInterval
    live[file.id] = (current, isDue ? .now : last?.at ?? .now)
    if isDue { feed.post(current) }
  }
}
