import Loopback
import Testing

@testable import Transport

@Suite struct RedirectTests {
  let client = HTTPClient(policy: .trusted)

  @Test(arguments: [301, 302, 303, 307, 308])
  func aGetFollowsAndTellsWhereItEnded(status: Int) async throws {
    let server = try LoopbackServer { peer, request in
      if request.target == "/a/start" {
        peer.reply(status, ["Location: ../b/end?x=1"])
      } else {
        peer.reply(200, [], "there")
      }
      return .keep
    }
    let (head, body) = try await client.fetch(
      HTTPRequest(url: server.url("/a/start"), headers: [HTTPHeader("X-Key", "k")]))
    #expect(head.url == server.url("/b/end?x=1"))
    #expect(body == Array("there".utf8))
    #expect(server.requests.last?["x-key"] == "k")
  }

  @Test(arguments: ["POST", "PUT", "DELETE"], [301, 302, 303, 307, 308])
  func nothingElseIsFollowed(method: String, status: Int) async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(status, ["Location: /elsewhere"])
      return .keep
    }
    let (head, _) = try await client.fetch(HTTPRequest(method, url: server.url(), body: [1]))
    #expect(head.status == status)
    #expect(server.requests.count == 1)
  }

  @Test func keysStayBehindWhenTheOriginChanges() async throws {
    let other = try LoopbackServer { peer, _ in
      peer.reply(200, [], "other")
      return .keep
    }
    let target = other.url()
    let server = try LoopbackServer { peer, _ in
      peer.reply(302, ["Location: \(target)"])
      return .keep
    }
    let headers = [
      HTTPHeader("Authorization", "Bearer k"), HTTPHeader("X-API-Key", "k"), HTTPHeader("Cookie", "k"),
      HTTPHeader("Accept", "text/html"),
    ]
    _ = try await client.fetch(HTTPRequest(url: server.url(), headers: headers))
    let arrived = try #require(other.requests.first)
    #expect(arrived["accept"] == "text/html")
    for name in ["authorization", "x-api-key", "cookie"] { #expect(arrived[name] == nil) }
    #expect(server.requests.first?["x-api-key"] == "k")
  }

  @Test func threeHopsAreFollowedAndNoMore() async throws {
    let server = try LoopbackServer { peer, request in
      let left = Int(request.target.dropFirst()) ?? 0
      left == 0 ? peer.reply(200, [], "end") : peer.reply(302, ["Location: /\(left - 1)"])
      return .keep
    }
    #expect(try await client.fetch(HTTPRequest(url: server.url("/3"))).head.status == 200)
    await #expect(throws: TransportError.tooManyRedirects(limit: 3)) {
      _ = try await client.fetch(HTTPRequest(url: server.url("/4")))
    }
  }

  @Test(arguments: [300, 304, 305, 302])
  func aStatusWithoutAPlaceToGoIsAnAnswer(status: Int) async throws {
    let server = try LoopbackServer { peer, _ in
      peer.send("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n")
      return .keep
    }
    #expect(try await client.fetch(HTTPRequest(url: server.url())).head.status == status)
  }
}
