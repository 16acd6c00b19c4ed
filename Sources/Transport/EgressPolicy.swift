/// Where a client's requests may go. A policy belongs to a client and so to a pool of connections:
/// what one policy opened, another never reuses.
package struct EgressPolicy: Sendable {
  private enum Reach { case anywhere, publicUnicast }

  private let reach: Reach
  private let allowed: [Network]

  /// Redirects followed at most; GET and HEAD only, each hop judged anew, and the caller's own headers
  /// are left behind when scheme, host or port change.
  package let maxRedirects = 3

  /// For what an administrator named, such as a model provider: any address, proxies as the environment
  /// or the request says.
  package static let trusted = EgressPolicy(reach: .anywhere, allowed: [])

  /// For what a user, a document or a model named: public unicast addresses only, judged on the address
  /// that is connected to, at each hop; no proxy, no credentials in the URL.
  package static let publicOnly = EgressPolicy(reach: .publicUnicast, allowed: [])

  /// Public addresses and the organisation's own networks.
  package static func publicOnly(allowing networks: [Network]) -> EgressPolicy {
    EgressPolicy(reach: .publicUnicast, allowed: networks)
  }

  /// Whether connections to this address may be opened.
  package func permits(_ address: IPAddress) -> Bool {
    switch reach {
    case .anywhere: true
    case .publicUnicast: address.isPublicUnicast || allowed.contains { $0.contains(address) }
    }
  }

  var judgesAddresses: Bool {
    switch reach {
    case .anywhere: false
    case .publicUnicast: true
    }
  }
}
