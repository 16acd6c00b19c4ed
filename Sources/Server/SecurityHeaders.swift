import HTTPTypes

/// What every reply tells the browser: nothing of this server is to be framed, sniffed, or mixed with anything
/// from elsewhere.
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
  // Each of these literals is a valid field name, as the first request shows.
  static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
  static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
  static let permissionsPolicy = HTTPField.Name("Permissions-Policy")!
  static let requestID = HTTPField.Name("X-Request-ID")!
  static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
  static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
  static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
