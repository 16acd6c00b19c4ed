package import Conversation
package import Documents
import Foundation
package import Store
package import Transport

/// The services that people described by OpenAPI documents: kept, tried, and made into tools.
package struct APITools: Sendable {
  let store: Store
  let client: HTTPClient
  let parser: DocumentParser

  /// Bytes of a document that is linked: real ones measure some 100 KB.
  private static let documentBytes = 4 << 20

  static let type = "openapi"

  /// - Parameters:
  ///   - client: for what users and models name.
  ///   - parser: reads documents in YAML, each in a process of its own.
  package init(store: Store, client: HTTPClient, parser: DocumentParser) {
    self.store = store
    self.client = client
    self.parser = parser
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
      headers: [HTTPHeader("Accept", "application/json, application/yaml, text/*;q=0.9, */*;q=0.5")],
      maxBodyBytes: Self.documentBytes)
    return try await document(in: service.get("").body)
  }

  /// Reads a document in JSON or YAML.
  /// - Throws: `ToolError` in words for the person.
  package func document(in bytes: [UInt8]) async throws -> JSON {
    if let json = try? JSON(parsing: bytes) { return json }
    let path = FileManager.default.temporaryDirectory.appending(path: "opengpts-description-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    else { throw ToolError("The server has no room to read the document. Try again later.") }
    do {
      return try await JSON(parsing: parser.json(ofYAMLAt: path))
    } catch DocumentError.cancelled {
      throw CancellationError()
    } catch DocumentError.malformed(let why) {
      throw ToolError("The document is neither JSON nor YAML: \(why.cut(toCharacters: 200)).")
    } catch DocumentError.tooLarge {
      throw ToolError("The document holds more than is read, its aliases expanded.")
    } catch is DocumentError {
      throw ToolError("The document could not be read. Try again, or convert it to JSON.")
    }
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
