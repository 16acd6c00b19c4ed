import Loopback
import Testing

@testable import Transport

@Suite struct EgressTests {
  let guarded = HTTPClient(policy: .publicOnly)

  @Test(arguments: [
    "127.0.0.1", "127.1", "127.0.1", "0x7f000001", "0x7f.1", "2130706433", "017700000001", "0177.0.0.1",
    "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]",
    "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[fc00::1]", "[fd12:3456::1]",
    "[fe80::1]", "[::ffff:a9fe:a9fe]", "localhost", "LOCALHOST", "localhost.", "169.254.169.254",
    "0xA9FEA9FE", "2852039166", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "127.0.0.1%2f", "%31%32%37.0.0.1",
  ])
  func noSpellingOfAnInnerAddressIsReached(host: String) async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(200, [], "inside")
      return .keep
    }
    for url in ["http://\(host):\(server.port)/", "http://example.com@\(host):\(server.port)/"] {
      do throws(TransportError) {
        _ = try await guarded.fetch(HTTPRequest(url: url, deadlines: Deadlines(connectSeconds: 3)))
        Issue.record("reached \(url)")
      } catch {
        switch error {
        case .blocked, .invalidURL: break
        // A spelling that the resolver knows for no address leads nowhere either.
        case .unreachable:
          #expect(host.contains("%") || host.hasPrefix("[") || host.hasSuffix("."), "\(url): \(error)")
        default: Issue.record("\(url): \(error)")
        }
      }
    }
    #expect(server.connections == 0)
  }

  @Test(arguments: ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]", "localhost"])
  func theRefusalNamesTheAddressBehindTheSpelling(host: String) async throws {
    do throws(TransportError) {
      _ = try await guarded.fetch(HTTPRequest(url: "http://\(host):9/"))
      Issue.record("reached")
    } catch {
      #expect([.blocked(address: "127.0.0.1"), .blocked(address: "::1")].contains(error))
    }
  }

  @Test func aReusedConnectionIsJudgedBeforeARequestGoesOutOnIt() throws {
    func transfer(_ policy: EgressPolicy) throws -> Transfer {
      Transfer(
        try Hop(HTTPRequest(url: "http://example.com/"), policy: policy), policy: policy,
        identity: ClientIdentity(userAgent: "tester", authoritiesFile: nil), highWaterBytes: 1,
        finishBy: .now + .seconds(9))
    }
    for peer in ["10.0.0.1", "::1", "fe80::1%eth0", "", "no address"] {
      #expect(try transfer(.publicOnly).mayBegin(peer: peer) == false)
      #expect(try transfer(.trusted).mayBegin(peer: peer))
    }
    #expect(try transfer(.publicOnly).mayBegin(peer: "2606:4700::1111"))
  }

  @Test func anOwnNetworkMayBeAllowed() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(200, [], "inside")
      return .keep
    }
    let own = try #require(Network("127.0.0.0/8"))
    let client = HTTPClient(policy: .publicOnly(allowing: [own]))
    #expect(try await client.fetch(HTTPRequest(url: server.url())).body == Array("inside".utf8))
    await #expect(throws: TransportError.blocked(address: "10.0.0.1")) {
      _ = try await client.fetch(HTTPRequest(url: "http://10.0.0.1/"))
    }
  }

  @Test func eachHopIsJudged() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(302, ["Location: http://10.1.2.3/metadata"])
      return .keep
    }
    let client = HTTPClient(policy: .publicOnly(allowing: [try #require(Network("127.0.0.1"))]))
    await #expect(throws: TransportError.blocked(address: "10.1.2.3")) {
      _ = try await client.fetch(HTTPRequest(url: server.url()))
    }
  }

  @Test(arguments: ["file:///etc/passwd", "gopher://127.0.0.1:25/_x", "ftp://127.0.0.1/", "javascript:x"])
  func aRedirectOutOfHTTPIsRefused(target: String) async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(302, ["Location: \(target)"])
      return .keep
    }
    do throws(TransportError) {
      _ = try await HTTPClient(policy: .trusted).fetch(HTTPRequest(url: server.url()))
      Issue.record("followed")
    } catch {
      guard case .invalidURL = error else { Issue.record("\(error)"); return }
    }
  }

  @Test(arguments: ["user@", "user:password@", ":password@"])
  func credentialsInAnUntrustedURLAreRefused(credentials: String) async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply()
      return .keep
    }
    let client = HTTPClient(policy: .publicOnly(allowing: [try #require(Network("127.0.0.1"))]))
    await #expect(throws: TransportError.invalidURL("credentials inside")) {
      _ = try await client.fetch(HTTPRequest(url: "http://\(credentials)127.0.0.1:\(server.port)/"))
    }
    #expect(server.connections == 0)
  }

  @Test func noProxyOfTheEnvironmentIsUsedWhereAddressesAreJudged() throws {
    // An empty text is libcurl's word for "none, whatever the environment says"; nil leaves it to that.
    let request = HTTPRequest(url: "http://example.com/")
    #expect(try Hop(request, policy: .publicOnly).proxy == "")
    #expect(try Hop(request, policy: .trusted).proxy == nil)
  }

  @Test func aProxyIsRefusedWhereAddressesAreJudged() async throws {
    let request = HTTPRequest(url: "http://example.com/", proxy: "http://127.0.0.1:1")
    do throws(TransportError) {
      _ = try await guarded.fetch(request)
      Issue.record("sent")
    } catch {
      guard case .invalidRequest = error else { Issue.record("\(error)"); return }
    }
  }

  @Test func aTrustedRequestGoesThroughTheProxyItNames() async throws {
    let proxy = try LoopbackServer { peer, request in
      peer.reply(200, [], request.target)
      return .keep
    }
    let url = "http://model.example/v1"
    let reply = try await HTTPClient(policy: .trusted).fetch(HTTPRequest(url: url, proxy: proxy.url("")))
    #expect(reply.body == Array(url.utf8))
  }

  static let judgements: [(address: String, isPublic: Bool)] = [
    ("8.8.8.8", true), ("1.1.1.1", true), ("0.0.0.0", false), ("0.1.2.3", false), ("1.0.0.0", true),
    ("9.255.255.255", true), ("10.0.0.0", false), ("10.255.255.255", false), ("11.0.0.0", true),
    ("100.63.255.255", true), ("100.64.0.0", false), ("100.127.255.255", false), ("100.128.0.0", true),
    ("126.255.255.255", true), ("127.0.0.1", false), ("127.255.255.255", false), ("128.0.0.0", true),
    ("169.253.255.255", true), ("169.254.169.254", false), ("169.255.0.0", true),
    ("172.15.255.255", true), ("172.16.0.0", false), ("172.31.255.255", false), ("172.32.0.0", true),
    ("192.0.0.8", false), ("192.0.1.0", true), ("192.0.2.7", false), ("192.88.99.1", false),
    ("192.167.255.255", true), ("192.168.0.0", false), ("192.168.255.255", false), ("192.169.0.0", true),
    ("198.17.255.255", true), ("198.18.0.0", false), ("198.19.255.255", false), ("198.20.0.0", true),
    ("198.51.100.1", false), ("203.0.113.255", false), ("223.255.255.255", true), ("224.0.0.0", false),
    ("239.255.255.255", false), ("240.0.0.1", false), ("255.255.255.255", false),
    ("::", false), ("::1", false), ("::ffff:8.8.8.8", true), ("::ffff:127.0.0.1", false),
    ("::ffff:a9fe:a9fe", false), ("::127.0.0.1", false), ("::8.8.8.8", false), ("::ffff:0:8.8.8.8", false),
    ("64:ff9b::8.8.8.8", true), ("64:ff9b::127.0.0.1", false), ("64:ff9b::a00:1", false),
    ("64:ff9b:1::808:808", false), ("100::1", false), ("2000::1", true), ("2001::1", false),
    ("2001:1ff:ffff::1", false), ("2001:200::1", true), ("2001:2::1", false), ("2001:10::1", false),
    ("2001:db8::1", false), ("2001:4860:4860::8888", true), ("2002:7f00:1::1", false),
    ("2002:808:808::1", false), ("2606:4700::1111", true), ("2a00:1450::1", true), ("3fff::1", false),
    ("3fff:1000::1", true), ("4000::1", false), ("5f00::1", false), ("fc00::1", false), ("fd00::1", false),
    ("fe80::1", false), ("fec0::1", false), ("ff02::1", false), ("ff0e::1", false),
  ]

  @Test(arguments: judgements.indices)
  func addressesAreJudgedByTheRegistries(row: Int) throws {
    let (text, isPublic) = Self.judgements[row]
    let address = try #require(IPAddress(text))
    #expect(address.isPublicUnicast == isPublic, "\(text)")
    #expect(EgressPolicy.publicOnly.permits(address) == isPublic)
    #expect(EgressPolicy.trusted.permits(address))
  }

  @Test(arguments: [
    ("10.1.0.0/16", "10.1.255.255", "10.2.0.0"), ("10.0.0.0/7", "11.255.255.255", "12.0.0.0"),
    ("192.168.1.7", "192.168.1.7", "192.168.1.8"), ("0.0.0.0/0", "200.1.1.1", "::1"),
    ("fd12:3456::/31", "fd12:3457::1", "fd12:3458::1"), ("::/0", "fe80::1", "127.0.0.1"),
    ("::ffff:10.0.0.0", "10.0.0.0", "10.0.0.1"),
  ])
  func aBlockHoldsItsAddresses(block: String, inside: String, outside: String) throws {
    let network = try #require(Network(block))
    #expect(network.contains(try #require(IPAddress(inside))))
    #expect(!network.contains(try #require(IPAddress(outside))))
  }

  @Test(arguments: [
    "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0/8", "::/129", "x/8",
    "10.0.0.0/a",
  ])
  func aBlockThatIsNoneIsRefused(text: String) {
    #expect(Network(text) == nil)
  }
}
