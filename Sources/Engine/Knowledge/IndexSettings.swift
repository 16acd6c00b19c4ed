package import VectorIndex

/// What an administrator decides about the vector indexes.
package struct IndexSettings: Sendable {
  /// Links of a row on the upper levels of a graph (M), 4 to 64.
  package var linksPerRow = 16
  /// Candidates looked at while a row is linked (efConstruction).
  package var buildWidth = 200
  package var precision = VectorIndex.Parameters.Precision.automatic
  /// Vectors of all open indexes together; beyond it the least recently used are closed. At 384 dimensions
  /// a vector takes 1.9 KB, of a large index 0.4 KB and what the system keeps of its file.
  package var residentVectors = 200_000
  /// Vectors from which on a graph is built: below, exact search takes some milliseconds at most.
  var exactLimit = 20_000

  package init() {}

  var parameters: VectorIndex.Parameters {
    var parameters = VectorIndex.Parameters()
    parameters.linksPerRow = linksPerRow
    parameters.buildWidth = buildWidth
    parameters.precision = precision
    parameters.exactLimit = exactLimit
    return parameters
  }
}
