import Conversation
import Testing

@testable import Server

@Suite struct RoutingTests {
  @Test(arguments: ["/ok", "/health", "/healthz", "/ok/"])
  func `health is told without a cookie`(path: String) async throws {
    try await TestServer.run { server in
      let reply = try await server.ask("GET", path, as: nil)
      #expect(reply.status == 200)
      #expect(reply.json == (path.hasPrefix("/ok") ? ["ok": true] : ["status": "ok"]))
    }
  }

  @Test func `readiness tells the version and each part`() async throws {
    try await TestServer.run { server in
      let reply = try await server.ask("GET", "/readyz")
      #expect(reply.status == 200)
      #expect(reply.json["version"] == "1.2.3")
      let names = reply.json["parts"]?.array?.compactMap { $0["name"]?.string } ?? []
      #expect(names.contains("database") && names.count >= 3)
    }
  }

  @Test func `a known path with another method says which ones there are`() async throws {
    try await TestServer.run { server in
      for (method, path, allowed) in [
        ("POST", "/health", "GET, HEAD"), ("OPTIONS", "/assistants/", "GET, HEAD, POST"),
        ("PATCH", "/threads", "GET, HEAD, POST"), ("GET", "/runs/stream", "POST"),
        ("PUT", "/ingest", "POST"),
      ] {
        let reply = try await server.ask(method, path)
        #expect(reply.status == 405, "\(method) \(path)")
        #expect(reply.detail == "Method Not Allowed")
        #expect(reply.field("allow") == allowed)
      }
    }
  }

  @Test(arguments: [
    "/nope", "/assistants/a/b/c", "//", "/runs/feedbacks", "/threads//state", "/%ff", "/..%2fx",
  ])
  func `an unknown path is not found`(path: String) async throws {
    try await TestServer.run { server in
      let reply = try await server.ask("GET", path)
      #expect(reply.status == 404)
      #expect(reply.json == ["detail": "Not Found"])
    }
  }

  @Test func `HEAD is GET without the body`() async throws {
    try await TestServer.run { server in
      let reply = try await server.ask("HEAD", "/health")
      #expect(reply.status == 200)
      #expect(reply.bytes.isEmpty)
      #expect(reply.field("content-length") == "15")
    }
  }

  @Test func `lists and creation work with and without a slash at the end`() async throws {
    try await TestServer.run { server in
      for path in [
        "/assistants", "/assistants/", "/assistants/public", "/assistants/public/", "/threads", "/threads/",
      ] {
        let reply = try await server.ask("GET", path)
        #expect(reply.json == [], "\(path)")
      }
      for path in ["/assistants", "/assistants/"] {
        let reply = try await server.ask("POST", path, ["name": "x", "config": [:]])
        #expect(reply.status == 200, "\(path)")
      }
    }
  }

  @Test func `every reply protects the browser and names its request`() async throws {
    try await TestServer.run { server in
      for path in ["/ok", "/nope", "/assistants/"] {
        let reply = try await server.ask("GET", path)
        #expect(reply.field("content-security-policy")?.contains("default-src 'none'") == true)
        #expect(reply.field("x-content-type-options") == "nosniff")
        #expect(reply.field("referrer-policy") == "no-referrer")
        #expect(reply.field("cross-origin-opener-policy") == "same-origin")
        #expect(reply.field("x-request-id")?.isEmpty == false)
        #expect(reply.field("access-control-allow-origin") == nil)
      }
    }
  }

  @Test func `every path with an id is for signed-in users only`() async throws {
    try await TestServer.run { server in
      for route in Router(engine: server.engine, version: "").routes where route.path.contains("{") {
        #expect(route.leastRole != nil, "\(route.method) \(route.path) is open to anyone")
      }
    }
  }
}
