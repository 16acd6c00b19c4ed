import Conversation
import Engine
import Foundation
import Testing

@testable import Server

@Suite struct EventFoldTests {
  private let run = Identifier<Run>.random()

  private func bytes(_ events: [RunEvent], _ mode: StreamMode) throws -> [(WireEvent, Int)] {
    var fold = EventFold(runID: run, mode: mode, showsWholeThread: mode == .messages)
    return try events.flatMap { try fold.take($0) }.map { ($0, $0.bytes(epoch: "e").count) }
  }

  /// An answer of that many tokens, looked at after each so many.
  private func answer(tokens: Int, tokensPerPulse: Int) -> (events: [RunEvent], text: String) {
    var events: [RunEvent] = [
      .began(state: [.human("q")], input: [.human("q")]), .delta(MessageDelta(id: "m")),
    ]
    var text = ""
    for token in 0..<tokens {
      let word = "word\(token % 10) "
      text += word
      events.append(.delta(MessageDelta(id: "m", text: word)))
      if token % tokensPerPulse == 0 { events.append(.pulse) }
    }
    return (events + [.committed([.assistant(text, id: "m")]), .ended], text)
  }

  @Test(arguments: [100, 500, 2_000], [1, 5])
  func `whole messages cost at most twenty times their text at any speed`(tokens: Int, tokensPerPulse: Int)
    throws
  {
    let (events, text) = answer(tokens: tokens, tokensPerPulse: tokensPerPulse)
    let cost = try bytes(events, .messages).reduce(0) { $0 + $1.1 }
    print("messages: \(tokens) tokens, \(text.utf8.count) bytes of text, \(cost) on the wire")
    if tokens == 2_000 { #expect(cost <= 20 * text.utf8.count) }
    let showings = try bytes(events, .messages).count
    #expect(showings > 20, "it is still seen to grow")
  }

  @Test func `deltas grow with the text alone`() throws {
    let costs = try [500, 2_000].map { tokens in
      try bytes(answer(tokens: tokens, tokensPerPulse: 1).events, .deltas).reduce(0) { $0 + $1.1 }
    }
    print("deltas: \(costs)")
    #expect(costs[1] < costs[0] * 9 / 2)
  }

  @Test func `deltas put together are the message`() throws {
    let events: [RunEvent] = [
      .began(state: [], input: []), .delta(MessageDelta(id: "m")),
      .delta(MessageDelta(id: "m", text: "a", toolCalls: [ToolCallDelta(index: 0, id: "c", name: "f")])),
      .delta(MessageDelta(id: "m", text: "b", toolCalls: [ToolCallDelta(index: 0, arguments: "{\"x\"")])),
      .pulse,
      .delta(MessageDelta(id: "m", toolCalls: [ToolCallDelta(index: 0, arguments: ":1}")])), .pulse, .pulse,
    ]
    let deltas = try bytes(events, .deltas).map(\.0).filter { $0.name == .delta }
    #expect(
      try deltas.map { try JSON(parsing: $0.data ?? Data()) } == [
        [
          "id": "m", "content": "ab", "tool_calls": [["index": 0, "id": "c", "name": "f", "args": "{\"x\""]],
        ],
        ["id": "m", "tool_calls": [["index": 0, "args": ":1}"]]],
      ])
    let shown = try bytes(events, .messages).map(\.0).filter { $0.name == .data }
    let last = try JSON(parsing: shown.last?.data ?? Data())
    #expect(last[0]?["content"] == "ab")
    #expect(last[0]?["tool_calls"] == [["name": "f", "args": ["x": 1], "id": "c", "type": "tool_call"]])
  }

  @Test func `places never repeat nor go back`() throws {
    for mode in StreamMode.allCases {
      let places = try bytes(answer(tokens: 50, tokensPerPulse: 3).events, mode).map(\.0.place)
      #expect(places == places.sorted() && Set(places).count == places.count)
      #expect(places.first == 0)
    }
  }
}
