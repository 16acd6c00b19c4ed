/// Somebody who owns assistants, threads and files.
package struct User: Codable, Sendable, Equatable {
  package var id: Identifier<User>
  /// Who they are to whatever signed them in: a cookie's value, an account, or a token's issuer and `sub`.
  package var subject: String
  /// What others see of them; empty when nobody said.
  package var name: String
  package var role: Role
  /// Since when they may not come in; nil while they may.
  package var disabledAt: Timestamp?
  package var createdAt: Timestamp

  package init(
    id: Identifier<User>, subject: String, name: String = "", role: Role = .member,
    disabledAt: Timestamp? = nil, createdAt: Timestamp
  ) {
    self.id = id
    self.subject = subject
    self.name = name
    self.role = role
    self.disabledAt = disabledAt
    self.createdAt = createdAt
  }

  package enum CodingKeys: String, CodingKey {
    case id = "user_id"
    case subject = "sub"
    case name, role
    case disabledAt = "disabled_at"
    case createdAt = "created_at"
  }
}

/// What somebody may do, beside owning what is theirs. Each role may do all that the one before it may.
package enum Role: String, Codable, Sendable, CaseIterable, Comparable {
  /// Converses, with assistants that others share.
  case viewer
  /// Makes assistants and shares them.
  case member
  /// Sees to users, groups, budgets and the server itself; not to what belongs to others.
  case admin

  package static func < (left: Self, right: Self) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .member: 1
    case .admin: 2
    }
  }
}
