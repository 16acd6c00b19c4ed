import Conversation
import Engine

/// The form of an assistant, as a JSON Schema: what there is to choose is drawn from the catalogues.
///
/// Each choice stands inline, with its title and default beside it: the original's page loses them when they
/// stand beside a reference.
struct ConfigSchema {
  let models: [String]
  let tools: [ToolType]

  var document: JSON {
    [
      "title": "Config", "type": "object", "$defs": ["Configurable": configurable],
      "properties": ["configurable": ["$ref": "#/$defs/Configurable"]],
    ]
  }

  private var configurable: JSON {
    var properties: [String: JSON] = [
      "type": choice("Bot Type", of: ["chatbot", "chat_retrieval", "agent"], default: "agent"),
      "type==agent/agent_type": choice("Agent Type", of: models, default: defaultModel),
      "type==agent/system_message": instructions,
      "type==agent/tools": toolList,
      "type==agent/retrieval_description": [
        "title": "Retrieval Description", "type": "string",
        "default": .string(AssistantConfiguration.defaultRetrievalDescription),
      ],
      "type==agent/interrupt_before_action": [
        "title": "Tool Confirmation", "type": "boolean", "default": false,
        "description":
          "If Yes, you are asked before each tool is used. If No, tools are used without asking.",
      ],
    ]
    for type in ["agent", "chat_retrieval"] { properties["type==\(type)/collections"] = Self.collections }
    for type in ["chatbot", "chat_retrieval"] {
      properties["type==\(type)/llm_type"] = choice("LLM Type", of: models, default: defaultModel)
      properties["type==\(type)/system_message"] = instructions
    }
    properties.merge(Self.ofThread) { first, _ in first }
    return ["title": "Configurable", "type": "object", "properties": .object(properties)]
  }

  private var defaultModel: String {
    let standard = AssistantConfiguration.defaultModel
    return models.contains(standard) ? standard : models.first ?? standard
  }

  private var instructions: JSON {
    [
      "title": "Instructions", "type": "string",
      "default": .string(AssistantConfiguration.defaultSystemMessage),
    ]
  }

  private static let collections: JSON = [
    "title": "Collections", "type": "array", "items": ["type": "string", "format": "uuid"], "default": [],
    "description": "Collections of files that are searched beside the assistant's own files.",
  ]

  private func choice(_ title: String, of names: [String], default standard: String) -> JSON {
    [
      "title": .string(title), "type": "string", "enum": .array(names.map(JSON.string)),
      "default": .string(standard),
    ]
  }

  /// What the original's page saves with a configuration although a run sets it.
  private static let ofThread: [String: JSON] = [
    "thread_id": ["title": "Thread ID", "type": "string", "default": ""],
    "assistant_id": [
      "title": "Assistant ID", "anyOf": [["type": "string"], ["type": "null"]], "default": nil,
    ],
    "checkpoint_id": [
      "title": "Checkpoint ID", "anyOf": [["type": "string"], ["type": "null"]], "default": nil,
      "description": "Go on from this checkpoint of the thread instead of from its newest one.",
    ],
    "checkpoint_ns": ["title": "Checkpoint NS", "type": "string", "default": ""],
  ]

  // MARK: Tools

  private var toolList: JSON {
    [
      "title": "Tools", "type": "array", "default": [], "items": ["anyOf": .array(tools.map(schema))],
    ]
  }

  private func schema(of tool: ToolType) -> JSON {
    var schema: [String: JSON] = [
      "title": .string(tool.name), "type": "object",
      "properties": [
        "type": constant("Type", .string(tool.type)),
        "name": constant("Name", .string(tool.name)),
        "description": constant("Description", .string(tool.description)),
        "config": settings(of: tool),
        "multi_use": tool.isMultiUse
          ? ["title": "Multi Use", "type": "boolean", "const": true, "default": true]
          : ["title": "Multi Use", "type": "boolean", "default": false],
      ],
    ]
    if !tool.fields.isEmpty { schema["required"] = ["config"] }
    return .object(schema)
  }

  private func constant(_ title: String, _ value: JSON) -> JSON {
    ["title": .string(title), "type": "string", "const": value, "enum": [value], "default": value]
  }

  private func settings(of tool: ToolType) -> JSON {
    let properties = tool.fields.map { field -> (String, JSON) in
      (field.name, ["title": .string(field.title), "type": "string"])
    }
    var schema: [String: JSON] = [
      "title": "ToolConfig", "type": "object",
      "properties": .object(Dictionary(properties) { first, _ in first }),
    ]
    if !properties.isEmpty { schema["required"] = .array(tool.fields.map { .string($0.name) }) }
    return .object(schema)
  }
}
