import Conversation
import Transport

@testable import Providers

/// What a reply came to, as the engine takes it in.
struct Heard: Equatable {
  var text = ""
  var calls: [ToolCall] = []
  var thoughts: [Thought] = []
  var pictures: [String] = []
  var usage: TokenUsage?
  var reason: String?
  var model: String?
  private var partial = PartialMessage(id: "m")

  static func == (left: Self, right: Self) -> Bool {
    left.text == right.text && left.thoughts == right.thoughts && left.pictures == right.pictures
      && left.usage == right.usage && left.reason == right.reason
      && left.calls.map(\.name) == right.calls.map(\.name)
      && left.calls.map(\.arguments) == right.calls.map(\.arguments)
  }

  mutating func take(_ event: ModelEvent) {
    switch event {
    case .text(let piece):
      text += piece
      partial.append(MessageDelta(id: "m", text: piece))
    case .toolCall(let piece):
      partial.append(MessageDelta(id: "m", toolCalls: [piece]))
      calls = partial.finished.toolCalls
    case .thought(var thought):
      thought.after = text.unicodeScalars.count
      if thought.callID != nil { thought.callID = "some" }
      thoughts.append(thought)
    case .image(let type, let data): pictures.append("\(type) \(data)")
    case .usage(let tokens): usage = tokens
    case .finished(let reason, let model): (self.reason, self.model) = (reason, model)
    case .citations, .answered: break
    }
  }
}

extension StreamReader {
  /// Reads recorded bytes in pieces of that many.
  static func hear(_ bytes: [UInt8], with reader: Self, bytesAtOnce: Int) throws -> Heard {
    var framing = Framing(maxFrameBytes: TransportLimits.eventBytes)
    var reader = reader
    var heard = Heard()
    for start in stride(from: 0, to: bytes.count, by: bytesAtOnce) {
      let piece = Array(bytes[start..<min(start + bytesAtOnce, bytes.count)])
      for frame in try framing.feed(piece) where !reader.isDone {
        for event in try reader.read(frame) { heard.take(event) }
      }
    }
    if !reader.isDone {
      for frame in try framing.end() { for event in try reader.read(frame) { heard.take(event) } }
    }
    for event in try reader.end() { heard.take(event) }
    return heard
  }
}
