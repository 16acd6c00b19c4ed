import Conversation
import Foundation
import Testing
import Transport

/// The three architectures with a language model behind them.
@Suite(.serialized) struct ModelJourneys {
  private func withDaemon(
    _ settings: [String: String] = [:], _ body: (Client, ScriptedModelProcess) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    let model = try ScriptedModelProcess()
    let environment = ["OPENAI_API_KEY": "sk-journey", "OPENAI_BASE_URL": model.baseURL]
    let daemon = try await DaemonProcess(data: folder.data, environment: environment.merging(settings) { $1 })
    try await body(Client(port: daemon.port), model)
    #expect(daemon.terminate() == 0)
  }

  @Test func `a chat bot answers word by word and remembers`() async throws {
    try await withDaemon { client, _ in
      let thread = try await client.thread(client.assistant(["type": "chatbot"]))
      let turn = try await client.turn(thread, "[[say Hello my friend]] [[delay=60]]")
      #expect(turn.answer == "Hello my friend")
      #expect(turn.events.first == "metadata" && turn.isComplete)
      #expect(turn.events.count { $0 == "data" } > 3)
      _ = try await client.turn(thread, "[[say Again]]")
      #expect(try await client.messages(thread).count == 4)
      #expect(try await client.get("/threads/\(thread)/history").json.array?.count == 6)
    }
  }

  @Test func `an agent looks things up, after a person has let it`() async throws {
    try await withDaemon { client, _ in
      let assistant = try await client.assistant([
        "type": "agent", "type==agent/tools": [["type": "retrieval"]],
        "type==agent/interrupt_before_action": true,
      ])
      _ = try await client.ingest(
        [("bears.txt", Array("Bears eat honey and salmon.".utf8))], into: ["assistant_id": .string(assistant)]
      )
      let thread = try await client.thread(assistant)
      let asked = try await client.turn(thread, "call:Retriever {\"query\": \"what do bears eat\"}")
      #expect(asked.messages.last?["tool_calls"]?[0]?["name"] == "Retriever")
      #expect(try await client.next(thread) == ["action"])
      let answered = try await client.turn(thread, nil)
      #expect(answered.answer.hasPrefix("Found: ") && answered.answer.contains("honey and salmon"))
      #expect(try await client.next(thread).isEmpty)
      #expect(try await client.get("/threads/\(thread)/history").status == 200)
    }
  }

  @Test func `a model without tool calls looks things up in its own words`() async throws {
    try await withDaemon(["OPENGPTS_OPENAI_TOOLS": "xml"]) { client, model in
      let assistant = try await client.assistant(["type": "agent", "type==agent/tools": ["retrieval"]])
      _ = try await client.ingest(
        [("bears.txt", Array("Bears eat honey and salmon.".utf8))], into: ["assistant_id": .string(assistant)]
      )
      let thread = try await client.thread(assistant)
      let question = "[[say <tool>Retriever</tool><tool_input>what bears eat]] [[then Honey and salmon]]"
      let turn = try await client.turn(thread, question)
      #expect(turn.messages.map { $0["type"]?.string } == ["human", "ai", "function", "ai"])
      #expect(turn.messages[2]["content"]?.string?.contains("Bears eat honey") == true)
      #expect(turn.answer == "Honey and salmon")
      let last = try await Client(port: model.port).get("/stats").json["last"]
      #expect(last?["tools"] == nil)
      #expect(last?["messages"]?.array?.last?["content"]?.string?.contains("<observation>") == true)
    }
  }

  @Test func `a retrieval bot answers from the files alone`() async throws {
    try await withDaemon { client, model in
      let assistant = try await client.assistant(["type": "chat_retrieval"])
      let thread = try await client.thread(assistant)
      _ = try await client.ingest(
        [("wolves.md", Array("# Wolves\n\nThe thread's file says that wolves hunt in packs.".utf8))],
        into: ["thread_id": .string(thread)])
      let input: JSON = [
        "messages": [["type": "human", "content": "how do wolves hunt? [[say In packs [1].]]"]]
      ]
      let turn = try await client.turn(thread, nil, extra: ["input": input])
      #expect(turn.messages.map { $0["type"]?.string } == ["human", "ai", "tool", "ai"])
      #expect(turn.messages[2]["content"]?[0]?["metadata"]?["source"] == "wolves.md")
      #expect(turn.messages[3]["additional_kwargs"]?["citations"]?[0]?["source"] == "wolves.md")
    }
  }

  @Test func `two runs on one thread do not cross`() async throws {
    try await withDaemon { client, _ in
      let thread = try await client.thread(client.assistant(["type": "chatbot"]))
      let first = try await client.stream(client.run(thread, "[[tokens=30]] [[delay=20]]"))
      var iterator = first.makeAsyncIterator()
      _ = try await iterator.next()
      let second = try await client.send("POST", "/runs/stream", client.run(thread, "me too"))
      #expect(second.status == 409)
      #expect(second.json["detail"]?.string?.isEmpty == false)
      while try await iterator.next() != nil {}
      #expect(try await client.messages(thread).count == 2)
    }
  }

  @Test(arguments: [
    ("[[cut]] [[tokens=9]]", "model_cut"), ("[[quit]] [[tokens=9]]", "model_cut"),
    ("[[garbage]] [[tokens=9]]", "model_protocol"), ("[[status=401]]", "model_unauthorized"),
    ("[[status=400]]", "model_rejected"),
  ])
  func `a model that fails is explained, and nothing is lost`(question: String, code: String) async throws {
    try await withDaemon { client, _ in
      let thread = try await client.thread(client.assistant(["type": "chatbot"]))
      let turn = try await client.turn(thread, question)
      #expect(turn.error?["code"]?.string == code)
      #expect(turn.error?["message"]?.string?.contains("sk-journey") == false)
      #expect(turn.isComplete)
      #expect(try await client.messages(thread).first?["content"]?.string == question)
      #expect(try await client.next(thread) == ["chatbot"])
      #expect(try await client.turn(thread, "[[say Better]]").answer == "Better")
    }
  }

  @Test func `a client that leaves ends the call to the model within a second`() async throws {
    try await withDaemon { client, model in
      let thread = try await client.thread(client.assistant(["type": "chatbot"]))
      let stats = Client(port: model.port)
      do {
        let stream = try await client.stream(client.run(thread, "[[hang]] [[say One two]]"))
        var iterator = stream.makeAsyncIterator()
        for _ in 0..<3 { _ = try await iterator.next() }
        #expect(try await stats.get("/stats").json["open"] == 1)
      }
      let end = ContinuousClock.now + .seconds(1)
      var open: JSON? = 1
      while open != 0, ContinuousClock.now < end {
        try await Task.sleep(for: .milliseconds(20))
        open = try await stats.get("/stats").json["open"]
      }
      #expect(open == 0)
    }
  }
}
