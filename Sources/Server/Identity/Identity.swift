package import Conversation

/// How people are told apart: one way for a server, as its settings say.
package enum Identity: Sendable {
  /// Nobody proves anything: the value of a cookie is taken at its word, and everybody may do everything with
  /// what is theirs. For one person, or people who trust one another, on one machine.
  case unverified
  /// Accounts of this server's own, with passwords.
  case accounts
  /// Tokens that somebody else signs, with a key this server was given.
  case tokens(TokenRules, key: TokenKey)
  /// Tokens, and sign-ins in the page, of an OpenID provider; accounts of this server's own beside it.
  case openID(OpenIDSettings)

  /// The original's name for it.
  var type: String {
    switch self {
    case .unverified: "noop"
    case .accounts: "local"
    case .tokens: "jwt_local"
    case .openID: "jwt_oidc"
    }
  }

  /// Whether people sign in with a password, and the first to come makes the first account.
  var hasAccounts: Bool {
    switch self {
    case .accounts, .openID: true
    case .unverified, .tokens: false
    }
  }
}

/// What a token has to say to be taken.
package struct TokenRules: Sendable {
  /// Exactly this issuer.
  package var issuer: String
  /// One of these audiences.
  package var audiences: [String]
  /// What somebody may do who comes for the first time.
  package var newcomers: Role

  package init(issuer: String, audiences: [String], newcomers: Role = .member) {
    self.issuer = issuer
    self.audiences = audiences
    self.newcomers = newcomers
  }
}
