import Conversation
import Logging
import Loopback
import Metering
import Providers
import Store
import Testing
import Transport

@testable import Engine

/// Traces that are reported elsewhere, and elsewhere being as it may.
@Suite struct TraceExportTests {
  private func exporter(to destination: any TraceDestination, attempts: Int = 3) -> TraceExporter {
    TraceExporter(
      to: destination, client: HTTPClient(policy: .trusted),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      retry: RetryPolicy(attempts: attempts, baseSeconds: 0.01),
      deadlines: Deadlines(connectSeconds: 1, firstByteSeconds: 30, idleSeconds: 30, totalSeconds: 30))
  }

  private func otlp(_ url: String) -> OTLPDestination {
    OTLPDestination(
      url: url, headers: [HTTPHeader("Authorization", "Bearer secret")], service: "ours", version: "1.2")
  }

  private func langSmith(_ url: String) -> LangSmithDestination {
    LangSmithDestination(url: url, key: "secret", project: "ours")
  }

  /// Runs a turn with a tool in it, and hands its trace to the exporter.
  private func turn(_ exporter: TraceExporter) async throws -> (run: Identifier<Run>, bench: TestBench) {
    var settings = TraceSettings()
    settings.exporters = [exporter]
    let call = ToolCall(name: "look", arguments: [:], id: "1")
    let bench = try await TestBench(
      ScriptedModel([.call([call]), .say("done")]),
      tools: [TestTool("look") { _ in throw ToolError("Dark.") }],
      traces: settings)
    let thread = try await bench.thread(["type": "agent", "type==agent/tools": ["look"]])
    let log = try await bench.runner.start(bench.request(thread, "go"))
    _ = await log.untilEnd()
    await bench.engine.traces.keepEnded()
    return (log.runID, bench)
  }

  @Test func `a collector gets a run as the protocol has it`() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(200, [], #"{"partialSuccess":{"rejectedSpans":"2"}}"#)
      return .keep
    }
    let exporter = exporter(to: otlp(server.url("/")))
    let (run, _) = try await turn(exporter)
    await exporter.finish(within: 10)
    let request = try #require(server.requests.first)
    #expect(request.target == "/v1/traces" && request["authorization"] == "Bearer secret")
    let resource = try JSON(parsing: request.body)["resourceSpans"]?[0]
    #expect(resource?["resource"]?["attributes"]?[0]?["value"]?["stringValue"] == "ours")
    let spans = try #require(resource?["scopeSpans"]?[0]?["spans"]?.array)
    let root = try #require(spans.first { $0["name"] == "invoke_agent" })
    #expect(spans.allSatisfy { $0["traceId"]?.string == run.description.filter { $0 != "-" } })
    #expect(root["parentSpanId"] == nil && root["spanId"]?.string == Trace.rootID(of: run).description)
    let tool = try #require(spans.first { $0["name"] == "execute_tool look" })
    #expect(tool["status"]?["code"] == 2 && tool["status"]?["message"] == "tool_failed")
    let model = try #require(spans.last { $0["name"]?.string?.hasPrefix("chat ") == true })
    #expect(
      model["kind"] == 3
        && (model["startTimeUnixNano"]?.string ?? "") < (model["endTimeUnixNano"]?.string ?? ""))
    let tokens = model["attributes"]?.array?.first { $0["key"] == "gen_ai.usage.output_tokens" }
    #expect(tokens?["value"]?["intValue"] == "2")
    #expect(exporter.counts.sent == spans.count - 2 && exporter.counts.dropped == 2)
  }

  @Test(arguments: ["-9223372036854775808", "9223372036854775807"])
  func `whatever number a collector refuses, what is counted was sent`(number: String) async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(200, [], #"{"partialSuccess":{"rejectedSpans":"\#(number)"}}"#)
      return .keep
    }
    let exporter = exporter(to: otlp(server.url("/")))
    _ = try await turn(exporter)
    await exporter.finish(within: 10)
    let counts = exporter.counts
    #expect(number.hasPrefix("-") ? counts.dropped == 0 && counts.sent > 0 : counts.sent == 0)
  }

  @Test func `an opinion that is refused takes nobody else's with it`() async throws {
    let server = try LoopbackServer { peer, request in
      peer.reply(request.method == "DELETE" ? 404 : request.target == "/feedback" ? 422 : 202, [], "{}")
      return .keep
    }
    let exporter = exporter(to: langSmith(server.url("")))
    let (run, bench) = try await turn(exporter)
    for score in [JSON.integer(1), .null] {
      bench.engine.traces.report(
        Feedback(runID: run, key: "user_score", score: score, value: nil, comment: nil))
    }
    await exporter.finish(within: 10)
    #expect(server.requests.map(\.method) == ["POST", "POST", "DELETE"])
    #expect(exporter.counts.dropped == 1 && exporter.counts.sent > 1)
  }

  @Test func `LangSmith gets runs with their ways from the root, and opinions`() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(202, [], "{}")
      return .keep
    }
    let exporter = exporter(to: langSmith(server.url("")))
    let (run, bench) = try await turn(exporter)
    for score in [JSON.integer(1), .null] {
      bench.engine.traces.report(
        Feedback(runID: run, key: "user_score", score: score, value: nil, comment: nil))
    }
    await exporter.finish(within: 10)
    let asked = server.requests.map { "\($0.method) \($0.target.prefix(10))" }
    #expect(asked == ["POST /runs/batc", "POST /feedback", "DELETE /feedback/"])
    #expect(server.requests.allSatisfy { $0["x-api-key"] == "secret" })
    let runs = try #require(try JSON(parsing: server.requests[0].body)["post"]?.array)
    let root = try #require(runs.first { $0["parent_run_id"] == nil })
    #expect(root["id"]?.string == run.description && root["trace_id"] == root["id"])
    for child in runs where child["id"] != root["id"] {
      let order = try #require(child["dotted_order"]?.string)
      #expect(
        order.hasPrefix(try #require(root["dotted_order"]?.string) + ".") && child["trace_id"] == root["id"])
      #expect(
        order.hasSuffix(try #require(child["id"]?.string))
          && Identifier<Run>(child["id"]?.string ?? "") != nil)
      #expect(runs.contains { $0["id"] == child["parent_run_id"] })
    }
    #expect(Set(runs.compactMap { $0["run_type"]?.string }) == ["chain", "llm", "tool"])
    #expect(try JSON(parsing: server.requests[1].body)["score"] == 1)
  }

  @Test func `who asks to come back later is asked again, once it is later`() async throws {
    let server = try LoopbackServer { [count = Requests()] peer, _ in
      if count.next() == 1 { peer.reply(429, ["Retry-After: 1"]) } else { peer.reply(200, [], "{}") }
      return .keep
    }
    let exporter = exporter(to: otlp(server.url("/v1/traces")))
    let began = ContinuousClock.now
    _ = try await turn(exporter)
    await exporter.finish(within: 10)
    #expect(server.requests.count == 2 && server.requests[0].body == server.requests[1].body)
    #expect(ContinuousClock.now - began >= .seconds(1) && exporter.counts.sent > 0)
    #expect(exporter.counts.dropped == 0)
  }

  @Test func `runs end as ever while nobody listens, or somebody who cannot prove who they are`() async throws
  {
    let plain = try LoopbackServer { _, _ in .close }
    let gone = try LoopbackServer { _, _ in .close }.url()
    for url in [gone, plain.url().replacing("http:", with: "https:")] {
      let exporter = exporter(to: otlp(url), attempts: 2)
      let (run, bench) = try await turn(exporter)
      #expect(try await bench.store.run(run, of: bench.user.id)?.status == .success)
      await exporter.finish(within: 10)
      #expect(exporter.counts.sent == 0 && exporter.counts.dropped > 10 && exporter.counts.queued == 0)
    }
  }

  @Test func `a silent collector holds nothing up, and what finds no room is counted`() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.waitForClose()
      return .close
    }
    let exporter = exporter(to: otlp(server.url()))
    let sending = Task { await exporter.run() }
    _ = try await turn(exporter)
    #expect(await eventually { server.connections == 1 })
    let spans = (0..<500).map { _ in Span(parentID: nil, kind: .step, name: "s", microseconds: 1) }
    let began = ContinuousClock.now
    for _ in 0..<20 { exporter.offer(.spans(spans, of: .timeOrdered())) }
    #expect(ContinuousClock.now - began < .seconds(1))
    #expect(exporter.counts.queued == 4_000 && exporter.counts.dropped == 6_000)
    // Runs are not held up either: this one ends while the collector is silent.
    _ = try await turn(exporter)
    sending.cancel()
    await sending.value
  }
}

private final class Requests: Sendable {
  private let tally = Tally<Int>()

  func next() -> Int {
    tally.add(0)
    return tally.reading[0] ?? 0
  }
}
