#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension IndexBenchmark {
  /// What filters, many indexes at once and changes do to recall and speed, and writers to readers.
  public struct Changes: Sendable, Codable {
    public var filters: [Filter]
    public var namespaces: Namespaces
    public var replaced: Replaced
    public var readers: Readers
  }

  /// Searches that allow a share of the ids.
  public struct Filter: Sendable, Codable {
    public var share: Double
    public var recallAt10: Double
    public var queriesPerCPUSecond: Double
  }

  /// The vectors dealt out to several indexes, which are searched as one.
  public struct Namespaces: Sendable, Codable {
    public var count: Int
    public var recallAt10: Double
    public var queriesPerCPUSecond: Double
  }

  /// Three times, 30 % of the ids are removed and come back with other vectors.
  public struct Replaced: Sendable, Codable {
    public var recallAt10: Double
    /// Of an index built of the same vectors at once.
    public var recallAt10OfFreshBuild: Double
  }

  /// Exact search gives the truth: it is held against the definition by the tests, and this many are enough.
  private static let askedCount = 200
  /// Of the vectors, for what has to be built anew.
  private static let rebuiltCount = 50_000
  private static let namespaceCount = 20
  private static let shares = [10, 100]

  func measureChanges(of index: VectorIndex, _ path: String) throws(IndexError) -> Changes {
    let exact = try emptyIndex(exactLimit: VectorIndex.maximumRowCount)
    try exact.insert(try batch(0..<vectorCount))
    var filters: [Filter] = []
    for inMany in IndexBenchmark.shares {
      let allowing: @Sendable (Int64) -> Bool = { IndexBenchmark.scatter($0) % UInt64(inMany) == 0 }
      let (recall, speed) = try compare(
        { query throws(IndexError) in try index.search(query, count: 10, allowing: allowing) },
        with: { query throws(IndexError) in try exact.search(query, count: 10, allowing: allowing) })
      filters.append(Filter(share: 1 / Double(inMany), recallAt10: recall, queriesPerCPUSecond: speed))
    }
    return Changes(
      filters: filters, namespaces: try measureNamespaces(against: exact), replaced: try measureReplaced(),
      readers: try measureReaders(indexPath: path))
  }

  private func measureNamespaces(against exact: VectorIndex) throws(IndexError) -> Namespaces {
    let count = IndexBenchmark.namespaceCount
    var indexes: [VectorIndex] = []
    for first in 0..<count {
      let part = try emptyIndex(exactLimit: parameters.exactLimit)
      try part.insert(try batch(stride(from: first, to: vectorCount, by: count).map { $0 }))
      indexes.append(part)
    }
    let (recall, speed) = try compare(
      { [indexes] query throws(IndexError) in try VectorIndex.search(query, in: indexes, count: 10) },
      with: { query throws(IndexError) in try exact.search(query, count: 10) })
    return Namespaces(count: count, recallAt10: recall, queriesPerCPUSecond: speed)
  }

  private func measureReplaced() throws(IndexError) -> Replaced {
    let count = min(vectorCount / 2, IndexBenchmark.rebuiltCount)
    let index = try emptyIndex(exactLimit: parameters.exactLimit)
    try index.insert(try batch(0..<count))
    // Which row of the file each id has: other rows take the place of the first ones.
    var rowOfID = Array(0..<count)
    var nextRow = count
    for round in 0..<3 {
      let chosen = (0..<count).filter { IndexBenchmark.scatter(Int64($0 + round * count)) % 10 < 3 }
      index.remove(chosen.map(Int64.init))
      var idOfRow: [Int: Int] = [:]
      for id in chosen {
        rowOfID[id] = nextRow
        idOfRow[nextRow] = id
        nextRow = nextRow + 1 < vectorCount ? nextRow + 1 : 0
      }
      try index.insert(try batch(chosen.map { rowOfID[$0] }, id: { idOfRow[$0] ?? 0 }))
    }
    let fresh = try emptyIndex(exactLimit: parameters.exactLimit)
    let exact = try emptyIndex(exactLimit: VectorIndex.maximumRowCount)
    let idOfRow = Dictionary(rowOfID.enumerated().map { ($0.element, $0.offset) }) { $1 }
    for other in [fresh, exact] { try other.insert(try batch(rowOfID, id: { idOfRow[$0] ?? 0 })) }
    var recalls: [Double] = []
    for measured in [index, fresh] {
      let (recall, _) = try compare(
        { query throws(IndexError) in try measured.search(query, count: 10) },
        with: { query throws(IndexError) in try exact.search(query, count: 10) })
      recalls.append(recall)
    }
    return Replaced(recallAt10: recalls[0], recallAt10OfFreshBuild: recalls[1])
  }

  func emptyIndex(exactLimit: Int) throws(IndexError) -> VectorIndex {
    var parameters = parameters
    parameters.exactLimit = exactLimit
    return try VectorIndex(dimensions: dimensions, metric: metric, parameters: parameters)
  }

  private typealias Search = ([Float]) throws(IndexError) -> [VectorIndex.Match]

  /// The share of what one search finds that another does, and how many of the latter a second of CPU allows.
  private func compare(
    _ search: Search, with truth: Search
  ) throws(IndexError) -> (recall: Double, queriesPerCPUSecond: Double) {
    var found = 0
    var wanted = 0
    var seconds = 0.0
    for query in queries.prefix(IndexBenchmark.askedCount) {
      let (matches, elapsed) = try measured(CLOCK_THREAD_CPUTIME_ID) { () throws(IndexError) in
        try search(query)
      }
      let expected = Set(try truth(query).map(\.id))
      seconds += elapsed
      wanted += expected.count
      found += matches.count { expected.contains($0.id) }
    }
    let count = Double(min(queries.count, IndexBenchmark.askedCount))
    return (Double(found) / Double(max(wanted, 1)), count / seconds)
  }

  /// Numbers without order, the same for the same number.
  private static func scatter(_ id: Int64) -> UInt64 {
    let product = (UInt64(bitPattern: id) &+ 1) &* 0x9e37_79b9_7f4a_7c15
    return (product ^ (product >> 29)) &* 0xbf58_476d_1ce4_e5b9 >> 32
  }
}
