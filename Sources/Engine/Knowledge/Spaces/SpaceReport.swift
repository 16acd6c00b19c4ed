package import Store

/// Which model's vectors are searched, and what is being made beside them.
package struct SpaceReport: Sendable, Equatable, Encodable {
  package var serving: String
  /// Numbers of a vector.
  package var dimensions: Int
  /// The model of the settings.
  package var wanted: String
  package var beside: Beside?

  package struct Beside: Sendable, Equatable, Encodable {
    package var model: String
    package var state: StoredSpace.State
    /// While it is being made.
    package var progress: Progress?
  }

  package struct Progress: Sendable, Equatable, Encodable {
    /// Chunks that have their vector.
    package var made: Int
    package var all: Int
    /// All have; graphs of large namespaces are being built.
    package var isIndexing: Bool
    /// What holds it up, for the person who can mend it.
    package var problem: String?

    private enum CodingKeys: String, CodingKey {
      case made, all, problem
      case isIndexing = "indexing"
    }
  }

  /// What stands beside, in a sentence; nil where nothing does.
  var besideDetail: String? {
    guard let beside else { return nil }
    switch beside.state {
    case .serving: return nil
    case .building:
      guard let progress = beside.progress else { return "Vectors of \(beside.model) are about to be made." }
      let part = progress.isIndexing ? ", and its indexes are being built" : ""
      return
        "Vectors of \(beside.model) are being made beside it: \(progress.made) of \(progress.all) chunks\(part)."
        + (progress.problem.map { " Held up: \($0)" } ?? "")
    case .stopped:
      return "\(beside.model) was stopped or taken back; `opengpts reindex start` goes on with it."
    case .earlier:
      return "\(beside.model) served before; `opengpts reindex undo` has it back."
    }
  }
}
