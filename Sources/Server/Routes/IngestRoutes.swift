import Conversation
import Engine
import Hummingbird
import Store

/// Files given to an assistant or a thread as knowledge.
struct IngestRoutes: Sendable {
  let engine: Engine

  /// Takes in a form with `files` and `config`, which names one owner.
  ///
  /// The bytes go to disk as they come. Each file is taken in by itself, in order: what came before one that
  /// fails stays.
  /// - Returns: for each file the ids of its chunks.
  func ingest(_ call: Call, _ user: Owner) async throws -> Response {
    let form = try await UploadForm(call, blobs: engine.store.blobs)
    let namespace = try await namespace(namedBy: form, of: user)
    let target =
      switch namespace {
      case .assistant(let id): "assistant \(id)"
      case .thread(let id): "thread \(id)"
      }
    call.audit.add(object: target, ["files": .array(form.files.map { .string($0.name) })])
    var chunks: [[Identifier<Chunk>]] = []
    for file in form.files {
      chunks.append(try await take(file, into: namespace, of: user))
    }
    return try .json(chunks)
  }

  private func take(
    _ file: UploadForm.File, into namespace: Namespace, of user: Owner
  ) async throws -> [Identifier<Chunk>] {
    do {
      return try await engine.ingester.ingest(
        blob: file.hash, sizeBytes: file.sizeBytes, name: file.name, mediaType: file.mediaType,
        into: namespace, of: user
      ).chunks
    } catch StoreError.notFound {
      // Its owner was deleted meanwhile.
      throw Self.notFound(namespace)
    }
  }

  /// Whose knowledge the files are to be: only what one may change takes any.
  private func namespace(namedBy form: UploadForm, of user: Owner) async throws -> Namespace {
    let namespace = try IngestTarget(form.fields["config"]).namespace
    switch namespace {
    case .assistant(let id):
      guard let access = try await engine.store.access(to: id, of: user), access >= .edit else {
        throw Self.notFound(namespace)
      }
    case .thread(let id):
      guard try await engine.store.thread(id, of: user) != nil else { throw Self.notFound(namespace) }
    }
    return namespace
  }

  private static func notFound(_ namespace: Namespace) -> Refusal {
    switch namespace {
    case .assistant: Refusal(.notFound, "Assistant not found.")
    case .thread: Refusal(.notFound, "Thread not found.")
    }
  }
}

/// The form's `config`: JSON text with one of two ids.
private struct IngestTarget {
  let namespace: Namespace

  init(_ text: String?) throws(ValidationError) {
    guard let text else {
      throw ValidationError(
        Problem(type: "missing", location: ["body", "config"], message: "Field required", input: .null))
    }
    guard let json = try? JSON(parsing: text) else {
      throw ValidationError(
        Problem(
          type: "json_invalid", location: ["body", "config"], message: "Invalid JSON", input: .string(text)))
    }
    let config = try ObjectReader(json, at: ["body", "config"])
    let names = try ObjectReader(
      config.members["configurable"] ?? [:], at: config.location(of: "configurable"))
    namespace = try Self.namespace(names)
  }

  private static func namespace(_ names: ObjectReader) throws(ValidationError) -> Namespace {
    var names = names
    let given = ["assistant_id", "thread_id"].filter { name in
      names.members[name].map { !$0.isNull && $0 != "" } ?? false
    }
    guard given.count == 1 else {
      throw ValidationError(
        Problem(
          type: "value_error", location: ["body", "config", "configurable"],
          message: "Exactly one of assistant_id and thread_id is needed", input: .object(names.members)))
    }
    if given == ["assistant_id"], let id: Identifier<Assistant> = names.identifier("assistant_id") {
      return .assistant(id)
    }
    if given == ["thread_id"], let id: Identifier<Conversation.Thread> = names.identifier("thread_id") {
      return .thread(id)
    }
    throw ValidationError(names.problems)
  }
}
