import Conversation
import Providers
import Transport

/// An action of a Sema4.ai (Robocorp) Action Server, as a tool of its own.
///
/// Each use of the type has its own server: `url` and `api_key`. When a run builds its tools,
/// `GET {url}/openapi.json` describes the actions, within ten seconds: every `POST` below `/api/actions`. A
/// tool is named by the operation's id; its arguments are the schema of the request's JSON, references
/// resolved. A call sends the arguments there, once, with the key as bearer token, and gives what comes back:
/// JSON, or text. The server has to have a public address, or one of `tools.allowed_networks`, since any user
/// may name it.
/// Source: sema4.ai/docs/automation/action-server and OpenAPI 3.1, November 2026.
struct ActionServer: Tool {
  let service: RemoteService
  let path: String
  let specification: ToolSpecification

  static func type(client: HTTPClient) -> ToolType {
    ToolType(
      type: "action_server_by_sema4ai", name: "Action Server by Sema4.ai",
      description:
        "Carries out the actions of a [Sema4.ai Action Server](https://github.com/Sema4AI/actions).",
      isMultiUse: true,
      fields: [
        ToolType.Field(name: "url", title: "Url"), ToolType.Field(name: "api_key", title: "Api Key"),
      ],
      make: { choice, _ in try await tools(choice, client: client) })
  }

  /// The tools of the server that a choice names.
  /// - Throws: `ToolError` when it is not set up or does not answer.
  static func tools(_ choice: ToolChoice, client: HTTPClient) async throws -> [any Tool] {
    let service = try service(choice, client: client)
    let reply = try await service.hurried(seconds: Connery.listSeconds).get("/openapi.json")
    let document = APIDocument(try reply.json())
    guard let operations = document.posts(below: "/api/actions") else { throw reply.unexpected }
    return operations.prefix(Connery.actions).map { operation in
      ActionServer(
        service: service, path: operation.path,
        specification: ToolSpecification(
          name: operation.id.asFunctionName,
          description: operation.description.cut(toCharacters: RemoteAction.descriptionCharacters),
          parameters: operation.objectBody))
    }
  }

  private static func service(_ choice: ToolChoice, client: HTTPClient) throws(ToolError) -> RemoteService {
    guard let url = choice.config["url"]?.string, url.hasPrefix("http://") || url.hasPrefix("https://") else {
      throw ToolError("The Action Server needs an address with http:// or https://: set the tool's URL.")
    }
    let key = choice.config["api_key"]?.string ?? ""
    var service = RemoteService(
      name: "The Action Server", baseURL: url.withoutLastSlash, client: client,
      headers: key.isEmpty ? [] : [HTTPHeader("Authorization", "Bearer \(key)")],
      accessSetting: "the key of this tool", secret: key)
    service.deadlines = RemoteService.actionDeadlines
    return service
  }

  var isRepeatable: Bool { false }

  func call(_ arguments: JSON) async throws -> ToolResult {
    guard arguments.object != nil else { throw ToolError("The arguments must be an object.") }
    let reply = try await service.act(path, json: arguments)
    return ToolResult((try? JSON(parsing: reply.body)) ?? .string(reply.text))
  }
}
