import Foundation
import HTTPTypes
package import Transport

/// Who is at the other end of a request, as far as it can be believed.
struct Client: Sendable {
  /// An IP address; empty where there is none.
  let address: String
  /// Whether nobody on the way could read what it sends: it came by TLS, or says a trusted proxy.
  let isSecure: Bool
  /// Whether a trusted proxy speaks for it.
  let isProxied: Bool
  /// Whether that proxy says that it came to it in clear text.
  var isClearText = false
  /// Whether the connection comes from this machine.
  let isLocal: Bool

  /// By what failed sign-ins are counted: whoever has one IPv6 address has the 2^64 beside it too.
  var origin: String {
    guard let parsed = IPAddress(address), !parsed.isIPv4 else { return address }
    return IPAddress(bytes: parsed.bytes.prefix(8) + [UInt8](repeating: 0, count: 8))?.description ?? address
  }
}

/// The proxies whose word about their clients is taken. What anybody else says in such fields is nothing.
package struct TrustedProxies: Sendable {
  /// The fields a proxy writes. Only one kind is read, since a proxy passes on what others wrote into the rest.
  package enum Fields: String, Sendable, CaseIterable {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`.
    case xForwarded = "x-forwarded"
    /// RFC 7239.
    case forwarded
  }

  package var networks: [Network]
  package var fields: Fields

  package init(_ networks: [Network] = [], fields: Fields = .xForwarded) {
    self.networks = networks
    self.fields = fields
  }

  /// - Parameters:
  ///   - shown: the address the connection comes from.
  ///   - isSecure: whether the connection itself is protected.
  func client(at shown: String, saying headers: HTTPFields, isSecure: Bool) -> Client {
    guard let peer = IPAddress(shown) else {
      return Client(address: shown, isSecure: isSecure, isProxied: false, isLocal: false)
    }
    let isLocal = peer.isLoopback
    guard isTrusted(peer), let told = told(by: headers) else {
      return Client(address: "\(peer)", isSecure: isSecure, isProxied: false, isLocal: isLocal)
    }
    // From the near end on, up to the first that is none of ours: what stands before it, anybody can have written.
    var client = peer
    var place = told.hops.endIndex
    for (index, hop) in told.hops.enumerated().reversed() {
      guard isTrusted(client), let next = IPAddress(forwarded: hop) else { break }
      (client, place) = (next, index)
    }
    let scheme = told.scheme(at: place)
    return Client(
      address: "\(client)", isSecure: scheme.map { $0 == "https" } ?? isSecure, isProxied: true,
      isClearText: scheme == "http", isLocal: isLocal)
  }

  private func isTrusted(_ address: IPAddress) -> Bool {
    networks.contains { $0.contains(address) }
  }

  /// Addresses, the farthest first, and how each came to the next; a proxy may name the scheme alone, or once.
  private struct Told {
    var hops: [String]
    var schemes: [String?]

    /// How the client of that hop came: what stands before it, anybody can have written.
    func scheme(at place: Int) -> String? {
      let named =
        schemes.count == hops.count && schemes.indices.contains(place) ? schemes[place] : schemes.last
      return (named ?? nil)?.lowercased()
    }
  }

  private func told(by headers: HTTPFields) -> Told? {
    switch fields {
    case .xForwarded:
      let hops = headers[values: .forwardedFor].flatMap { $0.split(separator: ",") }
      let schemes = headers[values: .forwardedProto].flatMap { $0.split(separator: ",") }
      guard !hops.isEmpty || !schemes.isEmpty else { return nil }
      return Told(hops: hops.map(Self.trimmed), schemes: schemes.map(Self.trimmed))
    case .forwarded:
      let elements = headers[values: .forwarded].flatMap { $0.split(separator: ",") }.map(Self.parameters)
      guard !elements.isEmpty else { return nil }
      return Told(hops: elements.map { $0["for"] ?? "unknown" }, schemes: elements.map { $0["proto"] })
    }
  }

  /// `for=192.0.2.60;proto=https;by="[2001:db8::1]"` (RFC 7239 §4). No value that counts holds a comma or semicolon.
  private static func parameters(_ element: Substring) -> [String: String] {
    element.split(separator: ";").reduce(into: [:]) { found, pair in
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return }
      found[trimmed(parts[0]).lowercased()] = trimmed(parts[1]).trimmingCharacters(in: ["\""])
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    text.trimmingCharacters(in: .whitespaces)
  }
}

extension IPAddress {
  /// As proxies write it: perhaps with a port, an IPv6 address then in brackets. Nil for `unknown` and made-up names.
  fileprivate init?(forwarded text: String) {
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      self.init(String(text[text.index(after: text.startIndex)..<end]))
    } else if text.count(where: { $0 == ":" }) == 1 {
      self.init(String(text.prefix { $0 != ":" }))
    } else {
      self.init(text)
    }
  }

  fileprivate var isLoopback: Bool {
    isIPv4 ? bytes.first == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
  }
}

extension HTTPField.Name {
  static let forwarded = HTTPField.Name(literal: "Forwarded")
  static let forwardedFor = HTTPField.Name(literal: "X-Forwarded-For")
  static let forwardedProto = HTTPField.Name(literal: "X-Forwarded-Proto")
}

extension Call {
  /// Where the request came from: an IP address.
  var address: String { client.address }
}
