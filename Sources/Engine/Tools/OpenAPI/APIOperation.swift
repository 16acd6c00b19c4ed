package import Conversation

/// An operation of a described service: what it takes and where that goes.
package struct APIOperation: Sendable {
  package let id: String
  package let method: Method
  /// With `{names}` where parameters go.
  package let path: String
  package let summary: String
  /// What a model reads: the summary and the description.
  let description: String
  let parameters: [Parameter]
  let body: Body?
  /// Why it cannot be called from here; nil when it can.
  package let obstacle: String?

  package enum Method: String, Sendable, CaseIterable {
    case get, head, post, put, patch, delete

    /// By the meaning HTTP gives it (RFC 9110 §9.2.1).
    package var readsOnly: Bool {
      switch self {
      case .get, .head: true
      case .post, .put, .patch, .delete: false
      }
    }
  }

  /// A value in the address or the header.
  struct Parameter: Sendable {
    /// As models call it: unlike any other of the operation.
    var argument: String
    var name: String
    var place: Place
    var isRequired: Bool
    var schema: JSON

    enum Place: String {
      case path, query, header
    }
  }

  struct Body: Sendable {
    var schema: JSON
    var isRequired: Bool
    var isForm: Bool
  }

  /// Parameters of one operation.
  private static let parameters = 64
  /// What a service's description may not set: the transport and the person's own settings do.
  private static let reservedHeaders: Set = [
    "accept", "content-type", "authorization", "host", "cookie", "content-length", "connection",
    "transfer-encoding", "user-agent", "proxy-authorization", "upgrade", "te", "trailer", "expect",
  ]

  init(_ json: JSON, method: Method, path: String, item: JSON, in document: APIDocument) {
    self.method = method
    self.path = path
    id = json["operationId"]?.string ?? "\(method.rawValue)_\(path)".asFunctionName
    summary =
      (json["summary"]?.string ?? json["description"]?.string ?? "\(method.rawValue.uppercased()) \(path)")
      .onOneLine.cut(toCharacters: 200)
    let words = [json["summary"]?.string, json["description"]?.string].compactMap { $0 }
    description = words.isEmpty ? id : words.joined(separator: ". ")
    let given = (item["parameters"]?.array ?? []) + (json["parameters"]?.array ?? [])
    let read = Self.parameters(given.prefix(Self.parameters * 2).map(document.dereferenced), document)
    let content = json["requestBody"].map(document.dereferenced)
    let body = Self.body(content, document)
    parameters = read.parameters
    self.body = body
    obstacle =
      read.obstacle ?? Self.obstacle(path: path, parameters: read.parameters)
      ?? (content?["required"]?.bool == true && body == nil
        ? "Its body is neither JSON nor a form." : nil)
  }

  /// An operation's own parameter takes the place of its path's.
  private static func parameters(
    _ given: [JSON], _ document: APIDocument
  ) -> (parameters: [Parameter], obstacle: String?) {
    var found: [Parameter] = []
    var obstacle: String?
    let reader = SchemaReader(root: document.root)
    for json in given {
      guard let name = json["name"]?.string, !name.isEmpty, let text = json["in"]?.string else { continue }
      guard let place = Parameter.Place(rawValue: text) else {
        if json["required"]?.bool == true { obstacle = "It needs a cookie, \(name.cut(toCharacters: 80))." }
        continue
      }
      if place == .header, reservedHeaders.contains(name.lowercased()) { continue }
      let schema = json["schema"] ?? json["content"]?["application/json"]?["schema"] ?? [:]
      var parameter = Parameter(
        argument: name.asFunctionName, name: name, place: place,
        isRequired: json["required"]?.bool == true || place == .path,
        schema: described(reader.resolved(schema) ?? [:], by: json["description"]?.string))
      found.removeAll { $0.name == name && $0.place == place }
      if found.contains(where: { $0.argument == parameter.argument }) || parameter.argument == bodyArgument {
        parameter.argument = "\(text)_\(parameter.argument)".asFunctionName
      }
      found.append(parameter)
    }
    return (found, obstacle)
  }

  private static func described(_ schema: JSON, by text: String?) -> JSON {
    guard let text, schema["description"] == nil, var members = schema.object else { return schema }
    members["description"] = .string(text.cut(toCharacters: 500))
    return .object(members)
  }

  /// JSON where the operation takes it, else a form.
  private static func body(_ content: JSON?, _ document: APIDocument) -> Body? {
    let types = content?["content"]?.object ?? [:]
    func type(_ fits: (String) -> Bool) -> JSON? {
      types.first { fits(String($0.key.prefix { $0 != ";" }).lowercased()) }?.value
    }
    let isRequired = content?["required"]?.bool == true
    let reader = SchemaReader(root: document.root)
    if let json = type({ $0 == "application/json" || $0.hasSuffix("+json") || $0 == "*/*" }) {
      let schema = json["schema"].flatMap(reader.resolved) ?? SchemaReader.anything
      return Body(schema: schema, isRequired: isRequired, isForm: false)
    }
    if let form = type({ $0 == "application/x-www-form-urlencoded" }) {
      return Body(schema: reader.object(form["schema"] ?? .null), isRequired: isRequired, isForm: true)
    }
    return nil
  }

  /// Every name in the path has its parameter, and the path leads nowhere but down.
  private static func obstacle(path: String, parameters: [Parameter]) -> String? {
    guard path.hasPrefix("/"), !path.split(separator: "/").contains(".."), !path.contains("?"),
      !path.contains("#"), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return "Its path cannot be used." }
    let names = path.matches(of: /\{([^{}]*)\}/).map { String($0.output.1) }
    let known = Set(parameters.filter { $0.place == .path }.map(\.name))
    return names.first { !known.contains($0) }.map {
      "Its path has a parameter that is not described: \($0.cut(toCharacters: 80))."
    }
  }

  static let bodyArgument = "body"

  /// The schema of the body, where that is an object.
  var objectBody: JSON {
    body.flatMap { $0.schema["type"] == "object" ? .some($0.schema) : .none } ?? SchemaReader.anything
  }

  /// The schema of all it takes, as one object for a model.
  package var argumentSchema: JSON {
    var properties = Dictionary(parameters.map { ($0.argument, $0.schema) }) { first, _ in first }
    var required = parameters.filter(\.isRequired).map(\.argument)
    if let body {
      properties[Self.bodyArgument] = body.schema
      if body.isRequired { required.append(Self.bodyArgument) }
    }
    return [
      "type": "object", "properties": .object(properties), "required": .array(required.map(JSON.string)),
    ]
  }
}
