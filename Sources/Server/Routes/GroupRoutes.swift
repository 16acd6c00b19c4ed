import Conversation
import Hummingbird
import Store

/// Groups: made and filled by administrators, named by whoever shares something.
struct GroupRoutes: Sendable {
  let gate: Gate

  func list(_ call: Call, _ caller: Caller) async throws -> Response {
    try .json(await gate.store.groups(page: call.page()))
  }

  func create(_ call: Call, _ caller: Caller) async throws -> Response {
    let id = Identifier<UserGroup>.random()
    let name = try await Self.name(call.json())
    call.audit.add(object: "group \(id)", ["name": .string(name)])
    return try .json(await gate.store.saveGroup(id, name: name))
  }

  func rename(_ call: Call, _ caller: Caller) async throws -> Response {
    let group = try await group(of: call)
    let name = try await Self.name(call.json())
    call.audit.add(["name": .string(name)])
    return try .json(await gate.store.saveGroup(group.id, name: name))
  }

  private static func name(_ json: JSON) throws(ValidationError) -> String {
    var body = try ObjectReader(json, at: ["body"])
    let name = body.visibleString("name").cut(toCharacters: Limits.nameCharacters)
    try body.check()
    return name
  }

  func delete(_ call: Call, _ caller: Caller) async throws -> Response {
    try await gate.store.deleteGroup(group(of: call).id)
    return .done
  }

  func members(_ call: Call, _ caller: Caller) async throws -> Response {
    let members = try await gate.store.members(of: group(of: call).id, page: call.page())
    return try .json(members.map(DirectoryUser.init))
  }

  func add(_ call: Call, _ caller: Caller) async throws -> Response {
    try await call.skipBody()
    return try await setMember(call, true)
  }

  func remove(_ call: Call, _ caller: Caller) async throws -> Response {
    try await setMember(call, false)
  }

  private func setMember(_ call: Call, _ isMember: Bool) async throws -> Response {
    let group = try await group(of: call)
    guard let user: Identifier<User> = call.identifier("user_id") else {
      throw Refusal(.notFound, "User not found")
    }
    do {
      try await gate.store.setMember(user, of: group.id, isMember)
    } catch StoreError.notFound {
      throw Refusal(.notFound, "User not found")
    }
    return .done
  }

  private func group(of call: Call) async throws -> UserGroup {
    guard let id: Identifier<UserGroup> = call.identifier("group_id"),
      let group = try await gate.store.group(id)
    else { throw Refusal(.notFound, "Group not found") }
    return group
  }

  // MARK: Sharing

  /// With whom something can be shared: names and ids, nothing else.
  func directory(_ call: Call, _ caller: Caller) async throws -> Response {
    let page = try call.page()
    let users = try await gate.store.users(matching: call.query("q"), page: page).map(\.user)
    let words = call.query("q")?.lowercased() ?? ""
    let groups = try await gate.store.groups().filter {
      words.isEmpty || $0.name.lowercased().contains(words)
    }
    return try .json(
      Directory(
        users: users.filter { $0.disabledAt == nil && $0.id != caller.user.id }.map(DirectoryUser.init),
        groups: groups.prefix(page.limit).map(DirectoryGroup.init)))
  }
}

private struct Directory: Encodable {
  var users: [DirectoryUser]
  var groups: [DirectoryGroup]
}

private struct DirectoryUser: Encodable {
  var userID: Identifier<User>
  var name: String

  init(_ user: User) {
    userID = user.id
    name = user.name
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case name
  }
}

private struct DirectoryGroup: Encodable {
  var groupID: Identifier<UserGroup>
  var name: String

  init(_ group: UserGroup) {
    groupID = group.id
    name = group.name
  }

  enum CodingKeys: String, CodingKey {
    case groupID = "group_id"
    case name
  }
}
