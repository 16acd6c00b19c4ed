import Conversation
import Testing

@testable import Metering

@Suite struct TraceTests {
  private struct Mishap: Error {}

  @Test func `spans nest as their work does, also in tasks of a group`() async throws {
    let run = Identifier<Run>.timeOrdered()
    let trace = Trace(of: run)
    await trace.during(Span(id: Trace.rootID(of: run), parentID: nil, kind: .run, name: "run")) { _ in
      await ActiveSpan.during(.step, "agent") { span in
        span.set("a", 1)
        await withTaskGroup(of: Void.self) { group in
          for name in ["x", "y"] {
            group.addTask { await ActiveSpan.during(.tool, name) { _ in } }
          }
        }
      }
    }
    let spans = trace.takeEnded()
    let named = Dictionary(uniqueKeysWithValues: spans.map { ($0.name, $0) })
    #expect(named["run"]?.parentID == nil && named["run"]?.id == Trace.rootID(of: run))
    #expect(named["agent"]?.parentID == named["run"]?.id && named["agent"]?.attributes["a"] == 1)
    #expect(named["x"]?.parentID == named["agent"]?.id && named["y"]?.parentID == named["agent"]?.id)
    #expect(spans.allSatisfy { $0.microseconds != nil } && trace.takeEnded().isEmpty)
  }

  @Test func `what goes on is shown without its end, and what fails says so`() async throws {
    let trace = Trace(of: .timeOrdered())
    await #expect(throws: Mishap.self) {
      try await trace.during(Span(parentID: nil, kind: .run, name: "run")) { span throws(Mishap) in
        #expect(trace.spans.map(\.microseconds) == [nil])
        try await ActiveSpan.during(.tool, "t") { span throws(Mishap) in
          span.fail("tool_failed", "It broke.")
          throw Mishap()
        }
      }
    }
    let failures = Dictionary(uniqueKeysWithValues: trace.takeEnded().map { ($0.name, $0.failure) })
    #expect(failures["t"] == Span.Failure(type: "tool_failed", message: "It broke."))
    #expect(failures["run"] == Span.Failure(type: "failed"))
  }

  @Test func `what was said is noted only where it is wanted, and cut`() async throws {
    let long = String(repeating: "ä", count: 2 * Trace.contentScalars)
    for keepsContent in [false, true] {
      let trace = Trace(of: .timeOrdered(), keepsContent: keepsContent)
      await trace.during(Span(parentID: nil, kind: .run, name: "run")) { span in
        span.setContent("said", long)
        span.set("known", .string(long))
      }
      let attributes = try #require(trace.takeEnded().first?.attributes)
      #expect(
        attributes["said"]?.string?.unicodeScalars.count == (keepsContent ? Trace.contentScalars + 1 : nil))
      #expect(attributes["known"]?.string?.unicodeScalars.count == Trace.textScalars + 1)
    }
  }

  @Test func `it is bounded in spans, events and contents`() async throws {
    let trace = Trace(of: .timeOrdered(), keepsContent: true)
    let text = String(repeating: "a", count: Trace.contentScalars)
    await trace.during(Span(parentID: nil, kind: .run, name: "run")) { span in
      for _ in 0..<100 { span.event("again") }
      for _ in 0..<Trace.spansAtMost {
        await ActiveSpan.during(.step, "step") { span in
          span.setContent("said", text)
          span.set("too", "late")
        }
      }
    }
    let spans = trace.takeEnded()
    #expect(spans.count == Trace.spansAtMost && trace.dropped == 1)
    let run = try #require(spans.first { $0.kind == .run })
    #expect(run.events.count == Trace.eventsPerSpan && run.attributes["too"] == nil)
    let said = spans.reduce(0) { $0 + ($1.attributes["said"]?.string?.count ?? 0) }
    #expect(said <= Trace.contentScalarsAtMost + spans.count)
  }

  @Test func `where nobody traces nothing is noted, and the work is done all the same`() async throws {
    let value = await ActiveSpan.during(.step, "step") { span in
      span.set("a", 1)
      span.fail("x")
      return 7
    }
    #expect(value == 7)
  }

  @Test func `a span comes through JSON as it was, its id as sixteen digits`() throws {
    var span = Span(id: SpanID(255), parentID: SpanID(1), kind: .model, name: "chat", microseconds: 5)
    span.failure = Span.Failure(type: "t")
    span.attributes = ["gen_ai.usage.input_tokens": 3]
    let json = try JSON(encoding: span)
    #expect(json["span_id"] == "00000000000000ff" && json["duration_microseconds"] == 5)
    #expect(try json.decoded(as: Span.self) == span)
    #expect(SpanID("xyz") == nil && SpanID("+0000000000000ff") == nil)
  }
}
