import Conversation
import Foundation

/// A part of what somebody says, as every vendor can be told it.
enum MessagePart: Equatable {
  case text(String)
  /// `data` is base64.
  case image(mediaType: String, data: String)
  /// Somewhere on the web; few vendors fetch it, and this program never does.
  case imageAddress(String)
}

extension Message {
  /// What the message says, in order; parts of unknown shape are told as their JSON.
  var parts: [MessagePart] {
    guard case .array(let parts) = content, role != .tool else { return text.isEmpty ? [] : [.text(text)] }
    return parts.compactMap(Self.part)
  }

  /// Understands the shapes of OpenAI (`image_url`), LangChain (`source_type`) and Anthropic (`source`).
  private static func part(_ part: JSON) -> MessagePart? {
    if let text = part.string ?? (part["type"] == "text" ? part["text"]?.string : nil) {
      return text.isEmpty ? nil : .text(text)
    }
    switch part["type"]?.string {
    case "image_url":
      return (part["image_url"]?["url"]?.string ?? part["image_url"]?.string).map(MessagePart.picture)
    case "image": return image(part["source"] ?? part) ?? .text(part.text)
    default: return .text(part.text)
    }
  }

  private static func image(_ source: JSON) -> MessagePart? {
    if let url = source["url"]?.string { return .picture(at: url) }
    guard let data = source["data"]?.string else { return nil }
    let type = source["media_type"] ?? source["mime_type"] ?? source["mediaType"]
    return .image(mediaType: type?.string ?? "image/png", data: data)
  }

}

extension MessagePart {
  /// A `data:` URL is the image itself.
  static func picture(at url: String) -> MessagePart {
    guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ","),
      url[..<comma].hasSuffix(";base64")
    else { return .imageAddress(url) }
    let type = url[..<comma].dropFirst(5).prefix { $0 != ";" }
    return .image(mediaType: String(type), data: String(url[url.index(after: comma)...]))
  }
}

extension ModelError {
  /// For vendors that fetch nothing themselves.
  static let imageByAddress = ModelError.rejected(
    status: 400,
    message: "This model takes pictures as data, not by their address. Attach the picture itself.")
}

// MARK: Turns

/// Messages that one side says in a row: vendors want the sides to alternate, and the results of all calls of
/// a reply together in what follows it.
struct SpokenTurn {
  enum Side { case person, model }

  var side: Side
  var messages: [Message]

  /// A conversation that begins with the model is given an empty-handed beginning, which vendors demand.
  static func turns(of messages: [Message]) -> [SpokenTurn] {
    var turns: [SpokenTurn] = []
    for message in messages where message.role != .ai || !message.saysNothing {
      let side: Side = message.role == .ai ? .model : .person
      if turns.last?.side == side {
        turns[turns.count - 1].messages.append(message)
      } else {
        turns.append(SpokenTurn(side: side, messages: [message]))
      }
    }
    if turns.first?.side == .model {
      turns.insert(SpokenTurn(side: .person, messages: [.human("…")]), at: 0)
    }
    return turns
  }
}

extension Message {
  /// A reply that came to nothing, which vendors refuse.
  var saysNothing: Bool {
    toolCalls.isEmpty && parts.isEmpty
  }

  /// The text of a reply and the vendor's own thoughts in it, in the order in which they came.
  func spoken(by vendor: String) -> [SpokenPiece] {
    let thoughts = thoughts.filter { $0.vendor == vendor && $0.callID == nil }
    guard !thoughts.isEmpty else { return parts.map(SpokenPiece.part) }
    let scalars = text.unicodeScalars
    var pieces: [SpokenPiece] = []
    var place = scalars.startIndex
    func say(upTo end: String.Index) {
      if place < end { pieces.append(.part(.text(String(scalars[place..<end])))) }
      place = max(place, end)
    }
    for thought in thoughts {
      say(
        upTo: scalars.index(scalars.startIndex, offsetBy: max(0, thought.after), limitedBy: scalars.endIndex)
          ?? scalars.endIndex)
      pieces.append(.thought(thought))
    }
    say(upTo: scalars.endIndex)
    return pieces
  }
}

enum SpokenPiece {
  case part(MessagePart)
  case thought(Thought)

  /// For vendors who take no pictures among what a model has said: another vendor's may have drawn one.
  var inWords: SpokenPiece {
    switch self {
    case .part(.image), .part(.imageAddress): .part(.text("[A picture that was made here.]"))
    case .part(.text), .thought: self
    }
  }
}
