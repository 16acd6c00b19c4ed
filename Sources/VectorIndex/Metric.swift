import CBLAS
import CKernels

extension VectorIndex {
  /// How near two vectors are. A score is always "higher is nearer".
  public enum Metric: String, Sendable, Codable, CaseIterable {
    /// The cosine of the angle, -1 to 1. Vectors are brought to length 1 as they come in; a vector
    /// of zeros has no direction and scores 0 against everything.
    case cosine
    /// The inner product as it is.
    case innerProduct
    /// The squared Euclidean distance with its sign turned: 0 is the vector itself, then downwards.
    case squaredEuclidean
  }
}

extension VectorIndex.Metric {
  /// The vector in the form that is stored and asked with.
  func prepared(_ vector: [Float]) -> [Float] {
    var result = vector
    result.withUnsafeMutableBufferPointer { prepare($0) }
    return result
  }

  /// Brings a vector to length 1 where the metric is the cosine.
  ///
  /// Scaled by its largest component first, so that neither a very long nor a very short vector
  /// leaves the range of `Float` when squared.
  func prepare(_ vector: UnsafeMutableBufferPointer<Float>) {
    guard self == .cosine, let base = vector.baseAddress else { return }
    let largest = abs(base[Int(cblas_isamax(Int32(vector.count), base, 1))])
    guard largest > 0 else { return }
    if largest < 1e-10 || largest > 1e10 {
      for i in 0..<vector.count { base[i] /= largest }
    }
    let length = cblas_snrm2(Int32(vector.count), base, 1)
    for i in 0..<vector.count { base[i] /= length }
  }

  /// The score of one row: the figure every result carries, wherever the row was found. `sdot` keeps
  /// nothing between calls, so that any number of threads may be in it.
  func score(_ row: UnsafePointer<Float>, _ query: UnsafePointer<Float>, dimensions: Int) -> Float {
    switch self {
    case .cosine, .innerProduct:
      return cblas_sdot(Int32(dimensions), row, 1, query, 1)
    case .squaredEuclidean:
      var distance: Float = 0
      distance_squared_euclidean_rows(row, 1, dimensions, query, &distance)
      return -distance
    }
  }

  /// The scores of rows that lie together, in one pass over memory.
  ///
  /// A row's score may differ from `score` in the last bits: BLAS sums in another order. It is not asked
  /// here, for not every BLAS lets several threads into `sgemv` (see the decisions on the room's page).
  func scores(
    _ rows: UnsafePointer<Float>, rowCount: Int, _ query: UnsafePointer<Float>, dimensions: Int,
    into scores: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .cosine, .innerProduct:
      distance_dot_rows(rows, rowCount, dimensions, query, scores)
    case .squaredEuclidean:
      distance_squared_euclidean_rows(rows, rowCount, dimensions, query, scores)
      for i in 0..<rowCount { scores[i] = -scores[i] }
    }
  }
}
