/// One line of the record of who did what. It is written once and never changed.
package struct AuditEntry: Codable, Sendable, Equatable {
  /// Grows with each entry.
  package var sequence: Int
  package var at: Timestamp
  /// Who did it; nil when nobody had signed in.
  package var userID: Identifier<User>?
  /// Their name as it was then.
  package var userName: String
  /// What was done: a noun and a verb, e.g. `session.begin`, `user.disable`, `tool.approve`.
  package var action: String
  /// What it was done to: a kind and an id or a name, e.g. `assistant 5f0c…`; empty when to nothing.
  package var object: String
  /// More about it; never a secret.
  package var detail: JSON
  /// Where they were: an IP address, empty when on the machine itself.
  package var address: String

  package init(
    sequence: Int = 0, at: Timestamp = .now, userID: Identifier<User>?, userName: String, action: String,
    object: String = "", detail: JSON = [:], address: String = ""
  ) {
    self.sequence = sequence
    self.at = at
    self.userID = userID
    self.userName = userName
    self.action = action
    self.object = object
    self.detail = detail
    self.address = address
  }

  package enum CodingKeys: String, CodingKey {
    case sequence = "seq"
    case at
    case userID = "user_id"
    case userName = "user_name"
    case action, object, detail, address
  }
}
