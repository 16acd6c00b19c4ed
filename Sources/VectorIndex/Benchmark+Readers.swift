import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension IndexBenchmark {
  /// Searches on one thread while another inserts, replaces, removes and saves.
  public struct Readers: Sendable, Codable {
    public var searchCount: Int
    public var writeCount: Int
    /// Searches in which the thread went to sleep: for a lock, or for a page of a file. That others had the
    /// processor meanwhile does not count.
    public var waitCount: Int
    /// The longest of those, by the clock; 0 where none waited.
    public var longestWaitMicroseconds: Double
  }

  private static let rowCount = 20_000
  private static let writeCount = 60

  func measureReaders(indexPath: String) throws(IndexError) -> Readers {
    let count = min(vectorCount, IndexBenchmark.rowCount)
    let index = try emptyIndex(exactLimit: parameters.exactLimit)
    try index.insert(try batch(0..<count))
    let isDone = Atomic(false)
    let readers = Mutex(
      Readers(searchCount: 0, writeCount: 0, waitCount: 0, longestWaitMicroseconds: 0))
    let failure = Mutex<IndexError?>(nil)
    // Two of four numbers each: the writer's thread takes the first, the reader's the next.
    Workers.run(0..<4, threadCount: 2, grain: 1) { number in
      do throws(IndexError) {
        switch number {
        case 0:
          defer { isDone.store(true, ordering: .releasing) }
          let written = try change(index, count: count, savingTo: indexPath + ".readers")
          readers.withLock { $0.writeCount = written }
        case 1:
          while !isDone.load(ordering: .acquiring) { try watch(index, readers) }
        default: break
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    unlink(indexPath + ".readers")
    if let failure = failure.withLock({ $0 }) { throw failure }
    return readers.withLock { $0 }
  }

  /// Removes rows and puts others under their ids, until a few compactions and saves have been.
  private func change(_ index: VectorIndex, count: Int, savingTo path: String) throws(IndexError) -> Int {
    let changedCount = max(count / 40, 1)
    for round in 0..<IndexBenchmark.writeCount {
      let first = round % 40 * changedCount
      let changed = min(first, count)..<min(first + changedCount, count)
      if round % 2 == 0 { index.remove(changed.map(Int64.init)) }
      try index.insert(try batch(changed, id: { $0 }))
      if round % 10 == 9 { try index.save(to: path) }
    }
    return IndexBenchmark.writeCount
  }

  /// One search, and whether it waited.
  private func watch(_ index: VectorIndex, _ readers: borrowing Mutex<Readers>) throws(IndexError) {
    let number = readers.withLock { $0.searchCount }
    let sleeps = sleepCount()
    let (_, seconds) = try measured(CLOCK_MONOTONIC) { () throws(IndexError) in
      try index.search(queries[number % queries.count], count: 10)
    }
    let hasWaited = sleepCount() > sleeps
    readers.withLock { readers in
      readers.searchCount += 1
      guard hasWaited else { return }
      readers.waitCount += 1
      readers.longestWaitMicroseconds = max(readers.longestWaitMicroseconds, seconds * 1e6)
    }
  }

  /// `RUSAGE_THREAD`, which the system's headers hide from Swift.
  private static let thisThread: Int32 = 1

  /// How often this thread has given up the processor of its own accord (Linux).
  private func sleepCount() -> Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(IndexBenchmark.thisThread, &usage)
    #endif
    return usage.ru_nvcsw
  }
}
