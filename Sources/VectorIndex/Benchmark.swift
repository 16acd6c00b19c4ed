#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Measures an index over files of raw vectors: what it costs to build and open, and what each search
/// width gives in recall and speed.
///
/// Files hold little-endian rows without a header: vectors and queries of `dimensions` floats, truth of
/// 100 32-bit numbers, the rows nearest to each query in order.
public struct IndexBenchmark: Sendable {
  public struct Report: Sendable, Codable {
    public var vectorCount: Int
    public var dimensions: Int
    /// Nil where the index was there already, as is `saveSeconds`.
    public var buildCPUSeconds: Double?
    public var saveSeconds: Double?
    public var openSeconds: Double
    /// What a walk touches: codes and links.
    public var walkBytesPerVector: Double
    public var residence: Residence
    public var fileBytesPerVector: Double
    public var widths: [Width]
    public var changes: Changes?
  }

  /// What one search width gives, over all queries.
  public struct Width: Sendable, Codable {
    public var width: Int
    /// The share of the true ten nearest among the ten found.
    public var recallAt10: Double
    /// For each second of CPU time, so that other work on the machine does not count.
    public var queriesPerCPUSecond: Double
    /// On two threads at once, by the clock.
    public var queriesPerSecondOnTwoThreads: Double
    public var p50Microseconds: Double
    public var p99Microseconds: Double
  }

  private static let truthRowCount = 100
  private static let resultCount = 10

  private let vectors: Memory
  /// Vectors used, from the first on.
  let vectorCount: Int
  let queries: [[Float]]
  private let truth: [Set<Int64>]
  let dimensions: Int
  let parameters: VectorIndex.Parameters
  let metric: VectorIndex.Metric

  /// - Parameter limit: how many of the vectors are used, from the first on; nil for all. Truth must be of these.
  /// - Throws: `file`, or `wrongDimensions` for a file whose rows are not whole.
  public init(
    vectorsPath: String, queriesPath: String, truthPath: String, dimensions: Int, limit: Int? = nil,
    metric: VectorIndex.Metric = .cosine, parameters: VectorIndex.Parameters = .init()
  ) throws(IndexError) {
    guard (1...VectorIndex.maximumDimensions).contains(dimensions) else {
      throw .unusableDimensions(dimensions)
    }
    vectors = try Memory(mapping: vectorsPath)
    let queries = try Memory(mapping: queriesPath)
    let truth = try Memory(mapping: truthPath)
    let rowBytes = dimensions * MemoryLayout<Float>.stride
    let queryCount = queries.byteCount / rowBytes
    for memory in [vectors, queries] where memory.byteCount % rowBytes != 0 {
      throw .wrongDimensions(expected: dimensions, found: memory.byteCount % rowBytes / 4)
    }
    guard truth.byteCount == queryCount * IndexBenchmark.truthRowCount * 4 else {
      throw .damaged("truth has other rows than the queries")
    }
    vectorCount = min(vectors.byteCount / rowBytes, max(limit ?? .max, 0))
    self.queries = (0..<queryCount).map { IndexBenchmark.vector($0, of: queries, dimensions: dimensions) }
    self.truth = (0..<queryCount).map { query in
      let start = query * IndexBenchmark.truthRowCount * 4
      return Set(
        (0..<IndexBenchmark.resultCount).map {
          Int64(truth.base.load(fromByteOffset: start + $0 * 4, as: Int32.self))
        })
    }
    self.dimensions = dimensions
    self.metric = metric
    self.parameters = parameters
  }

  /// Builds the index and saves it to `indexPath`, unless it is there; opens it, then searches at each width.
  ///
  /// - Parameter withChanges: also measures filters, many indexes at once, and recall after changes.
  public func run(
    widths: [Int], indexPath: String, withChanges: Bool = false
  ) throws(IndexError) -> Report {
    let built = access(indexPath, F_OK) == 0 ? nil : try build(indexPath)
    let residence = try measureResidence(indexPath)
    let (index, openSeconds) = try measured(CLOCK_MONOTONIC) { () throws(IndexError) in
      try VectorIndex(path: indexPath)
    }
    guard index.count == vectorCount, index.dimensions == dimensions else {
      throw .damaged("the index file is of other vectors")
    }
    var results: [Width] = []
    for width in widths { results.append(try measure(index, width: width)) }
    let count = Double(max(index.count, 1))
    return Report(
      vectorCount: index.count, dimensions: dimensions, buildCPUSeconds: built?.buildSeconds,
      saveSeconds: built?.saveSeconds, openSeconds: openSeconds,
      walkBytesPerVector: Double(index.footprint.walkBytes) / count,
      residence: residence,
      fileBytesPerVector: Double(try Memory(mapping: indexPath).byteCount) / count, widths: results,
      changes: withChanges ? try measureChanges(of: index, indexPath) : nil)
  }

  private func build(_ path: String) throws(IndexError) -> (buildSeconds: Double, saveSeconds: Double) {
    let index = try VectorIndex(dimensions: dimensions, metric: metric, parameters: parameters)
    let batch = try batch(0..<vectorCount)
    let (_, buildSeconds) = try measured(CLOCK_PROCESS_CPUTIME_ID) { () throws(IndexError) in
      try index.insert(batch)
    }
    let (_, saveSeconds) = try measured(CLOCK_MONOTONIC) { () throws(IndexError) in
      try index.save(to: path)
    }
    return (buildSeconds, saveSeconds)
  }

  /// Vectors of the file; `id` gives the number of a row another.
  func batch(
    _ rows: some Collection<Int>, id: (Int) -> Int = { $0 }
  ) throws(IndexError) -> VectorIndex.Batch {
    let rowBytes = dimensions * MemoryLayout<Float>.stride
    var batch = VectorIndex.Batch(dimensions: dimensions)
    batch.reserveCapacity(rows.count)
    for row in rows {
      let bytes = UnsafeRawBufferPointer(start: vectors.base + row * rowBytes, count: rowBytes)
      try batch.append(id: Int64(id(row)), bytes: bytes)
    }
    return batch
  }

  /// A vector of the file.
  func vector(_ row: Int) -> [Float] { IndexBenchmark.vector(row, of: vectors, dimensions: dimensions) }

  private static func vector(_ row: Int, of memory: Memory, dimensions: Int) -> [Float] {
    let start = row * dimensions * MemoryLayout<Float>.stride
    return (0..<dimensions).map { memory.base.load(fromByteOffset: start + $0 * 4, as: Float.self) }
  }

  private func measure(_ index: VectorIndex, width: Int) throws(IndexError) -> Width {
    var found = 0
    var seconds: [Double] = []
    // The first pass brings pages in and is not counted.
    for query in queries { _ = try index.search(query, count: IndexBenchmark.resultCount, width: width) }
    let (_, cpuSeconds) = try measured(CLOCK_THREAD_CPUTIME_ID) { () throws(IndexError) in
      for (query, truth) in zip(queries, truth) {
        let (matches, elapsed) = try measured(CLOCK_MONOTONIC) { () throws(IndexError) in
          try index.search(query, count: IndexBenchmark.resultCount, width: width)
        }
        seconds.append(elapsed)
        found += matches.filter { truth.contains($0.id) }.count
      }
    }
    let (_, twoThreads) = try measured(CLOCK_MONOTONIC) { () throws(IndexError) in
      Workers.run(0..<2 * queries.count, threadCount: 2) { i in
        _ = try? index.search(
          queries[i % queries.count], count: IndexBenchmark.resultCount, width: width)
      }
    }
    seconds.sort()
    let count = Double(max(queries.count, 1))
    return Width(
      width: width, recallAt10: Double(found) / count / Double(IndexBenchmark.resultCount),
      queriesPerCPUSecond: count / cpuSeconds, queriesPerSecondOnTwoThreads: 2 * count / twoThreads,
      p50Microseconds: percentile(seconds, 0.5), p99Microseconds: percentile(seconds, 0.99))
  }

  private func percentile(_ sorted: [Double], _ share: Double) -> Double {
    sorted.isEmpty ? 0 : sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)] * 1e6
  }

  func measured<R>(
    _ clock: clockid_t, _ body: () throws(IndexError) -> R
  ) throws(IndexError) -> (R, seconds: Double) {
    var start = timespec()
    var end = timespec()
    clock_gettime(clock, &start)
    let result = try body()
    clock_gettime(clock, &end)
    let seconds = Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) * 1e-9
    return (result, seconds)
  }
}
