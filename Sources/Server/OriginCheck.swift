import Foundation
import Hummingbird

/// Keeps other web sites out: pages that reach this server under a name of their own (DNS rebinding), and
/// pages that make a browser send requests its user knows nothing of (CSRF). Being on loopback protects from
/// neither.
struct OriginCheck: Sendable {
  /// Lower-case host names under which people reach the server, beside those of loopback.
  private let names: Set<String>
  private let certificate: ServerCertificate?

  /// - Parameter certificate: what it is good for are names of this server too.
  init(listenHost: String, names: [String], certificate: ServerCertificate? = nil) {
    self.names = Set((names + [listenHost]).map { $0.lowercased() })
    self.certificate = certificate
  }

  /// - Throws: a refusal that says what to do.
  func admit(_ request: Request) throws(Refusal) {
    guard let authority = request.head.authority, !authority.isEmpty else {
      throw Refusal(.badRequest, "The request names no host")
    }
    guard let host = HostName(authority: authority), isKnown(host) else {
      throw Refusal(
        .forbidden,
        "This server is not known as \"\(authority.prefix(100))\"; allow that name in its settings")
    }
    guard Self.writes(request) else { return }
    try admitWrite(request, authority: authority)
  }

  /// An address is no name, so that no name server can have been made to point here.
  private func isKnown(_ host: HostName) -> Bool {
    host.isAddress || host.text == "localhost" || host.text.hasSuffix(".localhost")
      || names.contains(host.text) || certificate?.pair.isFor(host.text) ?? false
  }

  private static func writes(_ request: Request) -> Bool {
    request.method != .get && request.method != .head && request.method != .options
  }

  /// Browsers say where a request comes from; programs that are none say nothing, and pass.
  private func admitWrite(_ request: Request, authority: String) throws(Refusal) {
    if let site = request.headers[.fetchSite] {
      guard site == "same-origin" || site == "none" else { throw Self.foreign }
      return
    }
    guard let origin = request.headers[.origin] else { return }
    guard let scheme = origin.range(of: "://"),
      origin[scheme.upperBound...].lowercased() == authority.lowercased()
    else { throw Self.foreign }
  }

  private static var foreign: Refusal {
    Refusal(.forbidden, "Requests from pages of other sites are not accepted")
  }
}

/// The host of a `Host` field, without its port.
private struct HostName {
  let text: String
  let isAddress: Bool

  init?(authority: String) {
    let host: Substring
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      host = authority[authority.index(after: authority.startIndex)..<end]
      guard Self.isPort(authority[authority.index(after: end)...]) else { return nil }
    } else {
      host = authority.prefix { $0 != ":" }
      guard Self.isPort(authority[host.endIndex...]), !host.isEmpty else { return nil }
    }
    text = host.lowercased()
    var four = in_addr()
    var six = in6_addr()
    isAddress = inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
  }

  private static func isPort(_ rest: Substring) -> Bool {
    rest.isEmpty || (rest.first == ":" && rest.dropFirst().allSatisfy { $0.isASCII && $0.isNumber })
  }
}
