import Conversation
import Engine
import Hummingbird

/// The servers of the Model Context Protocol that an administrator set up: how they are, and what they offer
/// people beside tools. They are set up in the machine's configuration file only.
struct MCPRoutes: Sendable {
  let engine: Engine

  func list(_ call: Call, _ user: Owner) async throws -> Response {
    var statuses: [MCPStatus] = []
    for server in engine.mcp.servers { statuses.append(await server.status) }
    return try .json(statuses)
  }

  func resources(_ call: Call, _ user: Owner) async throws -> Response {
    let server = try server(call)
    return try await answer { .array(try await server.resources()) }
  }

  /// What one resource holds, as the server sends it.
  func resource(_ call: Call, _ user: Owner) async throws -> Response {
    let server = try server(call)
    guard let uri = call.query("uri"), !uri.isEmpty else {
      throw ValidationError(
        Problem(type: "missing", location: ["query", "uri"], message: "Field required", input: .null))
    }
    return try await answer { .array(try await server.contents(of: uri)) }
  }

  func prompts(_ call: Call, _ user: Owner) async throws -> Response {
    let server = try server(call)
    return try await answer { .array(try await server.prompts()) }
  }

  /// A prompt's messages, with the arguments of the body filled in.
  func prompt(_ call: Call, _ user: Owner) async throws -> Response {
    let server = try server(call)
    var body = try ObjectReader(await call.json(), at: ["body"])
    let arguments = body.optionalObject("arguments")
    try body.check()
    let name = call.parameters["prompt"] ?? ""
    return try await answer { try await server.prompt(name, arguments) }
  }

  private func server(_ call: Call) throws -> MCPServer {
    guard let server = engine.mcp.server(named: call.parameters["name"] ?? "") else {
      throw EngineError.toolNotFound
    }
    return server
  }

  /// - Throws: a refusal in the server's words, when it does not do it.
  private func answer(_ work: () async throws -> JSON) async throws -> Response {
    do {
      return try .json(await work())
    } catch let error as ToolError {
      throw Refusal(.badGateway, error.message)
    }
  }
}
