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
  }
}
