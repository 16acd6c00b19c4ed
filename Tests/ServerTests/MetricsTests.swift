import Testing

@Suite struct MetricsTests {
  @Test func `requests are counted by route, not by what stands in its place`() async throws {
    try await TestServer.run { server in
      let thread = "/threads/9c4ab09c-8a9e-4b8e-8d7c-0123456789ab"
      #expect(try await server.ask("GET", thread).status == 404)
      #expect(try await server.ask("GET", "/nothing/of/that/name").status == 404)
      let text = try await server.ask("GET", "/metrics").text
      #expect(
        text.contains(
          #"opengpts_http_requests_total{route="/threads/{thread_id}",method="GET",status="404"} 1"#))
      #expect(text.contains(#"route="page",method="GET",status="404"} 1"#))
      #expect(!text.contains("9c4ab09c"))
    }
  }

  @Test func `they tell of runs, indexes and the database`() async throws {
    try await TestServer.run { server in
      let text = try await server.ask("GET", "/metrics").text
      for name in [
        "runs_open{", "index_vectors ", "sqlite_seconds_bucket{", "database_bytes{", "disk_free_bytes ",
      ] {
        #expect(text.contains("\nopengpts_\(name)"), "\(name)")
      }
      let lines = text.split(separator: "\n")
      #expect(
        lines.allSatisfy { $0.hasPrefix("#") || $0.wholeMatch(of: /[a-z_]+(\{.*\})? [-0-9.e+]+/) != nil })
    }
  }

  @Test func `what comes through a proxy is not of this machine`() async throws {
    try await TestServer.run { server in
      for header in ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"] {
        let reply = try await server.ask("GET", "/metrics", headers: [(header, "203.0.113.9")])
        #expect(reply.status == 404, "\(header)")
      }
    }
  }
}
