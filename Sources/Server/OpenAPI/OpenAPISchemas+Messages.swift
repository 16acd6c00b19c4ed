import Conversation

extension OpenAPISchemas {
  static let messages: [String: JSON] = [
    "Message": [
      "oneOf": .array(senders.map { reference($0.name) }),
      "discriminator": [
        "propertyName": "type",
        "mapping": .object(
          Dictionary(senders.map { ($0.type, .string("#/components/schemas/\($0.name)")) }) { first, _ in
            first
          }
        ),
      ],
    ],
    "HumanMessage": message("human", ["example": ["type": "boolean"]]),
    "AIMessage": message(
      "ai",
      [
        "example": ["type": "boolean"], "tool_calls": list(of: "ToolCall"),
        "invalid_tool_calls": ["type": "array"], "usage_metadata": orNull(reference("UsageMetadata")),
      ]),
    "SystemMessage": message("system"),
    "FunctionMessage": message("function"),
    "ChatMessage": message("chat", ["role": text]),
    "ToolMessage": message(
      "tool",
      [
        "tool_call_id": orNull(text), "artifact": anything,
        "status": ["type": "string", "enum": ["success", "error"]],
      ]),
    "ToolCall": closed(["name": text, "args": anything, "id": text, "type": ["const": "tool_call"]]),
    "UsageMetadata": closed([
      "input_tokens": ["type": "integer"], "output_tokens": ["type": "integer"],
      "total_tokens": ["type": "integer"],
    ]),
    "MessageInput": [
      "description": "A message as it is taken: LangChain's shape, or OpenAI's with a role.",
      "type": "object", "properties": .object(taken),
      "anyOf": [
        open(
          ["type": word(types.filter { !$0.hasPrefix("tool") && !$0.hasPrefix("Tool") })], optional: spoken),
        open(["type": word(["tool", "ToolMessageChunk"])]),
        open(
          ["role": word(roles)], optional: spoken.merging(["type": ["type": "null"]]) { first, _ in first }),
        open(["role": word(["tool"])], optional: ["type": ["type": "null"]]),
      ],
    ],
    "MessagesInput": [
      "description": "A list of messages, one message, or an object that holds some.",
      "anyOf": [
        messageList, reference("MessageInput"),
        [
          "type": "object", "required": ["messages"],
          "properties": [
            "messages": ["anyOf": [messageList, reference("MessageInput"), ["type": "null"]]],
            "type": false, "role": false,
          ],
        ],
        ["type": "object", "maxProperties": 0], ["type": "null"],
      ],
    ],
  ]

  private static let senders = [
    (type: "human", name: "HumanMessage"), (type: "ai", name: "AIMessage"),
    (type: "system", name: "SystemMessage"), (type: "tool", name: "ToolMessage"),
    (type: "function", name: "FunctionMessage"), (type: "chat", name: "ChatMessage"),
  ]

  // MARK: Sent

  private static func message(_ type: String, _ more: [String: JSON] = [:]) -> JSON {
    let content: JSON = type == "tool" ? anything : ["type": ["string", "array"]]
    return closed(
      [
        "id": text, "type": ["const": .string(type)], "content": content, "name": orNull(text),
        "additional_kwargs": ["type": "object"], "response_metadata": ["type": "object"],
      ].merging(more) { first, _ in first })
  }

  // MARK: Taken

  private static let messageList: JSON = [
    "type": "array", "items": reference("MessageInput"), "maxItems": .integer(Limits.messagesPerUpdate),
  ]

  private static let types = ["human", "ai", "system", "tool", "function", "chat"].flatMap { type in
    let name = type == "ai" ? "AI" : type.prefix(1).uppercased() + type.dropFirst()
    return [type, "\(name)MessageChunk"]
  }

  private static let roles = [
    "user", "human", "assistant", "ai", "system", "developer", "function", "chat",
  ]

  private static func word(_ words: [String]) -> JSON {
    ["type": "string", "enum": .array(words.map(JSON.string))]
  }

  private static let spoken: [String: JSON] = ["content": ["type": ["string", "array", "null"]]]

  private static let taken: [String: JSON] = {
    let object: JSON = ["type": ["object", "null"]]
    let text: JSON = ["type": ["string", "null"]]
    let call = open(["name": ["type": "string"]], optional: ["args": anything, "id": text])
    return [
      "id": text, "name": text, "content": anything, "additional_kwargs": object,
      "response_metadata": object, "example": ["type": ["boolean", "null"]],
      "tool_calls": ["type": ["array", "null"], "items": call],
      "invalid_tool_calls": ["type": ["array", "null"]],
      "usage_metadata": orNull(
        open(["input_tokens": count, "output_tokens": count], optional: ["total_tokens": orNull(count)])),
      "tool_call_id": text, "artifact": anything, "status": ["enum": ["success", "error", nil]],
    ]
  }()

  private static let count: JSON = [
    "type": "integer", "format": "int64", "minimum": .integer(.min), "maximum": .integer(.max),
  ]
}
