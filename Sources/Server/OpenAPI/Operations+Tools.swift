import Conversation
import HTTPTypes

extension OpenAPIDocument {
  static let toolOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/tools/catalog", id: "list_tool_catalog", noun: .tools,
      summary: "Every tool your assistants can be given, with the functions of those that are at hand",
      query: paging,
      answer: .json(
        Schemas.list(of: "ToolListing"), "What comes with the server, then MCP servers, then your own.")
    ),
    DocumentedOperation(
      method: .get, path: "/tools", id: "list_tools", noun: .tools,
      summary: "The services you described, the one changed last first", query: paging,
      answer: .json(Schemas.list(of: "Tool"), "A page of them.")),
    DocumentedOperation(
      method: .post, path: "/tools", id: "create_tool", noun: .tools,
      summary: "Describe a service by an OpenAPI document, or by its address", body: .json("ToolPayload"),
      answer: .json(Schemas.reference("ToolDetail"), "It, with the operations of its document."),
      refusals: [.conflict], links: ofTool),
    DocumentedOperation(
      method: .get, path: "/tools/{tool_id}", id: "get_tool", noun: .tools,
      summary: "One of your services, with every operation of its document",
      answer: .json(Schemas.reference("ToolDetail"), "It. Its secret is never sent.")),
    DocumentedOperation(
      method: .put, path: "/tools/{tool_id}", id: "update_tool", noun: .tools,
      summary: "Change a service; what is left out stays as it is", body: .json("ToolPayload"),
      answer: .json(Schemas.reference("ToolDetail"), "It, as it is now.")),
    DocumentedOperation(
      method: .delete, path: "/tools/{tool_id}", id: "delete_tool", noun: .tools,
      summary: "Delete a service with its secret", answer: .json(Schemas.reference("Done"), "It is gone.")),
    DocumentedOperation(
      method: .post, path: "/tools/{tool_id}/try", id: "try_tool", noun: .tools,
      summary: "Call one operation, as an assistant would", body: .json("ToolAttempt"),
      answer: .json(Schemas.reference("ToolOutcome"), "What a model would read.")),
    DocumentedOperation(
      method: .get, path: "/mcp/servers", id: "list_mcp_servers", noun: .tools,
      summary: "The MCP servers an administrator set up, and how they are",
      answer: .json(Schemas.list(of: "MCPStatus"), "Each.")),
    DocumentedOperation(
      method: .get, path: "/mcp/servers/{name}/resources", id: "list_mcp_resources", noun: .tools,
      summary: "What an MCP server has to read",
      answer: .json(["type": "array", "items": ["type": "object"]], "As the server describes it."),
      refusals: [.badGateway]),
    DocumentedOperation(
      method: .get, path: "/mcp/servers/{name}/resource", id: "read_mcp_resource", noun: .tools,
      summary: "What one resource of an MCP server holds",
      query: [
        .init(
          name: "uri", description: "The resource's address, as listed.", schema: ["type": "string"],
          isRequired: true)
      ],
      answer: .json(
        ["type": "array", "items": ["type": "object"]],
        "Its parts as the server sent them: each has `text`, or bytes in base64 as `blob`."),
      refusals: [.badGateway]),
    DocumentedOperation(
      method: .get, path: "/mcp/servers/{name}/prompts", id: "list_mcp_prompts", noun: .tools,
      summary: "The prompts an MCP server offers",
      answer: .json(["type": "array", "items": ["type": "object"]], "As the server describes them."),
      refusals: [.badGateway]),
    DocumentedOperation(
      method: .post, path: "/mcp/servers/{name}/prompts/{prompt}", id: "get_mcp_prompt", noun: .tools,
      summary: "A prompt of an MCP server, its arguments filled in", body: .json("PromptArguments"),
      answer: .json(["type": "object"], "Its messages, as the server sent them."), refusals: [.badGateway]),
  ]

  private static let ofTool: [DocumentedOperation.Link] = [
    "get_tool", "update_tool", "delete_tool", "try_tool",
  ]
  .map { DocumentedOperation.Link(operation: $0, parameters: ["tool_id": "$response.body#/tool_id"]) }
}
