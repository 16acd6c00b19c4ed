import Conversation

/// Who asks, and by what they were recognised.
struct Caller: Sendable {
  let user: User
  /// What they may do in this request: their role, or less where what they showed is narrower.
  let role: Role
  let credential: Credential

  enum Credential: Sendable {
    /// A cookie that is taken at its word.
    case unverified
    case session(Session)
    case apiKey(APIKey)
    case token(expiresAt: Timestamp)
    /// They can read the server's files.
    case control
  }

  /// When what they showed is no longer good; nil: never.
  var expiresAt: Timestamp? {
    switch credential {
    case .unverified, .control: nil
    case .session(let session): session.expiresAt
    case .apiKey(let key): key.expiresAt
    case .token(let time): time
    }
  }

  /// The session they asked in, if it was one.
  var session: Identifier<Session>? {
    if case .session(let session) = credential { session.id } else { nil }
  }
}
