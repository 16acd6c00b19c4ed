import Conversation
import Foundation
import Testing

@Suite struct OldClientTests {
  @Test(arguments: ["1.0", "1.1"])
  func `HTTP 1.0 gets a body that ends with the connection, later versions chunks`(version: String)
    async throws
  {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let body = TestServer.run(thread, "say one two").text
      let text = try await server.raw(
        "POST /runs/stream HTTP/\(version)\r\nHost: localhost\r\nCookie: opengpts_user_id=anna\r\n"
          + "Connection: \(version == "1.0" ? "keep-alive" : "close")\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
      let head = text.components(separatedBy: "\r\n\r\n")[0].lowercased()
      #expect(head.hasPrefix("http/\(version) 200"), "\(head)")
      #expect(head.contains("transfer-encoding: chunked") == (version == "1.1"))
      #expect(head.contains("connection: close") || version == "1.1")
      #expect(text.contains("event: end"))
      if version == "1.0" { #expect(text.components(separatedBy: "\r\n\r\n")[1].hasPrefix("id: ")) }
    }
  }

  @Test func `a short reply to HTTP 1.0 has its length, and the connection ends`() async throws {
    try await TestServer.run { server in
      let text = try await server.raw("GET /ok HTTP/1.0\r\nHost: localhost\r\n\r\n")
      #expect(text.hasPrefix("HTTP/1.0 200") && text.lowercased().contains("content-length: 11"))
      #expect(text.hasSuffix("{\"ok\":true}"))
    }
  }
}
