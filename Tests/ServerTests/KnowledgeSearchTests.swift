import Conversation
import Foundation
import Testing

@testable import Server

@Suite struct KnowledgeSearchTests {
  /// Gives texts to a thread or an assistant.
  private func ingest(_ texts: [String], into owner: (kind: String, id: String), _ server: TestServer)
    async throws
  {
    let parts = texts.enumerated().map { place, text in
      "--XxB\r\nContent-Disposition: form-data; name=\"files\"; filename=\"\(place).txt\"\r\n"
        + "Content-Type: text/plain\r\n\r\n\(text)\r\n"
    }
    let config = #"{"configurable":{"\#(owner.kind)":"\#(owner.id)"}}"#
    let form =
      parts.joined()
      + "--XxB\r\nContent-Disposition: form-data; name=\"config\"\r\n\r\n\(config)\r\n--XxB--\r\n"
    let reply = try await server.ask(
      "POST", "/ingest", bytes: Array(form.utf8), type: "multipart/form-data; boundary=XxB")
    #expect(reply.status == 200, "\(reply.text)")
  }

  @Test func `passages come in pages, with their places and scores, as the document says`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      try await ingest(
        ["Bears eat honey.", "Bears sleep in winter.", "Bears swim well.", "Cars burn petrol."],
        into: ("thread_id", thread), server)
      let path = "/search?q=what%20do%20bears%20eat&thread_id=\(thread)"
      let reply = try await server.ask("GET", path + "&limit=2").json
      let passages = reply["passages"]?.array ?? []
      #expect(passages.first?["text"] == "Bears eat honey." && passages.count == 2)
      #expect(passages.first?["text_rank"] == 1 && passages.first?["text_score"]?.number ?? 0 > 0)
      #expect(reply["has_more"] == true && reply["compared_meaning"] == false && reply["candidates"] == nil)
      let rest = try await server.ask("GET", path + "&limit=2&offset=2").json
      #expect(rest["passages"]?.array?.count == 1 && rest["has_more"] == false)

      let explained = try await server.ask("GET", path + "&limit=1&explain=true").json
      #expect(explained["candidates"]?.array?.map { $0["fate"] } == ["shown", "other_page", "other_page"])
    }
  }

  @Test func `filters narrow what is found`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      try await ingest(["Bears eat honey.", "Bears sleep."], into: ("thread_id", thread), server)
      let files = try await server.ask("GET", "/threads/\(thread)/files").json.array ?? []
      let file = try #require(files.first { $0["name"] == "1.txt" }?["file_id"]?.string)
      func texts(_ more: String) async throws -> [JSON?] {
        try await server.ask("GET", "/search?q=bears&thread_id=\(thread)\(more)").json["passages"]?.array?.map
        {
          $0["text"]
        } ?? []
      }
      #expect(try await texts("&file_id=\(file)") == ["Bears sleep."])
      #expect(try await texts("&from=2999-01-01").isEmpty)
      #expect(try await texts("&before=2999-12-31T23:59:59Z").count == 2)
      #expect(try await texts("&ranking=text").count == 2)
      #expect(try await texts("&ranking=vectors").isEmpty)
    }
  }

  @Test func `nobody searches what is somebody else's`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let assistant = try await server.assistant()
      let shared = try await server.assistant(isPublic: true)
      for place in ["thread_id=\(thread)", "assistant_id=\(assistant)"] {
        #expect(try await server.ask("GET", "/search?q=x&\(place)").status == 200)
        let reply = try await server.ask("GET", "/search?q=x&\(place)", as: TestServer.bert)
        #expect(reply.status == 404, "\(place)")
        let both = "/search?q=x&assistant_id=\(shared)&\(place)"
        #expect(try await server.ask("GET", both, as: TestServer.bert).status == 404)
      }
      #expect(
        try await server.ask("GET", "/search?q=x&assistant_id=\(shared)", as: TestServer.bert).status == 200)
    }
  }

  @Test(arguments: [
    "", "q=", "q=%20", "q=x", "q=x&thread_id=nope", "q=x&assistant_id=A&limit=0",
    "q=x&assistant_id=A&limit=101",
    "q=x&assistant_id=A&offset=-1", "q=x&assistant_id=A&from=yesterday", "q=x&assistant_id=A&from=2026-13-01",
    "q=x&assistant_id=A&before=2026-01-01T25:00:00Z", "q=x&assistant_id=A&ranking=best",
    "q=x&assistant_id=A&explain=perhaps", "q=x&assistant_id=A&file_id=7",
  ])
  func `what is wrong with a search is told with its place`(query: String) async throws {
    try await TestServer.run { server in
      let assistant = try await server.assistant()
      let reply = try await server.ask("GET", "/search?" + query.replacing("=A", with: "=\(assistant)"))
      #expect(reply.status == 422)
      #expect(reply.json["detail"]?[0]?["loc"]?[0] == "query")
    }
  }
}
