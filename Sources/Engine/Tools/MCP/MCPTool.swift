import Conversation
package import Logging
import Providers
package import Transport

/// A tool of a server of the Model Context Protocol.
struct MCPTool: Tool {
  let server: MCPServer
  let description: MCPToolDescription
  let specification: ToolSpecification

  init(server: MCPServer, description: MCPToolDescription) {
    self.server = server
    self.description = description
    let prefix = "\(server.configuration.name)_"
    specification = ToolSpecification(
      name: (description.name.hasPrefix(prefix) ? description.name : prefix + description.name)
        .asFunctionName,
      description: description.description, parameters: description.parameters)
  }

  // What a server says of itself holds only where an administrator trusts it.
  var readsOnly: Bool { server.configuration.isTrusted && description.readsOnly }
  var isRepeatable: Bool { readsOnly || (server.configuration.isTrusted && description.isIdempotent) }
  var reach: ToolReach { server.configuration.isTrusted && description.staysInside ? .service : .anywhere }

  var pin: ToolPin? {
    ToolPin(
      origin: server.configuration.toolType, name: description.name, description: description.description,
      parameters: description.parameters, readsOnly: readsOnly)
  }

  func call(_ arguments: JSON) async throws -> ToolResult {
    guard arguments.object != nil else { throw ToolError("The arguments must be an object.") }
    return try await server.call(description, arguments)
  }
}

/// Lists what a server has to read, or reads one of it.
struct MCPResourceTool: Tool {
  let server: MCPServer
  let lists: Bool

  var specification: ToolSpecification {
    let name = server.configuration.name
    return lists
      ? ToolSpecification(
        name: "\(name)_list_resources".asFunctionName,
        description: "Lists the resources that the server \(name) has to read, with their addresses.",
        parameters: SchemaReader.anything)
      : ToolSpecification(
        name: "\(name)_read_resource".asFunctionName,
        description: "Reads a resource of the server \(name).",
        parameters: .textArgument("uri", "The resource's address, as listed."))
  }

  var readsOnly: Bool { server.configuration.isTrusted }
  var isRepeatable: Bool { true }

  func call(_ arguments: JSON) async throws -> ToolResult {
    guard lists else { return ToolResult(.string(try await server.resource(arguments.text("uri")))) }
    return ToolResult(
      .array(
        try await server.resources().prefix(200).map { resource in
          .object(
            (resource.object ?? [:]).filter { ["uri", "name", "description", "mimeType"].contains($0.key) })
        }))
  }
}

/// All servers of the Model Context Protocol that are set up.
package struct MCPServers: Sendable {
  package let servers: [MCPServer]

  /// - Parameters:
  ///   - client: for servers behind HTTP, which an administrator named.
  ///   - version: of this program.
  package init(_ configurations: [MCPConfiguration], client: HTTPClient, version: String, logger: Logger) {
    servers = configurations.map { MCPServer($0, client: client, version: version, logger: logger) }
  }

  package init(servers: [MCPServer] = []) {
    self.servers = servers
  }

  /// Keeps them connected until the task is cancelled, then closes them.
  func run() async {
    await withDiscardingTaskGroup { group in
      for server in servers { group.addTask { await server.run() } }
    }
  }

  /// Each as a kind of tool that assistants can be given.
  var toolTypes: [ToolType] {
    servers.map { server in
      let name = server.configuration.name
      return ToolType(
        type: server.configuration.toolType, name: "\(name) (MCP)",
        description: "The tools of the MCP server \(name), which an administrator set up.", asksByItself: true
      ) { _, _ in try await Self.tools(of: server) }
    }
  }

  private static func tools(of server: MCPServer) async throws -> [any Tool] {
    let tools = try await server.tools().map { MCPTool(server: server, description: $0) }
    guard try await server.hasSomethingToRead() else { return tools }
    return tools + [
      MCPResourceTool(server: server, lists: true), MCPResourceTool(server: server, lists: false),
    ]
  }

  package func server(named name: String) -> MCPServer? {
    servers.first { $0.configuration.name == name }
  }
}
