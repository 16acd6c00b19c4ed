package import Conversation
import Foundation
package import Store
package import Transport

/// The services that people described by OpenAPI documents: kept, tried, and made into tools.
package struct APITools: Sendable {
  let store: Store
  let client: HTTPClient

  /// Bytes of a document that is linked: real ones measure some 100 KB.
  private static let documentBytes = 4 << 20

  static let type = "openapi"

  /// - Parameter client: for what users and models name.
  package init(store: Store, client: HTTPClient) {
    self.store = store
    self.client = client
  }

  /// As a kind of tool: a use names a described service by its id.
  var toolType: ToolType {
    ToolType(
      type: Self.type, name: "OpenAPI Service",
      description: "Calls operations of a service that you described by an OpenAPI document.",
      isMultiUse: true, asksByItself: true, fields: [ToolType.Field(name: "tool_id", title: "Service")]
    ) { choice, scope in try await tools(choice, in: scope) }
  }

  private func tools(_ choice: ToolChoice, in scope: ToolScope) async throws -> [any Tool] {
    guard let id = choice.config["tool_id"]?.string.flatMap(Identifier<CustomTool>.init),
      let tool = try await store.customTool(id, of: scope.owners),
      let document = try await store.document(of: id)
    else {
      throw ToolError(
        "The assistant uses an OpenAPI service that is not there, or not yours. Choose another in its settings."
      )
    }
    let secret = try await secret(of: tool)
    let chosen = Set(tool.operations)
    return APIDocument(document).allOperations.filter { chosen.contains($0.id) && $0.obstacle == nil }
      .prefix(APITool.operations).map {
        APITool(tool, operation: $0, secret: secret, client: client)
      }
  }

  private func secret(of tool: CustomTool) async throws -> String? {
    tool.hasSecret && tool.authentication.type != .none ? try await store.secret(of: tool.id) : nil
  }

  /// Reads a document from an address.
  /// - Throws: `ToolError` in words for the person.
  package func document(at url: String) async throws -> JSON {
    guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
      throw ToolError("The address of the document has to begin with https:// or http://.")
    }
    let service = RemoteService(
      name: "The document", baseURL: url, client: client,
      headers: [HTTPHeader("Accept", "application/json")], maxBodyBytes: Self.documentBytes)
    let reply = try await service.get("")
    guard let json = try? JSON(parsing: reply.body) else {
      throw ToolError("What is at that address is no JSON. Documents in YAML have to be converted first.")
    }
    return json
  }

  /// Calls one operation, as an assistant would.
  /// - Throws: `ToolError` in the words a model would read.
  package func attempt(
    _ tool: CustomTool, operation id: String, arguments: JSON
  ) async throws -> JSON {
    guard let document = try await store.document(of: tool.id),
      let operation = APIDocument(document).allOperations.first(where: { $0.id == id })
    else { throw ToolError("The document has no operation \"\(id.cut(toCharacters: 80))\".") }
    let secret = try await secret(of: tool)
    return try await withDeadline(seconds: Limits.toolSeconds) {
      try await APITool(tool, operation: operation, secret: secret, client: client).call(arguments).content
    }
  }
}
