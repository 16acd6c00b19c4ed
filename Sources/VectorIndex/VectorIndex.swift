import Synchronization

/// Finds the vectors nearest to a query among those inserted under an id.
///
/// Safe to use from any thread: any number of searches run while one insertion or removal does, and
/// a search waits for a writer no longer than it takes to copy a reference. Writers wait for each other.
public final class VectorIndex: Sendable {
  /// More than any embedding model in use gives (4,096 is the widest).
  public static let maximumDimensions = 4096
  /// Row numbers are 32 bits wide, and two of the bits are spoken for while searching.
  public static let maximumRowCount = 1 << 30

  public let dimensions: Int
  public let metric: Metric
  public let parameters: Parameters
  /// The change number the file was saved with that this index was opened from; nil for one made empty.
  public let openedChange: Int64?
  private let view: Mutex<View>
  let rows: Mutex<Rows>
  private let exact: ExactSearch

  /// An empty index for vectors of one width.
  ///
  /// - Parameter parameters: values outside what a graph can hold are brought to the nearest that it can.
  /// - Throws: `unusableDimensions` outside 1...`maximumDimensions`.
  public init(
    dimensions: Int, metric: Metric = .cosine, parameters: Parameters = Parameters()
  ) throws(IndexError) {
    guard (1...VectorIndex.maximumDimensions).contains(dimensions) else {
      throw .unusableDimensions(dimensions)
    }
    self.dimensions = dimensions
    self.metric = metric
    openedChange = nil
    view = Mutex(View())
    self.parameters = parameters.bounded
    rows = Mutex(Rows(dimensions: dimensions, metric: metric, parameters: parameters.bounded))
    exact = ExactSearch(metric: metric, dimensions: dimensions)
  }

  /// An index over rows that are complete already.
  init(_ contents: Rows, openedChange: Int64) {
    dimensions = contents.dimensions
    metric = contents.metric
    parameters = contents.parameters
    self.openedChange = openedChange
    exact = ExactSearch(metric: contents.metric, dimensions: contents.dimensions)
    view = Mutex(contents.view)
    rows = Mutex(contents)
  }

  /// How many ids there are.
  public var count: Int { currentView.liveCount }

  /// All ids, in no particular order.
  ///
  /// - Complexity: O(count); waits for a writer.
  public var ids: [Int64] { rows.withLock { $0.ids } }

  /// Whether the id is there.
  ///
  /// - Complexity: O(1); waits for a writer.
  public func contains(_ id: Int64) -> Bool { rows.withLock { $0.rowsByID[id] != nil } }

  /// Inserts vectors under their ids; an id that is already there gets its new vector.
  ///
  /// - Throws: `wrongDimensions`, `notFinite`, or `full`; nothing was inserted then.
  public func insert(_ vectors: [(id: Int64, vector: [Float])]) throws(IndexError) {
    var batch = Batch(dimensions: dimensions)
    batch.reserveCapacity(vectors.count)
    for (id, vector) in vectors { try batch.append(id: id, vector) }
    try insert(batch)
  }

  /// Inserts a batch; an id that is already there gets its new vector, and the last of an id that
  /// comes twice wins.
  ///
  /// - Parameter whenFound: called once, on this thread, when searches find all of the batch: a graph that it
  ///   makes necessary is built after that, which can take minutes. It may search the index, and do nothing
  ///   else with it. Not called when this throws.
  /// - Throws: `wrongDimensions` for a batch of another width, `full`, or `file` when there is no memory for it;
  ///   nothing was inserted then.
  /// - Complexity: a copy of the vectors, and linking them where there is a graph.
  public func insert(_ batch: Batch, whenFound: () -> Void = {}) throws(IndexError) {
    guard batch.dimensions == dimensions else {
      throw .wrongDimensions(expected: dimensions, found: batch.dimensions)
    }
    try rows.withLock { rows throws(IndexError) in
      try rows.insert(batch, whenFound: whenFound) { current in publish(current) }
    }
  }

  /// Removes ids; those that are not there are passed over. None of them is found by a search that
  /// begins after this returns.
  ///
  /// - Complexity: O(ids) amortised: the space of the dead is reclaimed when they are a third of all rows.
  public func remove(_ ids: some Sequence<Int64>) {
    rows.withLock { rows in
      rows.remove(ids) { current in publish(current) }
    }
  }

  /// What a search that begins now sees.
  var currentView: View { view.withLock { $0 } }

  /// What searches that begin from now on see. What they saw before goes outside of the lock: unmapping its blocks
  /// can take milliseconds.
  func publish(_ current: View) {
    var previous = current
    view.withLock { swap(&$0, &previous) }
  }

  /// The `count` nearest, nearest first; the smaller id first among equal scores.
  ///
  /// - Parameters:
  ///   - width: how many candidates the walk through the graph keeps (ef in the paper): more finds more
  ///     of the true nearest and takes longer. Without it, `Parameters.searchWidth`.
  ///   - allowing: asked about an id before it is taken; must be quick.
  /// - Throws: `wrongDimensions` or `notFinite` for a query that cannot be compared.
  public func search(
    _ query: [Float], count: Int, width: Int? = nil, allowing: ((Int64) -> Bool)? = nil
  ) throws(IndexError) -> [Match] {
    guard query.count == dimensions else {
      throw .wrongDimensions(expected: dimensions, found: query.count)
    }
    guard query.allSatisfy(\.isFinite) else { throw .notFinite(id: nil) }
    let current = currentView
    return metric.prepared(query).withUnsafeBufferPointer { query in
      guard let base = query.baseAddress else { return [] }
      guard let graph = current.graph else {
        return exact.search(current, base, count: count, allowing: allowing)
      }
      return GraphReader(view: current, graph: graph, exact: exact)
        .search(base, count: count, width: width ?? parameters.searchWidth, allowing: allowing)
    }
  }
}

extension VectorIndex {
  /// Searches several indexes as if they were one: the `count` nearest of them all. An id that is in
  /// more than one is reported once, with its best score.
  public static func search(
    _ query: [Float], in indexes: [VectorIndex], count: Int, allowing: ((Int64) -> Bool)? = nil
  ) throws(IndexError) -> [Match] {
    var matches: [Match] = []
    for index in indexes {
      matches += try index.search(query, count: count, allowing: allowing)
    }
    return merged(matches, count: count)
  }

  /// The best `count` of the matches, nearest first, each id once.
  static func merged(_ matches: [Match], count: Int) -> [Match] {
    let sorted = matches.sorted(by: Match.precedes)
    var result: [Match] = []
    result.reserveCapacity(min(max(count, 0), matches.count))
    // Looking through a few is quicker than hashing them.
    var seen = Set<Int64>()
    let isShort = matches.count <= 64
    for match in sorted where result.count < count {
      let isNew = isShort ? !result.contains { $0.id == match.id } : seen.insert(match.id).inserted
      if isNew { result.append(match) }
    }
    return result
  }
}
