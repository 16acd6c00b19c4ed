import Conversation
import Foundation
import Providers
import Transport

/// An operation of a service that somebody described by an OpenAPI document.
///
/// Sends one request to the service, with the arguments where the document wants them and the owner's secret
/// where the tool's settings want it; gives the JSON or text that comes back. The service has to have a public
/// address, or one of `tools.allowed_networks`, since any user may name it. What reads (GET, HEAD) is tried
/// again once; everything else is sent once.
struct APITool: Tool {
  let service: RemoteService
  let operation: APIOperation
  let authentication: CustomTool.Authentication
  let secret: String?
  let specification: ToolSpecification

  /// Operations of one service that become tools: more would fill a model's context.
  static let operations = 64

  /// - Parameter secret: nil when there is none, or none is wanted.
  init(_ tool: CustomTool, operation: APIOperation, secret: String?, client: HTTPClient) {
    var service = RemoteService(
      name: tool.name.cut(toCharacters: 100), baseURL: tool.baseURL.withoutLastSlash, client: client,
      headers: [HTTPHeader("Accept", "application/json, text/*;q=0.9, */*;q=0.5")],
      accessSetting: "the authentication of this tool", secret: secret)
    service.deadlines = RemoteService.actionDeadlines
    self.service = service
    self.operation = operation
    self.authentication = tool.authentication
    self.secret = secret
    specification = ToolSpecification(
      name: operation.id.asFunctionName,
      description: operation.description.cut(toCharacters: RemoteAction.descriptionCharacters),
      parameters: operation.argumentSchema)
  }

  var readsOnly: Bool { operation.method.readsOnly }
  var isRepeatable: Bool { operation.method.readsOnly }

  func call(_ arguments: JSON) async throws -> ToolResult {
    if let obstacle = operation.obstacle { throw ToolError(obstacle) }
    guard arguments.object != nil else { throw ToolError("The arguments must be an object.") }
    var query = try self.query(arguments)
    var headers = try self.headers(arguments)
    try authenticate(&query, &headers)
    let (body, type) = try self.body(arguments)
    let reply = try await service.carryOut(
      operation.method.rawValue.uppercased(), path(arguments), query: query, headers: headers, body: body,
      type: type, readsOnly: readsOnly)
    guard !reply.body.isEmpty else { return ToolResult(.string("Done (status \(reply.head.status)).")) }
    return ToolResult((try? JSON(parsing: reply.body)) ?? .string(reply.text))
  }

  // MARK: Where arguments go

  private func values(
    in place: APIOperation.Parameter.Place, _ arguments: JSON
  ) throws(ToolError) -> [(APIOperation.Parameter, JSON)] {
    var values: [(APIOperation.Parameter, JSON)] = []
    for parameter in operation.parameters where parameter.place == place {
      if let value = arguments[parameter.argument], !value.isNull {
        values.append((parameter, value))
      } else if parameter.isRequired {
        throw ToolError("The argument \"\(parameter.argument)\" is missing.")
      }
    }
    return values
  }

  /// Each value as one part of the path: none can lead elsewhere.
  private func path(_ arguments: JSON) throws(ToolError) -> String {
    var path = operation.path
    for (parameter, value) in try values(in: .path, arguments) {
      let text = Self.text(value)
      guard !text.isEmpty, text != ".", text != ".." else {
        throw ToolError("The argument \"\(parameter.argument)\" cannot be part of an address.")
      }
      path = path.replacing("{\(parameter.name)}", with: RemoteService.escaped(text))
    }
    return path
  }

  /// A list as the same name again and again (`form`, exploded), OpenAPI's own default.
  private func query(_ arguments: JSON) throws(ToolError) -> [(String, String)] {
    var query: [(String, String)] = []
    for (parameter, value) in try values(in: .query, arguments) {
      switch value {
      case .array(let elements): query += elements.map { (parameter.name, Self.text($0)) }
      case .null, .bool, .integer, .number, .string, .object:
        query.append((parameter.name, Self.text(value)))
      }
    }
    return query
  }

  private func headers(_ arguments: JSON) throws(ToolError) -> [HTTPHeader] {
    var headers: [HTTPHeader] = []
    for (parameter, value) in try values(in: .header, arguments) {
      let text = Self.text(value)
      guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
        throw ToolError("The argument \"\(parameter.argument)\" holds a line break.")
      }
      headers.append(HTTPHeader(parameter.name, text))
    }
    return headers
  }

  private func body(_ arguments: JSON) throws(ToolError) -> (bytes: [UInt8]?, type: String) {
    guard let body = operation.body else { return (nil, "") }
    guard let value = arguments[APIOperation.bodyArgument], !value.isNull else {
      if body.isRequired { throw ToolError("The argument \"\(APIOperation.bodyArgument)\" is missing.") }
      return (nil, "")
    }
    guard body.isForm else { return (Array(value.text.utf8), "application/json") }
    let fields = (value.object ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, Self.text($0.value)) }
    return (Array(RemoteService.encoded(fields).utf8.dropFirst()), "application/x-www-form-urlencoded")
  }

  private static func text(_ value: JSON) -> String {
    switch value {
    case .array(let elements): elements.map(text).joined(separator: ",")
    case .string(let text): text
    case .null: ""
    case .bool, .integer, .number, .object: value.text
    }
  }

  private func authenticate(
    _ query: inout [(String, String)], _ headers: inout [HTTPHeader]
  ) throws(ToolError) {
    guard authentication.type != .none else { return }
    guard let secret else {
      throw ToolError("\(service.name) needs a secret: set it in the tool's settings.")
    }
    let name = authentication.name ?? ""
    switch authentication.type {
    case .none: return
    case .bearer: headers.append(HTTPHeader("Authorization", "Bearer \(secret)"))
    case .basic:
      headers.append(
        HTTPHeader("Authorization", "Basic \(Data("\(name):\(secret)".utf8).base64EncodedString())"))
    case .apiKeyInHeader:
      headers.removeAll { $0.name.lowercased() == name.lowercased() }
      headers.append(HTTPHeader(name, secret))
    case .apiKeyInQuery:
      query.removeAll { $0.0 == name }
      query.append((name, secret))
    }
  }
}
