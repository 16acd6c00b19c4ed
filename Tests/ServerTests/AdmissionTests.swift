import Conversation
import Foundation
import Testing

@testable import Server

@Suite struct AdmissionTests {
  @Test(arguments: [
    ("127.0.0.1:8100", 200), ("localhost", 200), ("LOCALHOST:1", 200), ("[::1]:8100", 200),
    ("192.168.1.7", 200),
    ("app.localhost", 200), ("chat.example.org", 200), ("evil.example", 403), ("127.0.0.1.evil.example", 403),
    ("localhost.evil.example", 403), ("[::1", 403), ("127.0.0.1:x", 403), ("localhost@evil", 403),
  ])
  func `only known names reach the server`(host: String, status: Int) async throws {
    try await TestServer.run(allowedHosts: ["chat.example.org"]) { server in
      let reply = try await server.raw(TestServer.request("GET", "/ok", ["Host: \(host)"]))
      #expect(reply.hasPrefix("HTTP/1.1 \(status) "), "\(reply)")
      if status == 403 { #expect(reply.contains("allow that name")) }
    }
  }

  @Test func `a request without a host is refused`() async throws {
    try await TestServer.run { server in
      let answer400 = try await server.raw("GET /ok HTTP/1.1\r\nConnection: close\r\n\r\n")
      #expect(answer400.hasPrefix("HTTP/1.1 400"))
    }
  }

  @Test(arguments: [
    (["Origin: http://evil.example"], 403), (["Origin: http://127.0.0.1:8100"], 200),
    (["Origin: http://127.0.0.1:9999"], 403), (["Origin: null"], 403), ([], 200),
    (["Sec-Fetch-Site: cross-site"], 403), (["Sec-Fetch-Site: same-site"], 403),
    (["Sec-Fetch-Site: same-origin", "Origin: http://localhost:5173"], 200), (["Sec-Fetch-Site: none"], 200),
    (["Sec-Fetch-Site: cross-site", "Origin: http://127.0.0.1:8100"], 403),
  ])
  func `pages of other sites write nothing`(fields: [String], status: Int) async throws {
    try await TestServer.run { server in
      let body = #"{"name":"x","config":{}}"#
      let write = TestServer.request("POST", "/assistants", ["Host: 127.0.0.1:8100"] + fields, body: body)
      let reply = try await server.raw(write)
      #expect(reply.hasPrefix("HTTP/1.1 \(status) "), "\(reply)")
      let read = TestServer.request("GET", "/ok", ["Host: 127.0.0.1:8100"] + fields)
      let answer200 = try await server.raw(read)
      #expect(answer200.hasPrefix("HTTP/1.1 200 "))
      #expect(
        try await server.ask("GET", "/assistants/", as: nil).json.array?.count == (status == 200 ? 1 : 0))
    }
  }

  @Test func `too much of a header is answered and the connection closed`() async throws {
    try await TestServer.run { server in
      let long = TestServer.request(
        "GET", "/ok", ["Host: localhost", "X-Long: " + String(repeating: "a", count: 40_000)])
      let many = TestServer.request("GET", "/ok", ["Host: localhost"] + (0..<150).map { "X-\($0): a" })
      for request in [long, many] {
        let reply = try await server.raw(request)
        #expect(reply.hasPrefix("HTTP/1.1 431 "), "\(reply.prefix(300))")
        #expect(reply.contains(#"{"detail":"#))
      }
      let target = TestServer.request("GET", "/" + String(repeating: "a", count: 9_000), ["Host: localhost"])
      let answer414 = try await server.raw(target)
      #expect(answer414.hasPrefix("HTTP/1.1 414 "))
    }
  }

  @Test(arguments: [
    "rubbish\r\n\r\n", "GET /ok HTTP/1.1\r\nBad Header: x\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
  ])
  func `what is no HTTP is answered with 400`(bytes: String) async throws {
    try await TestServer.run { server in
      let answer400 = try await server.raw(bytes)
      #expect(answer400.hasPrefix("HTTP/1.1 400 "))
      #expect(try await server.ask("GET", "/ok").status == 200)
    }
  }

  @Test func `two ways of telling a body's length are not believed`() async throws {
    try await TestServer.run { server in
      let reply = try await server.raw(
        "POST /assistants HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      )
      #expect(reply.hasPrefix("HTTP/1.1 4"), "\(reply)")
    }
  }

  @Test func `an endless body is refused without being read to its end`() async throws {
    try await TestServer.run { server in
      let connection = try RawConnection(port: server.port)
      connection.send(
        "POST /assistants HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      )
      let chunk = "10000\r\n" + String(repeating: " ", count: 65_536) + "\r\n"
      for _ in 0..<80 { connection.send(chunk) }
      let reply = await connection.read()
      #expect(reply.hasPrefix("HTTP/1.1 413 "), "\(reply)")
      #expect(reply.contains("Connection: close"))
      #expect(connection.isClosed)
    }
  }

  @Test func `a large body that nobody asked for closes its connection`() async throws {
    try await TestServer.run { server in
      let connection = try RawConnection(port: server.port)
      connection.send("POST /nope HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000000\r\n\r\n")
      let reply = await connection.read()
      #expect(reply.hasPrefix("HTTP/1.1 404 "), "\(reply)")
      #expect(connection.isClosed)
    }
  }

  @Test func `a body that means nothing has its bound too`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let run = try await server.stream(TestServer.run(thread, "say x")).runID ?? ""
      let path = "/threads/\(thread)/runs/\(run)/cancel"
      #expect(try await server.ask("POST", path, [:]).status == 200)
      let large = [UInt8](repeating: 0x20, count: Limits.jsonBodyBytes + 1)
      #expect(try await server.ask("POST", path, bytes: large, type: "text/plain").status == 413)
    }
  }

  @Test func `a client that asks before it sends is told to go ahead`() async throws {
    try await TestServer.run { server in
      let connection = try RawConnection(port: server.port)
      let body = #"{"name":"x","config":{}}"#
      connection.send(
        "POST /assistants HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: application/json\r\n"
          + "Connection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
      let answer100 = await connection.read(until: "\r\n\r\n")
      #expect(answer100.hasPrefix("HTTP/1.1 100 "))
      connection.send(body)
      let answer200 = await connection.read()
      #expect(answer200.hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test func `requests on one connection are answered in turn`() async throws {
    try await TestServer.run { server in
      let reply = try await server.raw(
        "GET /ok HTTP/1.1\r\nHost: localhost\r\n\r\n"
          + TestServer.request("GET", "/health", ["Host: localhost"]))
      #expect(reply.contains(#"{"ok":true}"#) && reply.contains(#"{"status":"ok"}"#))
    }
  }
}
