import Conversation
import Engine
import Hummingbird
import Store

/// Search over everything the user owns.
struct FindRoutes: Sendable {
  let engine: Engine

  private enum Kind: String, CaseIterable {
    case messages, passages, assistants, threads
  }

  /// `query`; `kind` for one kind alone; `limit` and `offset` page through each.
  func everything(_ call: Call, _ user: Owner) async throws -> Response {
    guard let query = call.query("query"), !query.isEmpty else {
      throw ValidationError(
        Problem(type: "missing", location: ["query", "query"], message: "Field required", input: .null))
    }
    let page = Page(
      limit: try call.integer("limit", in: 1...Limits.foundRowsMaximum) ?? Limits.foundRows,
      offset: try call.integer("offset", in: 0...Int.max) ?? 0)
    let wanted = try kind(call)
    let store = engine.store
    func find<Item>(
      _ kind: Kind, _ search: (String, Owner, Page) async throws -> Found.Page<Item>
    ) async throws -> Found.Page<Item>? {
      wanted == nil || wanted == kind ? try await search(query, user, page) : nil
    }
    return try .json(
      Everything(
        messages: await find(.messages) { try await store.findMessages($0, of: $1, page: $2) },
        passages: await find(.passages) { try await store.findPassages($0, of: $1, page: $2) },
        assistants: await find(.assistants) { try await store.findAssistants($0, of: $1, page: $2) },
        threads: await find(.threads) { try await store.findThreads($0, of: $1, page: $2) }))
  }

  private func kind(_ call: Call) throws(ValidationError) -> Kind? {
    guard let text = call.query("kind") else { return nil }
    guard let kind = Kind(rawValue: text) else {
      let expected = Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw call.rejected("kind", text, as: "enum", "Input should be one of \(expected)")
    }
    return kind
  }
}

private struct Everything: Encodable {
  var messages: Found.Page<Found.Message>?
  var passages: Found.Page<Found.Passage>?
  var assistants: Found.Page<Assistant>?
  var threads: Found.Page<Conversation.Thread>?
}
