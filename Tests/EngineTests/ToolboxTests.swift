import Conversation
import Foundation
import Logging
import Providers
import Store
import Testing

@testable import Engine

/// Calls side by side: each within its time and size, and none in the way of the others.
@Suite struct ToolboxTests {
  private struct Scripted: Tool {
    let name: String
    let isRepeatable = true
    let answer: @Sendable () async throws -> ToolResult

    var specification: ToolSpecification {
      ToolSpecification(name: name, description: "", parameters: ["type": "object"])
    }

    func call(_ arguments: JSON) async throws -> ToolResult { try await answer() }
  }

  /// What each of the tools came to, all called at once.
  private func results(_ tools: [Scripted], seconds: Double = 60) async throws -> [Message] {
    let bench = try await TestBench(ScriptedModel([]))
    let thread = try await bench.thread()
    let assistant = try #require(try await bench.store.assistants(of: bench.user.id).first)
    let run = Run(
      threadID: thread, assistantID: assistant.id, userID: bench.user.id, status: .running, config: [:])
    let asked = Checkpoint(
      threadID: thread, parentID: nil, runID: run.id, step: 0, source: .loop, node: .agent, next: [.action])
    try await bench.store.beginRun(run, inputs: [(asked, StateUpdate(messages: [.human("go")]))])
    let toolbox = Toolbox(
      tools: tools, retrieval: Scripted(name: "retrieval") { ToolResult("") },
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, seconds: seconds)
    let calls = tools.enumerated().map { ToolCall(name: $1.name, arguments: [:], id: "call_\($0)") }
    return try await toolbox.answer(calls, at: asked.id, of: run.id, store: bench.store)
  }

  @Test func `a slow tool beside fast ones holds them up to its own deadline and no longer`() async throws {
    let begun = ContinuousClock.now
    let results = try await results(
      [
        Scripted(name: "fast") { ToolResult("soon") },
        Scripted(name: "slow") {
          try await Task.sleep(for: .seconds(30))
          return ToolResult("never")
        },
        Scripted(name: "broken") { throw ToolError("It is broken.") },
        Scripted(name: "other") { ToolResult("too") },
      ], seconds: 2)
    #expect(ContinuousClock.now - begun < .seconds(20))
    #expect(
      results.map(\.text) == ["soon", "The tool did not answer within 2 seconds.", "It is broken.", "too"])
    #expect(results.map(\.status) == [.success, .error, .error, .success])
  }

  @Test func `more calls than are made at once all come to something, in their order`() async throws {
    let tools = (0..<Limits.toolCallsPerStep).map { number in
      Scripted(name: "tool\(number)") {
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...20)))
        return ToolResult(.string("\(number)"))
      }
    }
    #expect(try await results(tools).map(\.text) == tools.indices.map(String.init))
  }

  @Test func `a result is cut at its bound, between characters, and says so`() async throws {
    let long = String(repeating: "ä", count: Limits.toolResultBytes)
    let results = try await results([
      Scripted(name: "text") { ToolResult(.string(long)) },
      Scripted(name: "list") { ToolResult(.array([.string(long)])) },
      Scripted(name: "fits") { ToolResult(.string(String(repeating: "a", count: Limits.toolResultBytes))) },
    ])
    for result in results.prefix(2) {
      #expect(result.text.utf8.count < Limits.toolResultBytes + 100)
      #expect(result.text.hasSuffix("[The result was cut here: it was longer than 262144 bytes.]"))
    }
    #expect(results[2].text.utf8.count == Limits.toolResultBytes)
  }

  @Test func `what stands beside a result is left out when it is too large`() async throws {
    let results = try await results([
      Scripted(name: "small") { ToolResult("seen", artifact: ["type": "image", "data": "AAAA"]) },
      Scripted(name: "large") {
        ToolResult("seen", artifact: .string(String(repeating: "A", count: Limits.toolArtifactBytes + 1)))
      },
    ])
    #expect(results.map { $0.artifact?.text } == [#"{"data":"AAAA","type":"image"}"#, nil])
    #expect(results.map(\.text) == ["seen", "seen"])
  }
}
