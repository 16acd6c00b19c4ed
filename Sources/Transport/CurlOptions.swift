import CCurl

/// What a client says of itself on every connection.
struct ClientIdentity: Sendable {
  let userAgent: String
  /// A file of certificate authorities in PEM; nil is the system's.
  let authoritiesFile: String?
  /// The one public key a server may have, in place of any authority's word; nil is none in particular.
  var pinnedKey: String?
}

/// Sets a handle's options and remembers whether any was refused, so that a missing safeguard stops the
/// request and is not passed over.
struct CurlOptions {
  private let easy: UnsafeMutableRawPointer
  private(set) var hasFailed = false

  init(_ easy: UnsafeMutableRawPointer) {
    self.easy = easy
  }

  mutating func apply(_ identity: ClientIdentity) {
    set(CURLOPT_NOSIGNAL, 1)
    // Without it, ending a transfer waits for its name look-up and holds up every other one.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_SSL_VERIFYPEER, identity.pinnedKey == nil ? 1 : 0)
    set(CURLOPT_SSL_VERIFYHOST, identity.pinnedKey == nil ? 2 : 0)
    if let key = identity.pinnedKey { set(CURLOPT_PINNEDPUBLICKEY, key) }
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    set(CURLOPT_USERAGENT, identity.userAgent)
    if let file = identity.authoritiesFile { set(CURLOPT_CAINFO, file) }
  }

  /// - Parameter mayPause: a paused HTTP/2 stream would hold up to its window of 32 MB in libcurl's memory,
  ///   so streams speak HTTP/1.1. What is read whole shares an HTTP/2 connection where TLS agrees on one.
  mutating func apply(_ hop: Hop, mayPause: Bool) {
    set(CURLOPT_URL, hop.url.text)
    let multiplexes = hop.url.isSecure && !mayPause
    set(CURLOPT_HTTP_VERSION, Int(multiplexes ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
    set(CURLOPT_PIPEWAIT, multiplexes ? 1 : 0)
    if let proxy = hop.proxy { set(CURLOPT_PROXY, proxy) }
    if hop.acceptsCompression { set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate") }
    apply(method: hop.method, body: hop.body)
  }

  private mutating func apply(method: String, body: [UInt8]?) {
    if let body {
      note(body.withUnsafeBytes { ccurl_set_body(easy, $0.baseAddress, $0.count) })
    } else if method == "POST" {
      note(ccurl_set_body(easy, nil, 0))
    }
    switch method {
    case "GET" where body == nil: set(CURLOPT_HTTPGET, 1)
    case "HEAD": set(CURLOPT_NOBODY, 1)
    case "POST": set(CURLOPT_POST, 1)
    default: set(CURLOPT_CUSTOMREQUEST, method)
    }
  }

  /// The header list, to be freed by the caller after the handle.
  mutating func fields(
    _ headers: [HTTPHeader], hasBody: Bool
  ) -> UnsafeMutablePointer<curl_slist>? {
    // libcurl spells an empty value with a semicolon, and a field it must not add with a bare colon.
    var lines = headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    lines.append("Expect:")
    if hasBody, headers["content-type"] == nil { lines.append("Content-Type:") }
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = curl_slist_append(list, line) else {
        hasFailed = true
        break
      }
      list = longer
    }
    note(ccurl_set_list(easy, CURLOPT_HTTPHEADER, list))
    return list
  }

  mutating func install(callbacksOf transfer: Transfer) {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    note(ccurl_set_callbacks(easy, onBody, onHeader, onSocket, onRequest, context))
  }

  private mutating func set(_ option: CURLoption, _ value: Int) {
    note(ccurl_set_long(easy, option, value))
  }

  private mutating func set(_ option: CURLoption, _ text: String) {
    note(ccurl_set_text(easy, option, text))
  }

  private mutating func note(_ result: CURLcode) {
    if result != CURLE_OK { hasFailed = true }
  }
}

// The callbacks' context is the transfer, unretained: the loop holds it for as long as its handle lives.

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
  context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

private let onBody: ccurl_data_callback = { bytes, size, count, context in
  let total = size * count
  switch transfer(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: total)) {
  case .taken: return total
  case .heldBack: return Int(CURL_WRITEFUNC_PAUSE)
  case .stopped, nil: return total == 0 ? 1 : 0
  }
}

private let onHeader: ccurl_data_callback = { bytes, size, count, context in
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  return transfer(context)?.receive(headerLine: line) == true ? line.count : 0
}

private let onSocket: ccurl_socket_callback = { context, _, address in
  var bytes = [UInt8](repeating: 0, count: 16)
  guard let transfer = transfer(context), let address else { return CURL_SOCKET_BAD }
  let length = Int(ccurl_address_bytes(address, &bytes))
  guard transfer.mayConnect(to: IPAddress(bytes: Array(bytes[..<length]))) else { return CURL_SOCKET_BAD }
  return ccurl_open_socket(address)
}

private let onRequest: ccurl_request_callback = { context, peer, _, _, _ in
  guard let transfer = transfer(context), let peer, transfer.mayBegin(peer: String(cString: peer)) else {
    return CURL_PREREQFUNC_ABORT
  }
  return CURL_PREREQFUNC_OK
}
