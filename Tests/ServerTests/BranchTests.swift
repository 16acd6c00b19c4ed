import Conversation
import Foundation
import Testing

/// The ways a thread takes: beside each other, none lost.
@Suite struct BranchTests {
  private func texts(_ server: TestServer, _ thread: String, at checkpoint: String = "") async throws
    -> [String]
  {
    let query = checkpoint.isEmpty ? "" : "?checkpoint_id=\(checkpoint)"
    let values = try await server.ask("GET", "/threads/\(thread)/state\(query)").json["values"]?.array ?? []
    return values.compactMap { $0["content"]?.string?.trimmingCharacters(in: .whitespaces) }
  }

  private func lineage(_ server: TestServer, _ thread: String) async throws -> JSON {
    try await server.ask("GET", "/threads/\(thread)/lineage").json
  }

  /// Runs from a checkpoint; without a text, what stands there is answered again.
  private func run(_ server: TestServer, _ thread: String, _ text: String?, from checkpoint: JSON?)
    async throws
  {
    let input: JSON = text.map { [["type": "human", "content": .string($0)]] } ?? []
    _ = try await server.stream(
      [
        "thread_id": .string(thread), "input": input,
        "config": ["configurable": ["checkpoint_id": checkpoint ?? nil]],
      ])
  }

  @Test func `another question and another answer stand beside the first, and each way can be taken again`()
    async throws
  {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say one"))
      _ = try await server.stream(TestServer.run(thread, "say two"))
      let first = try await lineage(server, thread)
      #expect(first["messages"]?.array?.count == 4 && first["forks"] == [])

      try await run(server, thread, "say other", from: first["messages"]?[2]?["before"])
      #expect(try await texts(server, thread) == ["say one", "one", "say other", "other"])
      let second = try await lineage(server, thread)
      try await run(server, thread, nil, from: second["messages"]?[2]?["checkpoint_id"])
      let third = try await lineage(server, thread)
      let forks = third["forks"]?.array ?? []
      #expect(forks.map { $0["alternatives"]?.array?.count } == [2, 2])
      #expect(forks[0]["alternatives"]?.array?.map { $0["is_current"] } == [false, true])

      let back = try #require(forks[0]["alternatives"]?[0]?["checkpoint_id"])
      let reply = try await server.ask("PUT", "/threads/\(thread)/head", ["checkpoint_id": back])
      #expect(reply.status == 200 && reply.json["head"] == back && reply.json["end"] == nil)
      #expect(try await texts(server, thread) == ["say one", "one", "say two", "two"])
      _ = try await server.stream(TestServer.run(thread, "say three"))
      #expect(try await texts(server, thread).last == "three")
      #expect(try await texts(server, thread).count == 6)
    }
  }

  @Test func `the first question has other ways too`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say one"))
      for text in ["say two", "say three"] {
        try await run(
          server, thread, text, from: try await lineage(server, thread)["messages"]?[0]?["before"])
      }
      #expect(try await texts(server, thread) == ["say three", "three"])
      #expect(try await lineage(server, thread)["forks"]?[0]?["alternatives"]?.array?.count == 3)
    }
  }

  @Test func `a thread that stands at an earlier point says where its end is`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say one"))
      let end = try await lineage(server, thread)
      let timeline = try await server.ask("GET", "/threads/\(thread)/timeline").json.array ?? []
      #expect(timeline.first?["checkpoint_id"] == end["head"])
      let question = try #require(timeline.first { $0["writes"]?[0]?["type"] == "human" })
      #expect(question["writes"]?[0]?["excerpt"] == "say one")
      _ = try await server.ask(
        "PUT", "/threads/\(thread)/head", ["checkpoint_id": question["checkpoint_id"] ?? nil])
      let earlier = try await lineage(server, thread)
      #expect(earlier["end"] == end["head"] && earlier["head"] == question["checkpoint_id"])
      #expect(try await texts(server, thread) == ["say one"])
      let rest = try await server.ask(
        "GET", "/threads/\(thread)/timeline?limit=1&before=\(end["head"]?.string ?? "")")
      #expect(rest.json.array?.count == 1)
    }
  }

  @Test func `a fork has what led there and the files, and goes its own way`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.file(in: thread)
      _ = try await server.stream(TestServer.run(thread, "say one"))
      let middle = try await lineage(server, thread)["head"]
      _ = try await server.stream(TestServer.run(thread, "say two"))
      let fork = try await server.ask(
        "POST", "/threads/\(thread)/fork", ["checkpoint_id": middle ?? nil, "name": "F"])
      let copy = try #require(fork.json["thread_id"]?.string, "\(fork.text)")
      #expect(copy != thread && fork.json["name"] == "F")
      #expect(try await texts(server, copy) == ["say one", "one"])
      #expect(try await server.ask("GET", "/threads/\(copy)/files").json.array?.count == 1)
      _ = try await server.stream(TestServer.run(copy, "say three"))
      try await run(
        server, copy, "say four", from: try await lineage(server, copy)["messages"]?[0]?["before"])
      #expect(try await texts(server, copy) == ["say four", "four"])
      #expect(try await texts(server, thread).count == 4)
    }
  }

  @Test(arguments: [
    ("GET", "lineage"), ("GET", "timeline"), ("PUT", "head"), ("POST", "fork"), ("GET", "feedback"),
  ])
  func `what is somebody else's is not there`(method: String, what: String) async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say one"))
      let head = try await lineage(server, thread)["head"] ?? nil
      let body: JSON? = method == "GET" ? nil : ["checkpoint_id": head]
      let reply = try await server.ask(method, "/threads/\(thread)/\(what)", body, as: TestServer.bert)
      #expect(reply.status == 404 && reply.detail == "Thread not found")
      guard method != "GET" else { return }
      let mine = try await server.thread(as: TestServer.bert)
      let foreign = try await server.ask(method, "/threads/\(mine)/\(what)", body, as: TestServer.bert)
      #expect(foreign.status == 404 && foreign.detail == "Checkpoint not found")
    }
  }
}
