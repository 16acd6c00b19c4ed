import Conversation
import Providers

/// An action of a Connery runner, as a tool of its own.
///
/// When a run builds its tools, `GET /v1/actions` lists the actions, within ten seconds; a call sends
/// `POST /v1/actions/{id}/run` with `{input}`, once. The runner's key travels as `x-api-key`. A tool is named
/// by its action's id, and its arguments are the action's input parameters, all of them texts. The result is
/// what the runner gives as `data.output`. Connery has retired its own runner; servers that speak like it
/// work.
/// Source: docs.connery.io and connery-io/connery-sdk, November 2026.
struct Connery: Tool {
  let service: RemoteService
  let id: String
  let specification: ToolSpecification

  /// Actions of one runner that become tools: more would fill a model's context.
  static let actions = 64
  /// Seconds for the list, since every run of the assistant waits for it.
  static let listSeconds = 10.0

  static func type(_ service: RemoteService?) -> ToolType {
    ToolType(
      type: "ai_action_runner_by_connery", name: "AI Action Runner by Connery",
      description: "Carries out the actions of a [Connery](https://github.com/connery-io/connery) runner.",
      make: { _, _ in try await tools(service) })
  }

  /// The tools of the runner.
  /// - Throws: `ToolError` when it is not set up or does not answer.
  static func tools(_ service: RemoteService?) async throws -> [any Tool] {
    guard let service, service.secret?.isEmpty == false else {
      throw ToolError(
        "Connery needs an address and a key. An administrator can set them as connery.url and "
          + "connery.api_key in the configuration, or as the environment variables CONNERY_RUNNER_URL and "
          + "CONNERY_RUNNER_API_KEY.")
    }
    let reply = try await service.hurried(seconds: listSeconds).get("/v1/actions")
    guard let list = try reply.json()["data"]?.array else { throw reply.unexpected }
    return list.compactMap { Connery(service: service, action: $0) }.prefix(actions).map { $0 }
  }

  /// Nil for what is no action.
  private init?(service: RemoteService, action: JSON) {
    guard let id = action["id"]?.string, !id.isEmpty else { return nil }
    self.service = service
    self.id = id
    let title = action["title"]?.string ?? id
    let description = action["description"]?.string.map { "\(title): \($0)" } ?? title
    specification = ToolSpecification(
      name: id.asFunctionName, description: description.cut(toCharacters: RemoteAction.descriptionCharacters),
      parameters: Self.parameters(action["inputParameters"]?.array ?? []))
  }

  private static func parameters(_ inputs: [JSON]) -> JSON {
    var properties: [String: JSON] = [:]
    var required: [JSON] = []
    for input in inputs.prefix(RemoteAction.arguments) {
      guard let key = input["key"]?.string, !key.isEmpty else { continue }
      let description = input["description"]?.string ?? input["title"]?.string ?? key
      properties[key] = ["type": "string", "description": .string(description.cut(toCharacters: 500))]
      if input["validation"]?["required"]?.bool == true { required.append(.string(key)) }
    }
    return ["type": "object", "properties": .object(properties), "required": .array(required)]
  }

  var isRepeatable: Bool { false }

  func call(_ arguments: JSON) async throws -> ToolResult {
    guard let input = arguments.object else { throw ToolError("The arguments must be an object.") }
    let path = "/v1/actions/\(RemoteService.escaped(id))/run"
    let reply = try await service.act(path, json: ["input": .object(input)])
    guard let data = try reply.json()["data"], !data.isNull else { throw reply.unexpected }
    return ToolResult(data["output"] ?? data)
  }
}
