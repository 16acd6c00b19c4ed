import Conversation
import Engine
import Hummingbird
import Store

/// Assistants given to some users and groups, to use or to change.
struct ShareRoutes: Sendable {
  let engine: Engine

  /// Those that others share with the user, each with what they may do.
  func listShared(_ call: Call, _ user: Owner) async throws -> Response {
    let shared = try await engine.store.assistants(sharedWith: user, page: call.page())
    return try .json(
      shared.map { assistant, access in
        SharedAssistant(
          assistant: access >= .edit ? assistant : assistant.withoutPrivateSettings, access: access)
      })
  }

  func list(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Assistant> = try call.identifier("assistant_id", orThrow: .assistantNotFound)
    do {
      return try .json(call.page(of: await engine.store.shares(of: id, owner: user)))
    } catch StoreError.notFound {
      throw EngineError.assistantNotFound
    }
  }

  /// These and no others.
  func set(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Assistant> = try call.identifier("assistant_id", orThrow: .assistantNotFound)
    guard try await engine.store.access(to: id, of: user) == .own else {
      throw EngineError.assistantNotFound
    }
    let shares = try SharesPayload(await call.json()).shares
    call.audit.add(["shares": .integer(shares.count)])
    do {
      return try .json(await engine.store.setShares(shares, of: id, owner: user))
    } catch StoreError.notFound {
      throw Refusal(.notFound, "One of these users or groups does not exist")
    }
  }
}

/// An assistant with what the user may do with it.
private struct SharedAssistant: Encodable {
  var assistant: Assistant
  var access: Access

  enum CodingKeys: String, CodingKey {
    case access
  }

  func encode(to encoder: any Encoder) throws {
    try assistant.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(access, forKey: .access)
  }
}

/// `{"shares": [{"user_id" or "group_id", "access"}]}`.
private struct SharesPayload {
  var shares: [AssistantShare] = []

  init(_ json: JSON) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    let list = body.required("shares")
    guard let entries = list?.array, entries.count <= IdentityLimits.sharesPerAssistant else {
      if list != nil {
        body.reject(
          "shares", as: "list_type",
          "Input should be a list of at most \(IdentityLimits.sharesPerAssistant)")
      }
      throw ValidationError(body.problems)
    }
    var seen: Set<AssistantShare.Holder> = []
    for (place, entry) in entries.enumerated() {
      let share = try Self.share(entry, at: ["body", "shares", .integer(place)])
      if seen.insert(share.holder).inserted { shares.append(share) }
    }
  }

  private static func share(_ json: JSON, at location: [JSON]) throws(ValidationError) -> AssistantShare {
    var entry = try ObjectReader(json, at: location)
    let access: SharedAccess = entry.choice("access", default: .use)
    let holder: AssistantShare.Holder?
    if entry.members["group_id"] != nil {
      holder = (entry.identifier("group_id") as Identifier<UserGroup>?).map(AssistantShare.Holder.group)
    } else {
      holder = (entry.identifier("user_id") as Identifier<User>?).map(AssistantShare.Holder.user)
    }
    try entry.check()
    guard let holder else { throw ValidationError(entry.problems) }
    return AssistantShare(holder: holder, name: "", access: access == .edit ? .edit : .use)
  }
}

/// What can be given to others.
enum SharedAccess: String, CaseIterable {
  case use, edit
}
