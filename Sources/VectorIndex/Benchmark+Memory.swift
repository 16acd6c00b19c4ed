#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension IndexBenchmark {
  /// What an opened index keeps in memory, and what it costs to search it before it is there (Linux).
  public struct Residence: Sendable, Codable {
    public var searchCount: Int
    /// Until the first search could begin, with nothing of the file in the system's memory.
    public var openSeconds: Double
    /// Of the first hundred searches after that, by the clock: they wait for the disk.
    public var firstSearchMicroseconds: Double
    /// After all searches: memory of the process's own, what they brought in of codes, links and ids, and of
    /// float vectors. The system takes any of the last two away when it wants memory, and reads it again.
    public var anonymousBytesPerVector: Double
    public var walkBytesPerVector: Double
    public var floatBytesPerVector: Double
  }

  /// Different searches, so that it is not always the same vectors that are scored.
  private static let searchCount = 10_000
  private static let firstSearchCount = 100

  /// Opens an index whose file is on the disk alone, and searches it for vectors of its own.
  func measureResidence(_ path: String) throws(IndexError) -> Residence {
    try forget(path)
    let before = anonymousByteCount()
    let (index, openSeconds) = try measured(CLOCK_MONOTONIC) { () throws(IndexError) in
      try VectorIndex(path: path)
    }
    let count = min(IndexBenchmark.searchCount, vectorCount)
    let firstCount = min(IndexBenchmark.firstSearchCount, count)
    func search(_ numbers: Range<Int>) throws(IndexError) {
      for number in numbers {
        _ = try index.search(vector(number * vectorCount / count), count: 10)
      }
    }
    let (_, firstSeconds) = try measured(CLOCK_MONOTONIC) { () throws(IndexError) in
      // Spread over all of them, as those that follow are.
      for number in 0..<firstCount {
        let far = number * count / firstCount
        try search(far..<far + 1)
      }
    }
    try search(0..<count)
    let file = try SnapshotReader(path: path)
    let rows = Double(max(vectorCount, 1))
    return Residence(
      searchCount: count, openSeconds: openSeconds,
      firstSearchMicroseconds: firstSeconds / Double(max(firstCount, 1)) * 1e6,
      anonymousBytesPerVector: Double(anonymousByteCount() - before) / rows,
      walkBytesPerVector: Double(file.residentByteCount { $0 != .vectors }) / rows,
      floatBytesPerVector: Double(file.residentByteCount { $0 == .vectors }) / rows)
  }

  /// Has the system drop what it keeps of a file.
  private func forget(_ path: String) throws(IndexError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .file(operation: "open", code: errno) }
    defer { close(file) }
    #if os(Linux)
      posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
    #endif
  }

  /// What of this process is in memory and in no file.
  private func anonymousByteCount() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var pages = (total: 0, resident: 0, ofFiles: 0)
    let count = withUnsafeMutablePointer(to: &pages.total) { total in
      withUnsafeMutablePointer(to: &pages.resident) { resident in
        withUnsafeMutablePointer(to: &pages.ofFiles) { ofFiles in
          withVaList([total, resident, ofFiles]) { vfscanf(file, "%ld %ld %ld", $0) }
        }
      }
    }
    return count == 3 ? (pages.resident - pages.ofFiles) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}

extension SnapshotReader {
  /// How much of these sections the system holds in memory, whoever brought it in.
  func residentByteCount(_ isWanted: (Snapshot.Section) -> Bool) -> Int {
    Snapshot.Section.allCases.filter(isWanted).reduce(0) { $0 + memory.residentByteCount(in: range($1)) }
  }
}

extension Memory {
  /// The range must start on a page.
  fileprivate func residentByteCount(in range: Range<Int>) -> Int {
    let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    var pages = [UInt8](repeating: 0, count: (range.count + pageSize - 1) / pageSize)
    guard !pages.isEmpty, mincore(base + range.lowerBound, range.count, &pages) == 0 else { return 0 }
    return pages.count { $0 & 1 == 1 } * pageSize
  }
}
