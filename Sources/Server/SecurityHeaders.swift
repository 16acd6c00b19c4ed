import HTTPTypes

/// What every reply tells the browser: nothing of this server is to be framed, sniffed, or mixed with
/// anything from elsewhere.
enum SecurityHeaders {
  /// Scripts and styles come from files of this server alone; the page talks to nobody else.
  static let contentSecurityPolicy = """
    default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'
    """
  /// For bytes that somebody uploaded: whatever they are, they run nothing.
  static let uploadedContentPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

  static let fields: HTTPFields = [
    .contentSecurityPolicy: contentSecurityPolicy,
    .xContentTypeOptions: "nosniff",
    .referrerPolicy: "no-referrer",
    .crossOriginOpenerPolicy: "same-origin",
    .crossOriginResourcePolicy: "same-origin",
    .permissionsPolicy: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  ]
}

extension HTTPField.Name {
  static let referrerPolicy = HTTPField.Name(literal: "Referrer-Policy")
  static let crossOriginOpenerPolicy = HTTPField.Name(literal: "Cross-Origin-Opener-Policy")
  static let permissionsPolicy = HTTPField.Name(literal: "Permissions-Policy")
  static let requestID = HTTPField.Name(literal: "X-Request-ID")
  static let accelBuffering = HTTPField.Name(literal: "X-Accel-Buffering")
  static let fetchSite = HTTPField.Name(literal: "Sec-Fetch-Site")
  static let lastEventID = HTTPField.Name(literal: "Last-Event-ID")

  /// For the names above, each of which is valid, as the first reply shows.
  init(literal: String) {
    guard let name = Self(literal) else { preconditionFailure("\(literal) is no field name") }
    self = name
  }
}
