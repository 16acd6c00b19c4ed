import Conversation
import Foundation
import Testing

@Suite struct WebFilesTests {
  /// A folder with a page, and things around it that are nobody's business.
  private func withFolder(_ body: @Sendable (TestServer) async throws -> Void) async throws {
    let outer = FileManager.default.temporaryDirectory.appending(path: "web-\(UUID())")
    let root = outer.appending(path: "root")
    defer { try? FileManager.default.removeItem(at: outer) }
    try FileManager.default.createDirectory(
      at: root.appending(path: "sub"), withIntermediateDirectories: true)
    for (name, text) in [
      ("root/index.html", "<!doctype html>"), ("root/main.js", "export {}"),
      ("root/sub/a-0123abcd.css", "a {}"),
      ("root/.hidden", "secret"), ("secret.txt", "secret"),
    ] {
      try Data(text.utf8).write(to: outer.appending(path: name))
    }
    for (link, target) in [("root/link.txt", "secret.txt"), ("root/sub/up", "")] {
      try FileManager.default.createSymbolicLink(
        at: outer.appending(path: link), withDestinationURL: outer.appending(path: target))
    }
    try await TestServer.run(webDirectory: root.path, body)
  }

  @Test func `the page and its files are served with their types and tags`() async throws {
    try await withFolder { server in
      for (path, type, text) in [
        ("/", "text/html; charset=utf-8", "<!doctype html>"),
        ("/index.html", "text/html; charset=utf-8", "<!doctype html>"),
        ("/assistant/x/edit", "text/html; charset=utf-8", "<!doctype html>"),
        ("/thread/x", "text/html; charset=utf-8", "<!doctype html>"),
        ("/main.js", "text/javascript; charset=utf-8", "export {}"),
        ("/sub/a-0123abcd.css", "text/css; charset=utf-8", "a {}"),
      ] {
        let reply = try await server.ask("GET", path, as: nil)
        #expect(reply.status == 200, "\(path)")
        #expect(reply.text == text)
        #expect(reply.field("content-type") == type)
        let isHashed = path.contains("0123abcd")
        #expect(reply.field("cache-control")?.contains("immutable") == isHashed)
        let tag = try #require(reply.field("etag"))
        let again = try await server.ask(
          "GET", path, as: nil, headers: [("If-None-Match", "\"x\", W/\(tag)")])
        #expect(again.status == 304 && again.bytes.isEmpty)
        #expect(
          try await server.ask("GET", path, as: nil, headers: [("If-None-Match", "\"x\"")]).status == 200)
      }
    }
  }

  @Test(arguments: [
    "/link.txt", "/sub/up/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/sub/..%2f..%2fsecret.txt",
    "/.hidden", "/sub", "/sub/", "/main.js/", "/main.js%00.txt", "/..%5csecret.txt", "//secret.txt",
    "/./main.js",
  ])
  func `nothing outside of the folder is served`(path: String) async throws {
    try await withFolder { server in
      let request = TestServer.request("GET", path, ["Host: localhost"])
      let reply = try await server.raw(request)
      #expect(reply.hasPrefix("HTTP/1.1 404 ") || reply.hasPrefix("HTTP/1.1 400 "), "\(reply)")
      #expect(!reply.contains("secret\r\n") && !reply.hasSuffix("secret"))
    }
  }

  @Test func `what the page names lies at an address that changes with it, and may be kept for ever`()
    async throws
  {
    try await TestServer.run { server in
      let page = try await server.ask("GET", "/", as: nil)
      #expect(page.field("cache-control") == "no-cache")
      let named = page.text.matches(of: /(?:src|href)="(\/assets\/[0-9a-f]+\/[^"]+)"/).map { String($0.1) }
      #expect(named.count > 5 && !page.text.contains("src=\"/main.js"))
      for path in named {
        let file = try await server.ask("GET", path, as: nil)
        #expect(file.status == 200 && file.field("cache-control")?.contains("immutable") == true, "\(path)")
      }
      let other = named[0].replacing(/assets\/[0-9a-f]+/, with: "assets/0123abcd")
      #expect(try await server.ask("GET", other, as: nil).status == 404)
    }
  }

  @Test(arguments: [("gzip, br", true), ("br", false), ("gzip;q=0", false), ("deflate, GZIP;q=0.5", true)])
  func `a file is sent compressed to whoever takes that`(accepted: String, isTaken: Bool) async throws {
    try await TestServer.run { server in
      let request = TestServer.request(
        "GET", "/main.js", ["Host: localhost", "Accept-Encoding: \(accepted)"])
      let reply = try await server.raw(request)
      #expect(
        reply.contains("content-encoding: gzip") == isTaken
          || reply.contains("Content-Encoding: gzip") == isTaken)
    }
  }

  @Test func `the program brings its page`() async throws {
    try await TestServer.run { server in
      let page = try await server.ask("GET", "/", as: nil)
      #expect(page.status == 200)
      #expect(page.text.contains("<!doctype html>"))
      let script = try await server.ask("GET", "/main.js", as: nil)
      #expect(script.field("content-type") == "text/javascript; charset=utf-8")
      #expect(try await server.ask("POST", "/main.js", [:]).status == 405)
      #expect(
        try await server.ask("HEAD", "/", as: nil).field("content-length") == page.field("content-length"))
    }
  }
}
