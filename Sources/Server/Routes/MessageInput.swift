import Conversation

extension ObjectReader {
  /// The messages a client wrote, in any shape clients have written them: a list, one message alone, or an
  /// object with a member `messages`. What is wrong is noted at its place.
  mutating func messages(_ value: JSON, of name: String) -> [Message] {
    switch value {
    case .array(let items):
      return messages(items, at: location(of: name))
    case .object(let members) where members["type"] != nil || members["role"] != nil:
      return messages([value], at: location(of: name))
    case .object(let members):
      return messages(inside: members, of: name)
    case .null:
      return []
    case .string, .bool, .integer, .number:
      let type = value.string == nil ? "sequence_type" : "sequence_str"
      reject(name, as: type, "Input should be a list of messages, or an object that holds one")
      return []
    }
  }

  private mutating func messages(inside members: [String: JSON], of name: String) -> [Message] {
    let inner = location(of: name) + ["messages"]
    switch members["messages"] {
    case .array(let items):
      return messages(items, at: inner)
    case .some(let single) where single.object != nil:
      return messages([single], at: inner)
    case .null:
      return []
    case nil where members.isEmpty:
      return []
    case nil:
      add(Problem(type: "missing", location: inner, message: "Field required", input: .object(members)))
      return []
    case .some(let other):
      add(Problem(type: "list_type", location: inner, message: "Input should be a valid list", input: other))
      return []
    }
  }

  private mutating func messages(_ items: [JSON], at location: [JSON]) -> [Message] {
    guard items.count <= Limits.messagesPerUpdate else {
      add(
        Problem(
          type: "too_long", location: location,
          message: "List should have at most \(Limits.messagesPerUpdate) items",
          context: ["max_length": .integer(Limits.messagesPerUpdate)]))
      return []
    }
    return items.enumerated().compactMap { place, item in
      message(item, at: location + [.integer(place)])
    }
  }

  private mutating func message(_ item: JSON, at location: [JSON]) -> Message? {
    do {
      var message = try item.decoded(as: Message.self)
      if message.id.isEmpty { message.id = Message.newID() }
      return message
    } catch {
      add(Problem(message: item, at: location, error))
      return nil
    }
  }
}

extension Problem {
  fileprivate init(message item: JSON, at location: [JSON], _ error: any Error) {
    self.init(type: "value_error", location: location, message: "This is no message", input: item)
    switch error as? DecodingError {
    case .keyNotFound(let key, _) where key.stringValue == Message.CodingKeys.role.rawValue:
      type = "union_tag_not_found"
      message = "Unable to extract tag: a message needs a type"
    case .keyNotFound(let key, let context):
      type = "missing"
      message = "Field required"
      self.location += context.path + [.string(key.stringValue)]
    case .dataCorrupted(let context) where context.isTag:
      type = "union_tag_invalid"
      message = context.debugDescription
    case .dataCorrupted(let context):
      message = context.debugDescription
      self.location += context.path
    case .typeMismatch(let expected, let context), .valueNotFound(let expected, let context):
      type = "\(Self.name(of: expected))_type"
      message = "Input should be a valid \(Self.name(of: expected))"
      self.location += context.path
    case .some, nil:
      break
    }
  }

  /// pydantic's word for a type.
  private static func name(of type: Any.Type) -> String {
    switch type {
    case is String.Type: "string"
    case is Bool.Type: "bool"
    case is Int.Type: "int"
    case is [JSON].Type, is [Any].Type: "list"
    default: "dict"
    }
  }
}

extension DecodingError.Context {
  fileprivate var path: [JSON] {
    codingPath.map { key in key.intValue.map(JSON.integer) ?? .string(key.stringValue) }
  }

  /// Whether it is about the member that tells what kind of message one is.
  fileprivate var isTag: Bool {
    let name = codingPath.last?.stringValue
    return name == Message.CodingKeys.type.rawValue || name == Message.CodingKeys.role.rawValue
  }
}
