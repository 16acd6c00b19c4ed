import HTTPTypes
import Hummingbird
import NIOCore

/// The ways in that are open: straight by TLS, through proxies that are trusted, from this machine.
struct Doors: Sendable {
  let certificate: ServerCertificate?
  let proxies: TrustedProxies
  /// Whether nobody proves who they are, so that nothing they send is a secret.
  let isUnverified: Bool
  /// What a browser that came by https is told to do ever after (RFC 6797); nil: nothing.
  let strictTransport: String?

  func client(of request: Request, on channel: any Channel) -> Client {
    proxies.client(
      at: channel.remoteAddress?.ipAddress ?? "", saying: request.headers, isSecure: certificate != nil)
  }

  /// - Throws: a refusal of whoever would send a password or a session where it can be read on the way.
  func admit(_ client: Client) throws(Refusal) {
    let isCovered = client.isProxied ? !client.isClearText : client.isLocal
    guard client.isSecure || isCovered || isUnverified else {
      throw Refusal(
        .forbidden,
        "This server is reached by https only: this request came in clear text, or past the proxy")
    }
  }
}
