import Conversation
import Engine
import Providers

extension OpenAPISchemas {
  static let tools: [String: JSON] = [
    "Tool": closed(tool),
    "ToolDetail": closed(
      tool.merging(["available_operations": list(of: "ToolOperation")]) { first, _ in first }),
    "ToolOperation": closed(
      [
        "id": text, "method": text, "path": text, "summary": text, "reads_only": flag, "parameters": object,
      ], optional: ["obstacle": text]),
    "ToolAuthentication": closed(
      ["type": choice(CustomTool.Authentication.Kind.self)], optional: ["name": text]),
    "ToolListing": closed(
      [
        "type": text, "name": text, "description": text, "origin": choice(ToolListing.Origin.self),
        "config": object, "asks_by_itself": flag,
        "functions": [
          "type": "array", "items": closed(["name": text, "description": text, "reads_only": flag]),
        ],
      ], optional: ["state": reference("MCPStatus")]),
    "MCPStatus": closed([
      "name": text, "state": choice(MCPStatus.State.self), "detail": text, "prompts": flag, "resources": flag,
    ]),
    "ToolProgress": closed(
      ["call_id": text, "progress": ["type": "number"]],
      optional: ["total": ["type": "number"], "message": text]),
    "ModelWait": closed(["seconds": ["type": "number"], "reason": choice(ModelWait.Reason.self)]),
    "ToolPin": closed([
      "origin": text, "name": text, "description": text, "parameters": object, "reads_only": flag,
    ]),
    "ToolChange": closed(["now": reference("ToolPin")], optional: ["before": reference("ToolPin")]),
    "ToolOutcome": closed(["ok": flag, "result": anything]),
    "ToolAttempt": open(["operation": text], optional: ["arguments": ["type": ["object", "null"]]]),
    "PromptArguments": open([:], optional: ["arguments": ["type": ["object", "null"]]]),
    "ToolPayload": open(
      [:],
      optional: [
        "name": ["type": ["string", "null"], "maxLength": .integer(Limits.nameCharacters)],
        "document": [
          "description": "An OpenAPI 3.0 or 3.1 document: an object, or a text that holds JSON or YAML.",
          "type": ["object", "string", "null"],
        ],
        "url": ["description": "Where the document is, instead.", "type": ["string", "null"]],
        "base_url": [
          "description": "Where the service is; needed where the document does not say.",
          "type": ["string", "null"],
        ],
        "operations": ["type": ["array", "null"], "items": text],
        "authentication": orNull(
          open(["type": choice(CustomTool.Authentication.Kind.self)], optional: ["name": orNull(text)])),
        "secret": [
          "description":
            "The key, token or password. Never sent back. Null takes it away; left out, it stays.",
          "type": ["string", "null"],
        ],
      ]),
  ]

  private static let tool: [String: JSON] = [
    "tool_id": id, "user_id": id, "name": text, "base_url": text, "has_secret": flag,
    "operations": ["type": "array", "items": text], "authentication": reference("ToolAuthentication"),
    "created_at": moment, "updated_at": moment,
  ]
}
