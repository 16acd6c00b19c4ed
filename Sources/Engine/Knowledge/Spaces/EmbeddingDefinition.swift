import Conversation
package import Embedding
package import Providers
import Store

/// How vectors are made: what settings say, and what the database remembers of a model that serves on after they
/// have changed.
package enum EmbeddingDefinition: Sendable {
  case builtIn(Precision)
  case remote(EmbeddingChoice)

  /// The key of the model's server.
  var apiKey: String? {
    guard case .remote(let choice) = self else { return nil }
    return choice.key
  }

  /// As the database keeps it, without the key.
  func json() throws -> JSON {
    switch self {
    case .builtIn(let precision): ["precision": .string(precision.rawValue)]
    case .remote(let choice): try JSON(encoding: choice)
    }
  }

  /// What the database kept.
  /// - Throws: for what no version of this program wrote.
  init(_ space: StoredSpace) throws {
    if let precision = space.definition["precision"]?.string.flatMap(Precision.init(rawValue:)) {
      self = .builtIn(precision)
    } else {
      var choice = try space.definition.decoded(as: EmbeddingChoice.self)
      choice.key = space.apiKey
      self = .remote(choice)
    }
  }
}

/// The embedding model that is wanted, and how any is reached.
package struct EmbeddingSetup: Sendable {
  /// What the settings say.
  package var wanted: EmbeddingDefinition
  /// What makes the vectors of a definition, also of an earlier one.
  package var source: @Sendable (EmbeddingDefinition) throws -> Embedder.Source

  package init(
    wanted: EmbeddingDefinition, source: @escaping @Sendable (EmbeddingDefinition) throws -> Embedder.Source
  ) {
    self.wanted = wanted
    self.source = source
  }

  /// The model of this machine, from the folder where it lies, or will.
  package static func builtIn(directory: String, precision: Precision = .float32) -> EmbeddingSetup {
    EmbeddingSetup(wanted: .builtIn(precision)) { definition in
      guard case .builtIn(let precision) = definition else {
        throw ModelError.misconfigured("There is no way to models elsewhere.")
      }
      return .builtIn(directory: directory, precision: precision)
    }
  }
}
