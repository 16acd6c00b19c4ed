import Conversation
import Foundation
import Testing

@Suite struct RunTests {
  @Test func `a stream has the original's events, headers and line ends, and an id on each event`()
    async throws
  {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let stream = try await server.stream(TestServer.run(thread, "say Hi there, friend."))
      #expect(stream.reply.status == 200)
      #expect(stream.reply.field("content-type") == "text/event-stream; charset=utf-8")
      #expect(stream.reply.field("cache-control") == "no-cache, no-transform")
      #expect(stream.reply.field("x-accel-buffering") == "no")
      #expect(stream.reply.field("content-encoding") == nil)
      #expect(!stream.reply.text.replacingOccurrences(of: "\r\n", with: "").contains("\n"))
      #expect(stream.names.first == "metadata" && stream.names.last == "end")
      #expect(Set(stream.names) == ["metadata", "data", "end"])
      #expect(stream.events.allSatisfy { !$0.id.isEmpty })
      #expect(stream.blocks.last?.count == 2, "end has no data line")
      #expect(UUID(uuidString: stream.runID ?? "") != nil)

      let data = stream.data("data")
      #expect(data[0][0]?["content"] == "say Hi there, friend.")
      #expect(data[0][0]?["type"] == "human")
      #expect(data[1][0]?["content"] == "", "a message begins empty")
      let last = try #require(data.last?[0])
      #expect(last["content"] == "Hi there, friend. ")
      #expect(last["response_metadata"] == ["finish_reason": "stop", "model_name": "scripted"])
      #expect(
        Set(last.object.map { Array($0.keys) } ?? []) == [
          "content", "additional_kwargs", "response_metadata", "type", "name", "id", "example", "tool_calls",
          "invalid_tool_calls", "usage_metadata",
        ])
      #expect(Set(data.dropFirst().map { $0[0]?["id"] }) == [last["id"]])
      let state = try await server.ask("GET", "/threads/\(thread)/state").json
      #expect(state["values"]?[1] == last)
      #expect(state["next"] == [])
    }
  }

  @Test func `the first data event holds the whole thread`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say one"))
      let second = try await server.stream(TestServer.run(thread, "say two"))
      #expect(second.data("data").first?.array?.map { $0["type"] } == ["human", "ai", "human"])
    }
  }

  @Test(arguments: [
    #"[{"type":"human","content":"say x"}]"#, #"{"type":"human","content":"say x"}"#,
    #"{"role":"user","content":"say x"}"#, #"{"messages":[{"type":"human","content":"say x"}]}"#,
    #"{"messages":{"role":"user","content":"say x"}}"#,
    #"[{"type":"human","content":[{"type":"text","text":"say x"}]}]"#,
    #"[{"type":"human","content":"say x","id":""}]"#,
  ])
  func `input is taken in every shape clients write it`(input: String) async throws {
    try await TestServer.run { server in
      for type: JSON in ["chatbot", "agent", "chat_retrieval"] {
        let thread = try await server.thread(["type": type])
        let stream = try await server.stream(
          ["thread_id": .string(thread), "input": try JSON(parsing: input)])
        #expect(stream.names.last == "end", "\(type): \(stream.reply.text)")
        #expect(!stream.names.contains("error"), "\(type): \(stream.reply.text)")
        #expect(stream.data("data").first?[0]?["type"] == "human")
      }
    }
  }

  @Test(arguments: ["{}", #"{"messages":[]}"#, "[]", nil])
  func `no new message runs the thread as it stands`(input: String?) async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.ask(
        "POST", "/threads/\(thread)/state", ["values": [["type": "human", "content": "say x"]]])
      var body: [String: JSON] = ["thread_id": .string(thread)]
      if let input { body["input"] = try JSON(parsing: input) }
      let stream = try await server.stream(.object(body))
      #expect(stream.data("data").last?[0]?["content"] == "x ", "\(stream.reply.text)")
    }
  }

  @Test func `null with nothing to go on with shows the thread and ends`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say x"))
      let stream = try await server.stream(TestServer.run(thread, nil))
      #expect(stream.names == ["metadata", "data", "end"])
      #expect(server.model.asked == 1)
    }
  }

  @Test func `an interrupted run waits, and null goes on`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread([
        "type": "agent", "type==agent/interrupt_before_action": true, "type==agent/tools": ["echo"],
      ])
      let first = try await server.stream(TestServer.run(thread, "call echo again"))
      #expect(first.data("data").last?[0]?["tool_calls"]?[0]?["name"] == "echo")
      #expect(try await server.ask("GET", "/threads/\(thread)/state").json["next"] == ["action"])
      let run = try await server.ask("GET", "/threads/\(thread)/runs/\(first.runID ?? "")")
      #expect(run.json["status"] == "interrupted")
      let second = try await server.stream(TestServer.run(thread, nil))
      let tool = second.data("data").compactMap { $0[0] }.first { $0["type"] == "tool" }
      #expect(tool?["content"] == "again")
      #expect(tool?["tool_call_id"] == "call-1")
      #expect(tool?["status"] == "success")
      let history = try await server.ask("GET", "/threads/\(thread)/history").json.array ?? []
      #expect(history.count >= 4)
      #expect(history[0]["values"]?.array?.count == 4)
    }
  }

  @Test func `a failure is told in words, without its cause, and the thread goes on`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let failed = try await server.stream(TestServer.run(thread, "fail"))
      #expect(failed.names == ["metadata", "data", "error", "end"], "\(failed.reply.text)")
      let error = try #require(failed.data("error").first)
      #expect(error["status_code"] == 502)
      #expect(error["message"]?.string?.contains("cannot be reached") == true)
      #expect(!failed.reply.text.contains("secret"))
      #expect(try await server.ask("GET", "/threads/\(thread)/state").json["next"] == ["chatbot"])
      #expect(try await server.ask("GET", "/threads/\(thread)/history").status == 200)
      let next = try await server.stream(TestServer.run(thread, "say fine"))
      #expect(next.data("data").last?[0]?["content"] == "fine ")
    }
  }

  @Test func `an answer that was cut is kept and marked`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let stream = try await server.stream(TestServer.run(thread, "half"))
      #expect(stream.names.suffix(2) == ["error", "end"])
      let state = try await server.ask("GET", "/threads/\(thread)/state").json
      #expect(state["values"]?[1]?["content"] == "Half an ")
      #expect(state["values"]?[1]?["response_metadata"]?["finish_reason"] == "interrupted")
    }
  }

  @Test func `what is wrong with a request is told before anything runs`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let rows: [(String, JSON)] = [
        (#"{"input":[]}"#, ["body", "thread_id"]),
        (#"{"thread_id":"nope","input":[]}"#, ["body", "thread_id"]),
        (#"{"thread_id":"T","input":"just a string"}"#, ["body", "input"]),
        (#"{"thread_id":"T","input":{"foo":1}}"#, ["body", "input", "messages"]),
        (#"{"thread_id":"T","input":[{"type":"bogus","content":"x"}]}"#, ["body", "input", 0]),
        (#"{"thread_id":"T","input":[{"content":"no type"}]}"#, ["body", "input", 0]),
        (#"{"thread_id":"T","input":[{"type":"human","content":"x"},"y"]}"#, ["body", "input", 1]),
        (#"{"thread_id":"T","input":[{"type":"human","content":7}]}"#, ["body", "input", 0, "content"]),
        (#"{"thread_id":"T","config":[]}"#, ["body", "config"]),
        (
          #"{"thread_id":"T","config":{"configurable":{"type":"bogus"}}}"#,
          ["body", "config", "configurable", "type"]
        ),
        (#"{"thread_id":"T","stream_mode":"values"}"#, ["body", "stream_mode"]),
        (#"{"thread_id":"T","on_disconnect":"x"}"#, ["body", "on_disconnect"]),
        (#"{"thread_id":"T","multitask_strategy":"x"}"#, ["body", "multitask_strategy"]),
      ]
      for (body, location) in rows {
        let text = body.replacingOccurrences(of: #""T""#, with: "\"\(thread)\"")
        let reply = try await server.ask("POST", "/runs/stream", try JSON(parsing: text))
        #expect(reply.status == 422, "\(body): \(reply.text)")
        #expect(reply.json["detail"]?[0]?["loc"] == location, "\(body): \(reply.text)")
      }
      #expect(server.model.asked == 0)
      let unknown = try await server.ask(
        "POST", "/runs/stream", TestServer.run("9cdfa121-7dc7-5065-82ea-057a6adec591", "x"))
      #expect(unknown.status == 404)
    }
  }

  @Test func `a request's configuration is laid over the assistant's, extra keys are let pass`() async throws
  {
    try await TestServer.run { server in
      let thread = try await server.thread(["type": "chatbot", "type==chatbot/system_message": "First"])
      let config: JSON = [
        "tags": ["x"], "metadata": ["k": "v"],
        "configurable": ["type==chatbot/system_message": "OVER", "thread_id": "elsewhere"],
      ]
      _ = try await server.stream(
        TestServer.run(
          thread, "say x", ["config": config, "assistant_id": "ignored", "stream_mode": ["messages"]]))
      #expect(server.model.systems == ["OVER"])
    }
  }

  @Test func `a background run has an id, is listed, read, and keeps its settings to itself`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread(["type": "chatbot", "type==chatbot/system_message": "secret"])
      let started = try await server.ask("POST", "/runs", TestServer.run(thread, "say x"))
      #expect(started.json["status"] == "ok")
      let id = try #require(started.json["run_id"]?.string)
      try await server.eventually("the run ends") {
        try await server.ask("GET", "/threads/\(thread)/runs/\(id)").json["status"] == "success"
      }
      let list = try await server.ask("GET", "/threads/\(thread)/runs")
      #expect(list.json.array?.map { $0["run_id"] } == [.string(id)])
      #expect(list.json[0]?["error"] == .null)
      #expect(!list.text.contains("secret"))
      let failed =
        try await server.ask("POST", "/runs", TestServer.run(thread, "fail")).json["run_id"]?.string ?? ""
      try await server.eventually("the run fails") {
        try await server.ask("GET", "/threads/\(thread)/runs/\(failed)").json["error"]?["code"]
          == "model_unreachable"
      }
      #expect(
        try await server.ask("GET", "/threads/\(thread)/runs?limit=1").json[0]?["run_id"] == .string(failed))
    }
  }

  @Test func `a second run on a busy thread is refused, or waits, or takes its place, as it asks`()
    async throws
  {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let first =
        try await server.ask("POST", "/runs", TestServer.run(thread, "hold")).json["run_id"]?.string ?? ""
      try await server.eventually("the model is asked") { server.model.waiting == 1 }
      let refused = try await server.ask("POST", "/runs/stream", TestServer.run(thread, "say x"))
      #expect(refused.status == 409)
      #expect(refused.detail?.contains(first) == true)
      let edit = try await server.ask(
        "POST", "/threads/\(thread)/state", ["values": [["type": "human", "content": "x"]]])
      #expect(edit.status == 409)

      async let waited = server.stream(TestServer.run(thread, "say later", ["multitask_strategy": "enqueue"]))
      try await Task.sleep(for: .milliseconds(50))
      server.model.release()
      let last = try await waited.data("data").last?[0]?["content"]
      #expect(last == "later ")
      let texts = try await server.ask("GET", "/threads/\(thread)/state").json["values"]?.array?.map {
        $0["content"]
      }
      #expect(texts == ["hold", "Before after", "say later", "later "])
    }
  }

  @Test func `a run that interrupts keeps what the other came to`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      let first =
        try await server.ask("POST", "/runs", TestServer.run(thread, "hold")).json["run_id"]?.string ?? ""
      try await server.eventually("the model is asked") { server.model.waiting == 1 }
      let second = try await server.stream(
        TestServer.run(thread, "say now", ["multitask_strategy": "interrupt"]))
      #expect(second.data("data").last?[0]?["content"] == "now ")
      #expect(try await server.ask("GET", "/threads/\(thread)/runs/\(first)").json["status"] == "cancelled")
    }
  }

  @Test func `a run is cancelled, keeps its partial text marked, and its watchers see the end`() async throws
  {
    try await TestServer.run { server in
      let thread = try await server.thread()
      async let watched = server.stream(TestServer.run(thread, "hold"))
      try await server.eventually("the model is asked") { server.model.waiting == 1 }
      let runs = try await server.ask("GET", "/threads/\(thread)/runs").json
      let id = runs[0]?["run_id"]?.string ?? ""
      #expect(runs[0]?["status"] == "running")
      let reply = try await server.ask("POST", "/threads/\(thread)/runs/\(id)/cancel")
      #expect(reply.status == 200)
      #expect(server.model.stopped == 1)
      let stream = try await watched
      #expect(stream.names.last == "end")
      #expect(!stream.names.contains("error"))
      try await server.eventually("the status is stored") {
        try await server.ask("GET", "/threads/\(thread)/runs/\(id)").json["status"] == "cancelled"
      }
      let message = try await server.ask("GET", "/threads/\(thread)/state").json["values"]?[1]
      #expect(message?["content"] == "Before ")
      #expect(message?["response_metadata"]?["finish_reason"] == "cancelled")
      #expect(try await server.ask("POST", "/threads/\(thread)/runs/\(id)/cancel").status == 200)
      #expect(try await server.ask("POST", "/threads/\(thread)/runs/nope/cancel").status == 404)
    }
  }

  @Test func `deltas add up to the message, and grow with the answer alone`() async throws {
    try await TestServer.run { server in
      let thread = try await server.thread()
      _ = try await server.stream(TestServer.run(thread, "say before"))
      let stream = try await server.stream(
        TestServer.run(thread, "say one two three four", ["stream_mode": "deltas"]))
      #expect(stream.data("data").map { $0.array?.count } == [1, 1], "the input, then the answer")
      let text = stream.data("delta").compactMap { $0["content"]?.string }.joined()
      #expect("one two three four ".hasPrefix(text))
      let answer = stream.data("data").last?[0]
      #expect(answer?["content"] == "one two three four ")
      #expect(stream.data("delta").allSatisfy { $0["id"] == answer?["id"] })
    }
  }

  @Test func `a public assistant answers others, each in their own thread`() async throws {
    try await TestServer.run { server in
      let assistant = try await server.assistant(
        ["type": "chatbot", "type==chatbot/system_message": "secret"], isPublic: true)
      let thread = try await server.ask(
        "POST", "/threads", ["name": "x", "assistant_id": .string(assistant)], as: TestServer.bert)
      let id = thread.json["thread_id"]?.string ?? ""
      let stream = try await server.stream(TestServer.run(id, "say x"), as: TestServer.bert)
      #expect(stream.data("data").last?[0]?["content"] == "x ")
      #expect(!stream.reply.text.contains("secret"))
      #expect(try await server.ask("GET", "/threads/\(id)", as: TestServer.anna).status == 404)
    }
  }
}
