import Conversation
import Engine
import Foundation
import HTTPTypes
import Testing
import Transport

@testable import Server

@Suite struct ProxyTests {
  private func client(
    _ shown: String, _ fields: [(String, String)], trusting networks: [String] = ["10.0.0.0/8", "fd00::/8"],
    in kind: TrustedProxies.Fields = .xForwarded
  ) -> Client {
    var headers = HTTPFields()
    for (name, value) in fields {
      headers.append(HTTPField(name: HTTPField.Name(literal: name), value: value))
    }
    return TrustedProxies(networks.compactMap { Network($0) }, fields: kind)
      .client(at: shown, saying: headers, isSecure: false)
  }

  @Test(
    arguments: [
      // A proxy that is trusted says whom it speaks for.
      ("10.0.0.1", ["203.0.113.9"], "203.0.113.9", true),
      ("10.0.0.1", ["203.0.113.9:4711"], "203.0.113.9", true),
      ("10.0.0.1", ["2001:DB8::0:1"], "2001:db8::1", true),
      ("10.0.0.1", ["[2001:db8::1]:80"], "2001:db8::1", true),
      ("::ffff:10.0.0.1", ["203.0.113.9"], "203.0.113.9", true),
      // Through two of ours, in one field or in two.
      ("10.0.0.1", ["203.0.113.9, 10.2.3.4"], "203.0.113.9", true),
      ("10.0.0.1", ["203.0.113.9", "fd00::7"], "203.0.113.9", true),
      // What a client has written itself stands before what the proxy adds.
      ("10.0.0.1", ["127.0.0.1, 203.0.113.9"], "203.0.113.9", true),
      ("10.0.0.1", ["10.0.0.2, 203.0.113.9"], "203.0.113.9", true),
      ("10.0.0.1", ["unknown, 203.0.113.9"], "203.0.113.9", true),
      // What says nothing leaves the last that is known.
      ("10.0.0.1", ["unknown"], "10.0.0.1", true),
      ("10.0.0.1", ["203.0.113.9, _hidden"], "10.0.0.1", true),
      ("10.0.0.1", ["0x7f.1"], "10.0.0.1", true),
      ("10.0.0.1", [" , "], "10.0.0.1", false),
      // Whoever is none of ours speaks for nobody.
      ("203.0.113.9", ["127.0.0.1"], "203.0.113.9", false),
      ("127.0.0.1", ["203.0.113.9"], "127.0.0.1", false),
      ("11.0.0.1", ["203.0.113.9"], "11.0.0.1", false),
      ("10.0.0.1", [], "10.0.0.1", false),
    ] as [(String, [String], String, Bool)])
  func `a client's address is what the nearest stranger is seen with`(
    shown: String, values: [String], expected: String, isProxied: Bool
  ) {
    let client = client(shown, values.map { ("X-Forwarded-For", $0) })
    #expect(client.address == expected && client.isProxied == isProxied)
  }

  @Test func `one kind of field is read, whatever stands in the other`() {
    let both = [("X-Forwarded-For", "203.0.113.1"), ("Forwarded", "for=203.0.113.2;proto=https")]
    #expect(client("10.0.0.1", both).address == "203.0.113.1")
    #expect(!client("10.0.0.1", both).isSecure)
    let other = client("10.0.0.1", both, in: .forwarded)
    #expect(other.address == "203.0.113.2" && other.isSecure)
    let quoted = client(
      "10.0.0.1", [("Forwarded", #"For="[2001:db8::1]:47" ; Proto=HTTPS, for=10.9.9.9"#)], in: .forwarded)
    #expect(quoted.address == "2001:db8::1" && quoted.isSecure)
  }

  @Test func `https is believed from a trusted proxy alone`() {
    let told = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https")]
    #expect(client("10.0.0.1", told).isSecure)
    #expect(!client("203.0.113.1", told).isSecure)
    #expect(
      !client("10.0.0.1", [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "http")]).isSecure)
  }

  @Test func `guesses are counted by network where addresses are plenty`() {
    #expect(client("2001:db8:1:2:3::4", []).origin == client("2001:db8:1:2:9::9", []).origin)
    #expect(client("2001:db8:1:2::1", []).origin != client("2001:db8:1:3::1", []).origin)
    #expect(client("203.0.113.9", []).origin == "203.0.113.9")
  }

  @Test func `through a proxy, sessions are for https and the log has the client's address`() async throws {
    let proxies = TrustedProxies([Network("127.0.0.1")].compactMap { $0 })
    try await TestServer.run(identity: .accounts, proxies: proxies) { server in
      let admin = try await server.person("root", .admin)
      _ = try await server.personWithPassword("anna")
      func signIn(_ address: String, _ password: String = TestServer.password) async throws -> Reply {
        try await server.ask(
          "POST", "/auth/sign-in", ["login": "anna", "password": .string(password)],
          with: [("X-Forwarded-For", address), ("X-Forwarded-Proto", "https")])
      }
      let reply = try await signIn("203.0.113.9")
      #expect(reply.field("set-cookie")?.hasPrefix("__Host-opengpts_session=") == true)
      #expect(reply.field("strict-transport-security") == "max-age=3600")
      let log = try await server.ask("GET", "/admin/audit?action=session", with: admin.asKey).json
      #expect(log[0]?["address"] == "203.0.113.9")
      for _ in 0..<5 { _ = try await signIn("203.0.113.9", "wrong password") }
      #expect(try await signIn("203.0.113.9").status == 429)
      #expect(try await signIn("203.0.113.10").status == 200)
    }
  }

  @Test func `in clear text, nobody from elsewhere comes past the proxy`() {
    let doors = Doors(certificate: nil, proxies: TrustedProxies(), isUnverified: false, strictTransport: nil)
    func isAdmitted(_ client: Client) -> Bool { (try? doors.admit(client)) != nil }
    #expect(!isAdmitted(client("192.168.1.7", [])))
    #expect(!isAdmitted(client("192.168.1.7", [("X-Forwarded-Proto", "https")])))
    #expect(isAdmitted(client("127.0.0.1", [])))
    #expect(isAdmitted(client("10.0.0.1", [("X-Forwarded-For", "203.0.113.9")])))
    for scheme in ["http", "https, http"] {
      let told = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", scheme)]
      #expect(!isAdmitted(client("10.0.0.1", told)), "\(scheme)")
    }
    let forged = [("Forwarded", "for=203.0.113.8;proto=https, for=203.0.113.9;proto=http")]
    #expect(!isAdmitted(client("10.0.0.1", forged, in: .forwarded)))
  }
}
