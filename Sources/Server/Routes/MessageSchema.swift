import Conversation

/// The messages of a run, as JSON Schema.
enum MessageSchema {
  /// Everything `input` of a run may be.
  static let input: JSON = [
    "title": "Input",
    "$defs": ["Message": message],
    "anyOf": [
      ["type": "array", "items": reference, "description": "Messages to add."],
      reference,
      [
        "type": "object", "title": "Messages",
        "properties": ["messages": ["type": "array", "items": reference]],
      ],
      ["type": "null", "description": "Go on with what is next."],
    ],
  ]

  /// What a state's `values` may be.
  static let output: JSON = [
    "title": "Output",
    "$defs": ["Message": message],
    "anyOf": [
      ["type": "array", "items": reference],
      [
        "type": "object", "title": "RetrievalState", "required": ["messages", "msg_count"],
        "properties": [
          "messages": ["type": "array", "items": reference],
          "msg_count": ["type": "integer", "title": "Msg Count"],
        ],
      ],
      ["type": "null"],
    ],
  ]

  private static let reference: JSON = ["$ref": "#/$defs/Message"]
  private static let optionalText: JSON = ["anyOf": [["type": "string"], ["type": "null"]], "default": nil]

  private static let message: JSON = [
    "title": "Message", "type": "object", "additionalProperties": true, "required": ["content", "type"],
    "properties": [
      "content": [
        "title": "Content",
        "anyOf": [
          ["type": "string"],
          ["type": "array", "items": ["anyOf": [["type": "string"], ["type": "object"]]]],
        ],
      ],
      "type": [
        "title": "Type", "type": "string", "enum": .array(Message.Role.allCases.map { .string($0.rawValue) }),
      ],
      "id": optionalText,
      "name": optionalText,
      "additional_kwargs": ["title": "Additional Kwargs", "type": "object"],
      "response_metadata": ["title": "Response Metadata", "type": "object"],
      "example": ["title": "Example", "type": "boolean", "default": false],
      "tool_calls": ["title": "Tool Calls", "type": "array", "items": toolCall, "default": []],
      "invalid_tool_calls": ["title": "Invalid Tool Calls", "type": "array", "default": []],
      "usage_metadata": [
        "title": "Usage Metadata", "anyOf": [["type": "object"], ["type": "null"]], "default": nil,
      ],
      "tool_call_id": optionalText,
      "status": ["title": "Status", "type": "string", "enum": ["success", "error"], "default": "success"],
    ],
  ]

  private static let toolCall: JSON = [
    "title": "ToolCall", "type": "object", "required": ["name", "args", "id"],
    "properties": [
      "name": ["title": "Name", "type": "string"], "args": ["title": "Args", "type": "object"],
      "id": optionalText, "type": ["title": "Type", "type": "string", "const": "tool_call"],
    ],
  ]
}
