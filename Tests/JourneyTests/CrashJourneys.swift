import Conversation
import Foundation
import Testing
import Transport

/// The process dies at any moment: what it acknowledged is there afterwards.
@Suite(.serialized) struct CrashJourneys {
  /// As many as one has time for; a release is tried with 100.
  private static let cycles =
    ProcessInfo.processInfo.environment["OPENGPTS_KILL_CYCLES"].flatMap { Int($0) } ?? 5

  @Test func `killed in the middle of an answer, the run is taken up and finished`() async throws {
    let folder = try TemporaryFolder()
    let model = try ScriptedModelProcess()
    let environment = ["OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model.baseURL]
    let first = try await DaemonProcess(data: folder.data, environment: environment)
    let client = Client(port: first.port)
    let thread = try await client.thread(client.assistant(["type": "chatbot"]))
    let stream = try await client.stream(client.run(thread, "[[tokens=40]] [[delay=40]]"))
    var seen = 0
    do {
      for try await event in stream where event.event == "data" {
        seen += 1
        if seen == 4 { first.kill() }
      }
    } catch {
      // The stream broke off with the process, as it should.
    }
    let second = try await DaemonProcess(data: folder.data, port: first.port, environment: environment)
    let answer = try await finished(thread, client)
    #expect(answer.hasSuffix("word39"))
    #expect(try await client.messages(thread).count == 2)
    #expect(second.terminate() == 0)
  }

  @Test func `killed in the middle of a tool call, the call is made again and the answer given`() async throws
  {
    let folder = try TemporaryFolder()
    let model = try ScriptedModelProcess()
    let environment = [
      "OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model.baseURL,
      "OPENGPTS_WIKIPEDIA_URL": "http://127.0.0.1:\(model.port)",
      "OPENGPTS_TOOLS_ALLOWED_NETWORKS": "127.0.0.0/8",
    ]
    let first = try await DaemonProcess(data: folder.data, environment: environment)
    let client = Client(port: first.port)
    let thread = try await client.thread(
      client.assistant(["type": "agent", "type==agent/tools": [["type": "wikipedia"]]]))
    let run = client.run(thread, "call:wikipedia {\"query\": \"bears\"}")
    let started = try await client.send("POST", "/runs", run)
    #expect(started.json["run_id"] != nil, "\(started)")
    let stats = Client(port: model.port)
    while try await stats.get("/stats").json["searches"] == 0 { try await Task.sleep(for: .milliseconds(20)) }
    first.kill()
    let second = try await DaemonProcess(data: folder.data, port: first.port, environment: environment)
    #expect(try await finished(thread, client).contains("Bears eat honey and salmon."))
    let messages = try await client.messages(thread)
    #expect(messages.map { $0["type"]?.string } == ["human", "ai", "tool", "ai"])
    #expect(try await stats.get("/stats").json["searches"] == 2)
    #expect(second.terminate() == 0)
  }

  private func finished(_ thread: String, _ client: Client) async throws -> String {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      let state = try await client.get("/threads/\(thread)/state").json
      if state["next"] == [], let last = state["values"]?.array?.last {
        return last["content"]?.string?.trimmingCharacters(in: .whitespaces) ?? ""
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    return ""
  }

  @Test func `killed again and again under load, no acknowledged message, file or checkpoint is lost`()
    async throws
  {
    let folder = try TemporaryFolder()
    let model = try ScriptedModelProcess()
    let environment = ["OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model.baseURL]
    let port = try freePort()
    let ledger = Ledger()
    var generator = SystemRandomNumberGenerator()
    for cycle in 0..<Self.cycles {
      let daemon = try await DaemonProcess(data: folder.data, port: port, environment: environment)
      try await ledger.check(against: Client(port: port), cycle: cycle)
      let writers = Task { await ledger.write(cycle: cycle, client: Client(port: port)) }
      try await Task.sleep(for: .milliseconds(Int.random(in: 50...500, using: &generator)))
      daemon.kill()
      writers.cancel()
      await writers.value
    }
    let last = try await DaemonProcess(data: folder.data, port: port, environment: environment)
    try await ledger.check(against: Client(port: port), cycle: Self.cycles)
    #expect(await ledger.count > 0)
    #expect(last.terminate() == 0)
  }
}
