import Conversation
import Engine
import Hummingbird
import Store

/// Whose knowledge files are to be: `{"configurable": {…}}` with one of three ids.
struct KnowledgeTarget {
  let namespace: Namespace

  private static let names = ["assistant_id", "thread_id", "collection_id"]

  /// - Parameter text: a form's `config`, JSON text.
  init(formField text: String?) throws(ValidationError) {
    guard let text else {
      throw ValidationError(
        Problem(type: "missing", location: ["body", "config"], message: "Field required", input: .null))
    }
    guard let json = try? JSON(parsing: text) else {
      throw ValidationError(
        Problem(
          type: "json_invalid", location: ["body", "config"], message: "Invalid JSON", input: .string(text)))
    }
    try self.init(json)
  }

  init(_ json: JSON) throws(ValidationError) {
    let config = try ObjectReader(json, at: ["body", "config"])
    let names = try ObjectReader(
      config.members["configurable"] ?? [:], at: config.location(of: "configurable"))
    namespace = try Self.namespace(names)
  }

  private static func namespace(_ reader: ObjectReader) throws(ValidationError) -> Namespace {
    var reader = reader
    let given = names.filter { name in reader.members[name].map { !$0.isNull && $0 != "" } ?? false }
    guard given.count == 1 else {
      throw ValidationError(
        Problem(
          type: "value_error", location: ["body", "config", "configurable"],
          message: "Exactly one of assistant_id, thread_id and collection_id is needed",
          input: .object(reader.members)))
    }
    if given == ["assistant_id"], let id: Identifier<Assistant> = reader.identifier("assistant_id") {
      return .assistant(id)
    }
    if given == ["thread_id"], let id: Identifier<Conversation.Thread> = reader.identifier("thread_id") {
      return .thread(id)
    }
    if given == ["collection_id"], let id: Identifier<FileCollection> = reader.identifier("collection_id") {
      return .collection(id)
    }
    throw ValidationError(reader.problems)
  }

  /// The namespace, if the user may change it: only that takes files.
  func open(to user: Owner, in store: Store) async throws -> Namespace {
    let isOpen =
      switch namespace {
      case .assistant(let id): try await store.access(to: id, of: user).map { $0 >= .edit } ?? false
      case .thread(let id): try await store.thread(id, of: user) != nil
      case .collection(let id): try await store.collection(id, of: user) != nil
      }
    guard isOpen else { throw notFound }
    return namespace
  }

  /// How the audit log names it: a kind and an id.
  var label: String {
    switch namespace {
    case .assistant(let id): "assistant \(id)"
    case .thread(let id): "thread \(id)"
    case .collection(let id): "collection \(id)"
    }
  }

  var notFound: Refusal {
    switch namespace {
    case .assistant: Refusal(.notFound, "Assistant not found.")
    case .thread: Refusal(.notFound, "Thread not found.")
    case .collection: Refusal(.notFound, "Collection not found.")
    }
  }
}
