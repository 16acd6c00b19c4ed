/// People who are given things together.
package struct UserGroup: Codable, Sendable, Equatable {
  package var id: Identifier<UserGroup>
  package var name: String
  package var memberCount: Int
  package var createdAt: Timestamp

  package init(
    id: Identifier<UserGroup> = .random(), name: String, memberCount: Int = 0, createdAt: Timestamp = .now
  ) {
    self.id = id
    self.name = name
    self.memberCount = memberCount
    self.createdAt = createdAt
  }

  package enum CodingKeys: String, CodingKey {
    case id = "group_id"
    case name
    case memberCount = "member_count"
    case createdAt = "created_at"
  }
}

/// What somebody may do with an assistant. Each may do all that the one before it may.
package enum Access: String, Codable, Sendable, CaseIterable, Comparable {
  /// Converse with it; its instructions, keys and tool settings stay hidden.
  case use
  /// Read and change it and its files.
  case edit
  /// Share it and delete it.
  case own

  package static func < (left: Self, right: Self) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .use: 0
    case .edit: 1
    case .own: 2
    }
  }
}

/// An assistant given to one user or one group.
package struct AssistantShare: Codable, Sendable, Equatable {
  package var holder: Holder
  /// The user's or the group's name.
  package var name: String
  /// `.use` or `.edit`.
  package var access: Access

  package enum Holder: Hashable, Sendable {
    case user(Identifier<User>)
    case group(Identifier<UserGroup>)
  }

  package init(holder: Holder, name: String, access: Access) {
    self.holder = holder
    self.name = name
    self.access = access
  }

  package enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case groupID = "group_id"
    case name, access
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let user = try container.decodeIfPresent(Identifier<User>.self, forKey: .userID) {
      holder = .user(user)
    } else {
      holder = .group(try container.decode(Identifier<UserGroup>.self, forKey: .groupID))
    }
    name = try container.decodeIfPresent(String.self, forKey: .name) ?? ""
    access = try container.decode(Access.self, forKey: .access)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch holder {
    case .user(let id): try container.encode(id, forKey: .userID)
    case .group(let id): try container.encode(id, forKey: .groupID)
    }
    try container.encode(name, forKey: .name)
    try container.encode(access, forKey: .access)
  }
}
