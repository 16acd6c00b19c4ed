package import Conversation
import Providers
import Store

/// A tool as people choose it.
package struct ToolListing: Encodable, Sendable {
  package var type: String
  package var name: String
  package var description: String
  package var origin: Origin
  /// Settings that every use of it has, such as the id of an own service.
  package var config: [String: JSON]
  /// Whether its calls are asked for where the assistant says nothing, unless they only read.
  package var asksByItself: Bool
  package var functions: [Function]
  /// How it is, where it may be otherwise: an MCP server's state.
  package var state: MCPStatus?

  package enum Origin: String, Codable, Sendable, CaseIterable {
    case builtIn = "built_in"
    case mcp
    case openAPI = "openapi"
  }

  /// One function that models call.
  package struct Function: Encodable, Sendable {
    package var name: String
    package var description: String
    package var readsOnly: Bool

    package enum CodingKeys: String, CodingKey {
      case name, description
      case readsOnly = "reads_only"
    }
  }

  package enum CodingKeys: String, CodingKey {
    case type, name, description, origin, config, functions, state
    case asksByItself = "asks_by_itself"
  }
}

extension Engine {
  /// Everything that the user's assistants can be given. What is not at hand is listed without functions.
  package func toolCatalog(for user: Identifier<User>) async throws -> [ToolListing] {
    var listings: [ToolListing] = []
    for type in tools.types where type.type != APITools.type {
      listings.append(await listing(of: type))
    }
    for tool in try await store.customTools(of: user) {
      listings.append(try await listing(of: tool))
    }
    return listings
  }

  private func listing(of type: ToolType) async -> ToolListing {
    let server = mcp.servers.first { $0.configuration.toolType == type.type }
    var listing = ToolListing(
      type: type.type, name: type.name, description: type.description,
      origin: server == nil ? .builtIn : .mcp, config: [:], asksByItself: type.asksByItself, functions: [])
    guard let server else { return listing }
    listing.state = await server.status
    // A server that is starting or resting is not waited for: the list is looked at by people.
    guard listing.state?.state == .ready,
      let tools = try? await type.make(ToolChoice(type: type.type), ToolScope(namespaces: []))
    else { return listing }
    listing.functions = tools.map { tool in
      ToolListing.Function(
        name: tool.specification.name, description: tool.specification.description, readsOnly: tool.readsOnly)
    }
    return listing
  }

  private func listing(of tool: CustomTool) async throws -> ToolListing {
    let chosen = Set(tool.operations)
    let operations = try await store.document(of: tool.id).map { APIDocument($0).allOperations } ?? []
    return ToolListing(
      type: APITools.type, name: tool.name, description: tool.baseURL, origin: .openAPI,
      config: ["tool_id": .string(tool.id.description)], asksByItself: true,
      functions: operations.filter { chosen.contains($0.id) && $0.obstacle == nil }.map { operation in
        ToolListing.Function(
          name: operation.id.asFunctionName, description: operation.summary,
          readsOnly: operation.method.readsOnly)
      })
  }
}
