import Conversation
import Engine
import Store

/// What a service is made from, or changed by.
struct ToolPayload {
  let name: String?
  let baseURL: String?
  let operations: [String]?
  let authentication: CustomTool.Authentication?
  let secret: Store.SecretChange
  /// The document itself: an object, or a text that holds JSON or YAML.
  let document: JSON?
  let url: String?

  private static let addressCharacters = 2_000
  private static let secretCharacters = 8_000
  private static let operationsAtMost = 1_000

  init(_ json: JSON) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    name = body.optionalString("name", longest: Limits.nameCharacters).flatMap { $0.isEmpty ? nil : $0 }
    baseURL = Self.address("base_url", &body)
    url = Self.address("url", &body)
    operations = Self.operations(&body)
    authentication = Self.authentication(&body)
    secret = Self.secret(&body)
    document = Self.document(&body)
    try body.check()
  }

  private static func address(_ name: String, _ body: inout ObjectReader) -> String? {
    guard let text = body.optionalString(name, longest: addressCharacters), !text.isEmpty else { return nil }
    guard text.hasPrefix("https://") || text.hasPrefix("http://"),
      text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0.value != 0x7F })
    else {
      body.reject(name, as: "url_parsing", "Input should be an address with https:// or http://")
      return nil
    }
    return text.hasSuffix("/") && name == "base_url" ? String(text.dropLast()) : text
  }

  private static func operations(_ body: inout ObjectReader) -> [String]? {
    guard let value = body.members["operations"], !value.isNull else { return nil }
    let ids = value.array?.map(\.string)
    guard let ids, ids.count <= operationsAtMost, !ids.contains(nil) else {
      body.reject("operations", as: "list_type", "Input should be a list of operations' ids")
      return nil
    }
    return ids.compactMap { $0 }
  }

  private static func authentication(_ body: inout ObjectReader) -> CustomTool.Authentication? {
    guard let value = body.members["authentication"], !value.isNull else { return nil }
    do throws(ValidationError) {
      var reader = try ObjectReader(value, at: body.location(of: "authentication"))
      let kind: CustomTool.Authentication.Kind? = reader.word("type")
      let name = reader.optionalString("name", longest: 200).flatMap { $0.isEmpty ? nil : $0 }
      if kind?.needsName == true, name == nil {
        reader.reject("name", as: "missing", "This kind of authentication needs a name")
      }
      if kind == .apiKeyInHeader, name.map(isHeaderName) == false {
        reader.reject("name", as: "value_error", "Input should be the name of a header")
      }
      try reader.check()
      return kind.map { CustomTool.Authentication(type: $0, name: name) }
    } catch {
      for problem in error.problems { body.add(problem) }
      return nil
    }
  }

  /// Those that the transport itself sets are no place for a key.
  private static func isHeaderName(_ text: String) -> Bool {
    text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
      && !["host", "content-length", "connection", "transfer-encoding"].contains(text.lowercased())
  }

  /// Null takes it away, a text sets it; left out, it stays.
  private static func secret(_ body: inout ObjectReader) -> Store.SecretChange {
    guard let value = body.members["secret"] else { return .keep }
    if value.isNull { return .clear }
    guard let text = body.optionalString("secret", longest: secretCharacters) else { return .keep }
    guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      // Its value is repeated nowhere.
      body.add(
        Problem(
          type: "value_error", location: body.location(of: "secret"), message: "A secret holds no line breaks"
        ))
      return .keep
    }
    return text.isEmpty ? .keep : .set(text)
  }

  private static func document(_ body: inout ObjectReader) -> JSON? {
    guard let value = body.members["document"], !value.isNull else { return nil }
    if value.object != nil { return value }
    if let text = value.string, text.contains(where: { !$0.isWhitespace }) { return value }
    body.reject("document", as: "value_error", "Input should be an OpenAPI document in JSON or YAML")
    return nil
  }
}
