extension VectorIndex {
  /// How the graph is built and walked. The defaults suit sentence embeddings of 384 to 1,536 dimensions.
  public struct Parameters: Sendable, Equatable, Codable {
    /// What the walk through the graph compares. Results are always scored from the float vectors.
    public enum Precision: String, Sendable, Codable, CaseIterable {
      /// Four bits a dimension where the data lose little by it, else eight.
      case automatic
      /// Four bits a dimension: an eighth of the memory. Eight below 128 dimensions, where it would gain nothing.
      case int4
      /// Eight bits a dimension: a quarter of the memory.
      case int8
      /// The vectors themselves, for data that whole numbers tell apart too coarsely.
      case float32
    }

    /// Links of a row on the upper levels (M in the paper); twice as many on the ground level.
    public var linksPerRow = 16
    /// Candidates looked at while a row is linked (efConstruction).
    public var buildWidth = 200
    /// Candidates kept by a search that does not say otherwise (ef).
    public var searchWidth = 100
    public var precision = Precision.automatic
    /// Below this many ids every search is exact; at it, the graph is built. A walk is quicker from some
    /// 600 ids on (measured at 384 dimensions), but up to here exact search stays under a tenth of a
    /// millisecond, misses nothing, and inserting costs a thirtieth.
    public var exactLimit = 4096
    /// Threads used by an insertion that has enough to do.
    public var threadCount = 2
    /// Chooses the levels of rows: the same seed and insertions give the same graph.
    public var seed: UInt64 = 0

    public init() {}

    /// Values outside what the graph can hold are brought to the nearest that it can.
    var bounded: Parameters {
      var result = self
      result.linksPerRow = min(max(linksPerRow, 4), 64)
      result.buildWidth = min(max(buildWidth, result.linksPerRow), VectorIndex.maximumWidth)
      result.searchWidth = min(max(searchWidth, 1), VectorIndex.maximumWidth)
      result.exactLimit = min(max(exactLimit, 2), VectorIndex.maximumRowCount)
      result.threadCount = min(max(threadCount, 1), 64)
      return result
    }
  }

  /// The most candidates a search or an insertion keeps: beyond it exact search is cheaper.
  public static let maximumWidth = 4096
}
