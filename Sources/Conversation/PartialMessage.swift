/// What a model just added to its reply.
package struct MessageDelta: Sendable, Hashable {
  /// The message it belongs to.
  package var id: String
  /// Text to append; empty when only calls grew.
  package var text: String
  package var toolCalls: [ToolCallDelta]

  package init(id: String, text: String = "", toolCalls: [ToolCallDelta] = []) {
    self.id = id
    self.text = text
    self.toolCalls = toolCalls
  }
}

/// A piece of a tool call: the first names it, the others add to its arguments.
package struct ToolCallDelta: Sendable, Hashable, Codable {
  /// Which call of the message, from 0.
  package var index: Int
  package var id: String?
  package var name: String?
  /// JSON text to append.
  package var arguments: String

  package init(index: Int, id: String? = nil, name: String? = nil, arguments: String = "") {
    self.index = index
    self.id = id
    self.name = name
    self.arguments = arguments
  }

  package enum CodingKeys: String, CodingKey {
    case index, id, name
    case arguments = "args"
  }
}

/// A model's reply while it grows: appending is O(piece), looking at it O(reply).
package struct PartialMessage: Sendable {
  private var id: String
  private var text = ""
  private var calls: [PartialCall] = []

  private struct PartialCall {
    var index: Int
    var id: String
    var name: String
    var arguments: String
  }

  package init(id: String) {
    self.id = id
  }

  package var isEmpty: Bool {
    text.isEmpty && calls.isEmpty
  }

  package mutating func append(_ delta: MessageDelta) {
    text += delta.text
    for piece in delta.toolCalls {
      append(piece)
    }
  }

  private mutating func append(_ piece: ToolCallDelta) {
    guard let place = calls.firstIndex(where: { $0.index == piece.index }) else {
      calls.append(
        PartialCall(
          index: piece.index, id: piece.id ?? "", name: piece.name ?? "", arguments: piece.arguments))
      return
    }
    if let id = piece.id, calls[place].id.isEmpty { calls[place].id = id }
    if let name = piece.name, calls[place].name.isEmpty { calls[place].name = name }
    calls[place].arguments += piece.arguments
  }

  /// The message so far; arguments that are cut off are read as far as they go.
  package var soFar: Message {
    message { JSON(completing: $0) }
  }

  /// The message as the model meant it to be; arguments that are no JSON make an invalid call.
  package var finished: Message {
    message { text in
      text.isEmpty ? [:] : (try? JSON(parsing: text)).flatMap { $0.object == nil ? nil : $0 }
    }
  }

  /// The text alone, for a reply that was cut: half a call must never be carried out.
  package var textOnly: Message {
    .assistant(text, id: id)
  }

  private func message(reading read: (String) -> JSON?) -> Message {
    var message = Message.assistant(text, id: id)
    for call in calls {
      if let arguments = read(call.arguments) {
        message.toolCalls.append(ToolCall(name: call.name, arguments: arguments, id: call.id))
      } else {
        message.invalidToolCalls.append([
          "name": .string(call.name), "args": .string(call.arguments), "id": .string(call.id),
          "error": "The arguments are no JSON object.",
        ])
      }
    }
    if !calls.isEmpty {
      message.additionalKwargs["tool_calls"] = .array(
        calls.map { ToolCall.openAIShape(index: $0.index, id: $0.id, name: $0.name, arguments: $0.arguments) }
      )
    }
    return message
  }
}
