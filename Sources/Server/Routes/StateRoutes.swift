import Conversation
import Engine
import Hummingbird

/// What a thread has come to, how it came there, and its edits.
struct StateRoutes: Sendable {
  let engine: Engine

  /// Where the thread stands, or how it was at `checkpoint_id`.
  func get(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    let view = try await engine.runner.view(of: id, user: user, at: call.checkpoint("checkpoint_id"))
    return try .json(StateReply(view.snapshot, shapedFor: view.architecture))
  }

  func update(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    let edit = try StateEdit(await call.json(), thread: id)
    if edit.messages.isEmpty {
      _ = try await engine.runner.view(of: id, user: user)
    } else {
      try await engine.runner.edit(id, user: user, messages: edit.messages, at: edit.checkpoint)
    }
    return try .json(JSON.null)
  }

  /// Newest first. `limit` and `before`, a checkpoint's id, page through it.
  func history(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    let (architecture, page) = try await engine.runner.history(
      of: id, user: user, before: call.checkpoint("before"),
      limit: call.integer("limit", in: 0...Limits.historyRows) ?? Limits.historyRows)
    return try .json(page.map { HistoryEntry($0, shapedFor: architecture) })
  }
}

/// A state as clients see it.
private struct StateReply: Encodable {
  var values: Values
  var next: [Node]

  init(_ snapshot: Snapshot?, shapedFor architecture: AssistantConfiguration.Architecture) {
    values = Values(snapshot?.state, shapedFor: architecture)
    next = snapshot?.checkpoint.next ?? []
  }
}

/// A state's content: for retrieval an object, for the others the messages alone, and null before the first.
private enum Values: Encodable {
  case none
  case messages([Message])
  case counted([Message], count: Int)

  init(_ state: ThreadState?, shapedFor architecture: AssistantConfiguration.Architecture) {
    guard let state else {
      self = .none
      return
    }
    switch architecture {
    case .agent, .chatbot: self = .messages(state.messages)
    case .retrieval: self = .counted(state.messages, count: state.messageCount)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case messages
    case count = "msg_count"
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .none:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .messages(let messages):
      try messages.encode(to: encoder)
    case .counted(let messages, let count):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(messages, forKey: .messages)
      try container.encode(count, forKey: .count)
    }
  }
}

/// A checkpoint as clients see it.
private struct HistoryEntry: Encodable {
  var values: Values
  var next: [Node]
  var config: JSON
  var parent: JSON

  init(_ snapshot: Snapshot, shapedFor architecture: AssistantConfiguration.Architecture) {
    let checkpoint = snapshot.checkpoint
    values = Values(snapshot.state, shapedFor: architecture)
    next = checkpoint.next
    config = Self.reference(to: checkpoint.id, of: checkpoint.threadID)
    parent = checkpoint.parentID.map { Self.reference(to: $0, of: checkpoint.threadID) } ?? nil
  }

  private static func reference(
    to checkpoint: Identifier<Checkpoint>, of thread: Identifier<Conversation.Thread>
  ) -> JSON {
    [
      "configurable": [
        "thread_id": .string(thread.description), "checkpoint_ns": "",
        "checkpoint_id": .string(checkpoint.description),
      ]
    ]
  }
}

/// Messages a person writes into a state, and where.
private struct StateEdit {
  let messages: [Message]
  let checkpoint: Identifier<Checkpoint>?

  /// - Parameter thread: the one in the path, which a config in the body cannot replace.
  init(_ json: JSON, thread: Identifier<Conversation.Thread>) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    messages = body.required("values").map { body.messages($0, of: "values") } ?? []
    let target = body.optionalObject("config")["configurable"] ?? [:]
    checkpoint = Self.checkpoint(in: target, &body)
    if let named = target["thread_id"]?.string, !named.isEmpty, Identifier(named) != thread {
      body.add(
        Problem(
          type: "value_error", location: ["body", "config", "configurable", "thread_id"],
          message: "Must be the thread in the address", input: .string(named)))
    }
    try body.check()
  }

  private static func checkpoint(in target: JSON, _ body: inout ObjectReader) -> Identifier<Checkpoint>? {
    guard let text = target["checkpoint_id"]?.string, !text.isEmpty else { return nil }
    if let id = Identifier<Checkpoint>(text) { return id }
    body.add(
      Problem(
        type: "uuid_parsing", location: ["body", "config", "configurable", "checkpoint_id"],
        message: "Input should be a valid UUID", input: .string(text)))
    return nil
  }
}
