import CCurl

/// An absolute http or https URL, read by libcurl's own parser: what is judged here is what is later
/// connected to.
struct WebURL: Sendable, Equatable {
  let text: String
  /// Scheme, host and port: where secrets for this URL may go.
  let origin: String
  let isSecure: Bool

  init(_ text: String, allowsCredentials: Bool) throws(TransportError) {
    try self.init(text, relativeTo: nil, allowsCredentials: allowsCredentials)
  }

  /// The address a redirect leads to. Its credentials are never taken.
  func following(_ location: String) throws(TransportError) -> WebURL {
    try WebURL(location, relativeTo: text, allowsCredentials: false)
  }

  /// For logs: without credentials, query and fragment.
  static func redacted(_ text: String) -> String {
    guard let parsed = try? ParsedURL(text, relativeTo: nil, flags: 0) else { return "(not a URL)" }
    return parsed.origin + (parsed.part(CURLUPART_PATH) ?? "")
  }

  private init(
    _ text: String, relativeTo base: String?, allowsCredentials: Bool
  ) throws(TransportError) {
    guard text.utf8.count <= TransportLimits.urlBytes else { throw .invalidURL("longer than 16 KB") }
    guard !text.utf8.contains(0) else { throw .invalidURL("a NUL inside") }
    let parsed = try ParsedURL(text, relativeTo: base, flags: CURLU_URLENCODE)
    let scheme = parsed.part(CURLUPART_SCHEME) ?? ""
    guard scheme == "http" || scheme == "https" else { throw .invalidURL("neither http nor https") }
    let carries = parsed.part(CURLUPART_USER) != nil || parsed.part(CURLUPART_PASSWORD) != nil
    if carries {
      guard allowsCredentials || base != nil else { throw .invalidURL("credentials inside") }
      if !allowsCredentials { parsed.dropCredentials() }
    }
    guard let whole = parsed.part(CURLUPART_URL) else { throw .invalidURL("malformed") }
    self.text = whole
    self.origin = parsed.origin
    self.isSecure = scheme == "https"
  }
}

/// A libcurl URL handle.
private final class ParsedURL {
  private let handle: OpaquePointer

  init(_ text: String, relativeTo base: String?, flags: Int32) throws(TransportError) {
    guard let handle = curl_url() else { throw .invalidURL("out of memory") }
    self.handle = handle
    for part in [base, text].compactMap({ $0 }) {
      let result = curl_url_set(handle, CURLUPART_URL, part, UInt32(flags))
      guard result == CURLUE_OK else { throw .invalidURL(String(cString: curl_url_strerror(result))) }
    }
  }

  deinit { curl_url_cleanup(handle) }

  var origin: String {
    let scheme = part(CURLUPART_SCHEME) ?? ""
    let host = (part(CURLUPART_HOST) ?? "").lowercased()
    return "\(scheme)://\(host):\(part(CURLUPART_PORT) ?? "")"
  }

  func part(_ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    let flags = part == CURLUPART_PORT ? UInt32(CURLU_DEFAULT_PORT) : 0
    guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  func dropCredentials() {
    curl_url_set(handle, CURLUPART_USER, nil, 0)
    curl_url_set(handle, CURLUPART_PASSWORD, nil, 0)
    curl_url_set(handle, CURLUPART_OPTIONS, nil, 0)
  }
}
