import Loopback
import Testing

@testable import Transport

@Suite struct RequestRulesTests {
  let client = HTTPClient(policy: .trusted)

  @Test(arguments: [
    HTTPHeader("X", "a\r\nInjected: b"), HTTPHeader("X", "a\nb"), HTTPHeader("X", "a\u{0}b"),
    HTTPHeader("X\r\nY", "a"), HTTPHeader("X: Y", "a"), HTTPHeader("", "a"), HTTPHeader("Ü", "a"),
    HTTPHeader("Host", "other"), HTTPHeader("content-length", "5"), HTTPHeader("Connection", "close"),
    HTTPHeader("Transfer-Encoding", "chunked"), HTTPHeader("X", String(repeating: "a", count: 20_000)),
  ])
  func aHeaderThatCouldReshapeTheRequestIsRefused(header: HTTPHeader) async {
    await refuses(HTTPRequest(url: "http://127.0.0.1:1/", headers: [header]))
  }

  @Test(arguments: ["", "get", "GET /x HTTP/1.1\r\n", "A B", "GÉT", String(repeating: "A", count: 17)])
  func aMethodThatIsNoMethodIsRefused(method: String) async {
    await refuses(HTTPRequest(method, url: "http://127.0.0.1:1/"))
  }

  @Test func oversizedRequestsAreRefused() async {
    let url = "http://127.0.0.1:1/"
    await refuses(HTTPRequest("POST", url: url, body: [UInt8](repeating: 0, count: 64 << 20 + 1)))
    await refuses(HTTPRequest(url: url, headers: (0...100).map { HTTPHeader("X-\($0)", "a") }))
    await refuses(HTTPRequest("HEAD", url: url, body: [1]))
  }

  private func refuses(_ request: HTTPRequest, sourceLocation: SourceLocation = #_sourceLocation) async {
    do throws(TransportError) {
      _ = try await client.fetch(request)
      Issue.record("sent", sourceLocation: sourceLocation)
    } catch {
      guard case .invalidRequest(let reason) = error else {
        Issue.record("\(error)", sourceLocation: sourceLocation)
        return
      }
      #expect(!reason.contains("\n") && !reason.contains("Injected"), sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    "", "example.com", "/path", "http://", "file:///etc/passwd", "ftp://example.com/",
    "gopher://127.0.0.1:25/", "javascript:alert(1)", "http://a b/", "http://exa\u{0}mple.com/",
    "http://example.com:99999/", "http://example.com:x/", "http://[::1/", "http://\n/", "dict://127.0.0.1/",
    "http://example.com/" + String(repeating: "a", count: 20_000),
  ])
  func aURLThatIsNoneIsRefused(url: String) async {
    for client in [client, HTTPClient(policy: .publicOnly)] {
      do throws(TransportError) {
        _ = try await client.fetch(HTTPRequest(url: url))
        Issue.record("sent to \(url.prefix(50))")
      } catch {
        guard case .invalidURL = error else {
          Issue.record("\(error) for \(url.prefix(50))")
          continue
        }
      }
    }
  }

  @Test func pathsWithSpacesAndLettersAreEncoded() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply()
      return .keep
    }
    _ = try await client.fetch(HTTPRequest(url: server.url("/wiki/Köln am Rhein?q=ü%20x#part")))
    #expect(server.requests.first?.target == "/wiki/K%c3%b6ln%20am%20Rhein?q=%c3%bc%20x")
  }

  @Test func noDescriptionShowsASecret() {
    let request = HTTPRequest(
      "POST", url: "https://user:hunter2@example.com/v1/chat?key=hunter2#hunter2",
      headers: [HTTPHeader("Authorization", "Bearer hunter2")], body: Array("hunter2".utf8),
      proxy: "http://hunter2@proxy")
    var dumped = ""
    dump(request, to: &dumped)
    dump(request.headers, to: &dumped)
    let head = HTTPHead(status: 200, headers: request.headers, url: request.url)
    dump(head, to: &dumped)
    for text in [
      "\(request)", "\(head)", String(reflecting: head), String(reflecting: request), "\(request.headers)",
      dumped,
    ] {
      #expect(!text.contains("hunter2"))
    }
    #expect("\(request)" == "POST https://example.com:443/v1/chat")
    #expect("\(HTTPRequest(url: "::"))" == "GET (not a URL)")
  }
}
