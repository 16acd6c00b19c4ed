/// Whose knowledge a file is: one assistant's, for everybody who uses it, one thread's, or that of a collection
/// which assistants share.
package enum Namespace: Sendable, Hashable {
  case assistant(Identifier<Assistant>)
  case thread(Identifier<Thread>)
  case collection(Identifier<FileCollection>)
}

extension Namespace: Codable {
  private enum CodingKeys: String, CodingKey {
    case assistant = "assistant_id"
    case thread = "thread_id"
    case collection = "collection_id"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let id = try container.decodeIfPresent(Identifier<Assistant>.self, forKey: .assistant) {
      self = .assistant(id)
    } else if let id = try container.decodeIfPresent(Identifier<FileCollection>.self, forKey: .collection) {
      self = .collection(id)
    } else {
      self = .thread(try container.decode(Identifier<Thread>.self, forKey: .thread))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .assistant(let id): try container.encode(id, forKey: .assistant)
    case .thread(let id): try container.encode(id, forKey: .thread)
    case .collection(let id): try container.encode(id, forKey: .collection)
    }
  }
}
