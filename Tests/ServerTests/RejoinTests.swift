import Conversation
import Foundation
import Testing

@Suite struct RejoinTests {
  @Test(arguments: ["messages", "deltas"])
  func `a stream that is cut after any event and taken up again is the uncut one, byte for byte`(
    mode: String
  ) async throws {
    try await TestServer.run { server in
      let thread = try await server.thread(["type": "agent", "type==agent/tools": ["echo"]])
      let whole = try await server.stream(
        TestServer.run(thread, "call echo one two three", ["stream_mode": .string(mode)]))
      let run = try #require(whole.runID)
      #expect(whole.names.count >= 5, "\(whole.reply.text)")
      for (place, event) in whole.events.enumerated() {
        let rest = try await server.join(thread, run, mode: mode, after: event.id)
        let seen = whole.blocks[...place].map { $0.joined(separator: "\r\n") + "\r\n\r\n" }.joined()
        #expect(seen + rest.reply.text == whole.reply.text, "cut after \(event.id)")
      }
      let again = try await server.join(thread, run, mode: mode)
      #expect(again.reply.text == whole.reply.text)
      #expect(again.reply.field("content-type") == "text/event-stream; charset=utf-8")
    }
  }

  @Test func `a run that goes on is joined by others, who see the same`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      async let first = server.stream(TestServer.run(thread, "hold"))
      try await server.eventually("the model is asked") { server.model.waiting == 1 }
      let run = try await server.ask("GET", "/threads/\(thread)/runs").json[0]?["run_id"]?.string ?? ""
      async let second = server.join(thread, run)
      try await Task.sleep(for: .milliseconds(100))
      server.model.release()
      let (left, right) = try await (first, second)
      #expect(left.reply.text == right.reply.text)
      #expect(left.data("data").last?[0]?["content"] == "Before after")
    }
  }

  @Test func `an id of another life of the server brings the whole stream`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let whole = try await server.stream(TestServer.run(thread, "say x"))
      for id in ["3-otherlife", "99999-x", "rubbish", "-1-x", "7"] {
        let again = try await server.join(thread, whole.runID ?? "", after: id)
        #expect(again.reply.text == whole.reply.text, "\(id)")
      }
    }
  }

  @Test func `after a restart a run's stream tells what was committed`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "server-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (ids, source) = AsyncStream.makeStream(of: String.self)
    try await TestServer.run(directory: folder) { server in
      let thread = try await server.thread()
      let good = try await server.stream(TestServer.run(thread, "say x"))
      let bad = try await server.stream(TestServer.run(thread, "half"))
      for id in [thread, good.runID ?? "", bad.runID ?? "", bad.events.last?.id ?? ""] { source.yield(id) }
    }
    source.finish()
    let known = await ids.reduce(into: []) { $0.append($1) }
    try await TestServer.run(directory: folder) { server in
      let good = try await server.join(known[0], known[1])
      #expect(good.names == ["metadata", "data", "end"])
      #expect(good.runID == known[1])
      #expect(good.data("data")[0].array?.map { $0["content"] } == ["say x", "x ", "half", "Half an "])
      let bad = try await server.join(known[0], known[2], after: known[3])
      #expect(bad.names == ["metadata", "data", "error", "end"])
      #expect(bad.data("error")[0]["code"] == "model_cut")
    }
  }

  @Test func `a run that the end of the program cut goes on after the next start`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "server-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (ids, source) = AsyncStream.makeStream(of: String.self)
    try await TestServer.run(directory: folder) { server in
      let thread = try await server.thread()
      let run = try await server.ask("POST", "/runs", TestServer.run(thread, "hold"))
      try await server.eventually("the model is asked") { server.model.waiting == 1 }
      for id in [thread, run.json["run_id"]?.string ?? ""] { source.yield(id) }
    }
    source.finish()
    let known = await ids.reduce(into: []) { $0.append($1) }
    try await TestServer.run(directory: folder) { server in
      server.model.release()
      let stream = try await server.join(known[0], known[1], mode: "deltas", after: "4-before")
      #expect(stream.names.last == "end")
      #expect(stream.data("data").first?[0]?["content"] == "hold", "a stranger is shown the whole thread")
      #expect(stream.data("data").last?[0]?["content"] == "Before after", "\(stream.reply.text)")
    }
  }
}
