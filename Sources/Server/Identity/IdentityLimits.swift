/// Every bound of signing in, with its unit and its reason.
enum IdentityLimits {
  /// Seconds the first-run link is good for.
  static let firstRunSeconds = 1_800.0
  /// Seconds a session lasts at most, and without being used.
  static let sessionSeconds = 30.0 * 86_400
  static let idleSessionSeconds = 14.0 * 86_400
  /// Seconds between two notes that a session or a key is in use: one write, not one for each request.
  static let touchSeconds = 60.0
  /// Unicode scalars of a password. The upper bound keeps a login from being a denial of service.
  static let passwordCharacters = 10...1_000
  /// Unicode scalars of a name to sign in with.
  static let loginCharacters = 1...100
  /// Passwords hashed at once: each takes 32 MB and a core for a tenth of a second.
  static let hashesAtOnce = 2
  /// Sign-ins that may wait for that; more are told to come back.
  static let hashesWaiting = 32
  /// Failed sign-ins a minute: of one account from one address, of one address, of one account.
  static let failuresPerAccountAndAddress = 5
  static let failuresPerAddress = 20
  static let failuresPerAccount = 50
  /// Accounts and addresses whose failures are remembered.
  static let failuresRemembered = 10_000
  /// API keys of one user that are not revoked.
  static let apiKeysPerUser = 100
  /// Users and groups one assistant may be shared with.
  static let sharesPerAssistant = 1_000
  /// Bytes of a token: header fields are bounded already, this is for those in bodies.
  static let tokenBytes = 16 << 10
  /// Sign-ins at an OpenID provider that are under way, and seconds until one is forgotten.
  static let signInsUnderWay = 1_000
  static let signInSeconds = 600.0
  /// Bytes of what an OpenID provider sends.
  static let providerReplyBytes = 1 << 20
  /// Seconds an OpenID provider has for a reply.
  static let providerSeconds = 10.0
  /// Seconds between two fetches of a provider's keys, whatever is asked for; and after which they are old.
  static let keyRefreshSeconds = 60.0
  static let keyAgeSeconds = 600.0
  /// Seconds clocks may differ by.
  static let clockSkewSeconds = 30.0
  /// Seconds a budget that was read counts.
  static let budgetAgeSeconds = 10.0
  /// Rows of one page of the audit log.
  static let auditRows = 200
  static let auditRowsMaximum = 5_000
  /// UTF-8 bytes of a browser's name that are kept.
  static let agentBytes = 200
}
