import CCurl

/// Translates libcurl's verdict on a transfer. Only libcurl's fixed texts are used: its detailed ones
/// may quote the request.
enum CurlFailure {
  static func error(
    _ code: CURLcode, phase: DeadlineClock.Phase, receivedBytes: Int
  ) -> TransportError {
    let text = String(cString: curl_easy_strerror(code))
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_PROXY:
      return .unreachable(cause: text)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_USE_SSL_FAILED,
      CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS:
      return .tls(cause: text)
    case CURLE_OPERATION_TIMEDOUT:
      return .timedOut(.connect)
    case CURLE_URL_MALFORMAT:
      return .invalidURL(text)
    case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2,
      CURLE_HTTP2_STREAM:
      return phase == .connecting ? .unreachable(cause: text) : .cut(receivedBytes: receivedBytes)
    default:
      // libcurl's list is open; what is left (bad chunks, bad encodings, odd replies) is the peer's doing.
      return phase == .connecting ? .unreachable(cause: text) : .malformedResponse(text)
    }
  }
}
