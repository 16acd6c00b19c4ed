import Conversation
import Foundation

/// A tool as a server describes it, read with distrust.
struct MCPToolDescription: Sendable, Equatable {
  var name: String
  var title: String
  var description: String
  var parameters: JSON
  /// What its structured results keep to; nil where it promises nothing that can be checked.
  var output: JSON?
  /// What the server says of itself, believed only where an administrator trusts it.
  var readsOnly: Bool
  var isIdempotent: Bool
  var staysInside: Bool
  /// Paths of arguments that the server wants in headers, by the header's name.
  var mirrored: [String: [String]]

  /// Nil for what is no tool, or one whose headers break the protocol's rules.
  init?(_ json: JSON) {
    guard let name = json["name"]?.string, !name.isEmpty, name.utf8.count <= Self.nameBytes else {
      return nil
    }
    let schema = json["inputSchema"] ?? ["type": "object"]
    guard let mirrored = MCPHeaderRules.mirrored(in: schema) else { return nil }
    self.name = name
    self.mirrored = mirrored
    title = json["title"]?.string ?? json["annotations"]?["title"]?.string ?? name
    description = (json["description"]?.string ?? title).cut(
      toCharacters: RemoteAction.descriptionCharacters)
    parameters = SchemaReader(root: schema).object(schema)
    output = json["outputSchema"].flatMap { SchemaReader(root: $0).whole($0) }
    let hints = json["annotations"]
    readsOnly = hints?["readOnlyHint"]?.bool == true
    isIdempotent = hints?["idempotentHint"]?.bool == true
    staysInside = hints?["openWorldHint"]?.bool == false
  }

  private static let nameBytes = 256

  /// The values of the arguments that travel in headers too, encoded.
  func headers(for arguments: JSON) -> [String: String] {
    mirrored.compactMapValues { path in
      let value = path.reduce(arguments as JSON?) { $0?[$1] }
      return value.flatMap(MCPHeaderRules.text).map(MCPHeaderRules.encoded)
    }
  }
}

/// How values stand in headers, so that what passes requests on can read them (2026-07-28, Streamable HTTP,
/// "Custom Headers from Tool Parameters").
enum MCPHeaderRules {
  /// The annotated properties by header name; nil when an annotation breaks the rules, which makes the whole
  /// tool invalid.
  static func mirrored(in schema: JSON) -> [String: [String]]? {
    var found: [String: [String]] = [:]
    guard collect(schema, path: [], into: &found) else { return nil }
    // Anywhere but below a chain of `properties` an annotation is not allowed.
    guard annotations(in: schema, depth: 0) == found.count else { return nil }
    return found
  }

  private static func collect(_ schema: JSON, path: [String], into found: inout [String: [String]]) -> Bool {
    guard path.count <= 8 else { return true }
    for (name, property) in schema["properties"]?.object ?? [:] {
      let place = path + [name]
      if let header = property["x-mcp-header"] {
        guard let header = header.string, isToken(header), isPrimitive(property["type"]),
          !found.keys.contains(where: { $0.lowercased() == header.lowercased() })
        else { return false }
        found[header] = place
      }
      guard collect(property, path: place, into: &found) else { return false }
    }
    return true
  }

  private static func annotations(in schema: JSON, depth: Int) -> Int {
    guard depth < 32 else { return 0 }
    switch schema {
    case .object(let members):
      return members.reduce(members["x-mcp-header"] == nil ? 0 : 1) {
        $0 + annotations(in: $1.value, depth: depth + 1)
      }
    case .array(let elements): return elements.reduce(0) { $0 + annotations(in: $1, depth: depth + 1) }
    case .null, .bool, .integer, .number, .string: return 0
    }
  }

  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "!#$%&'*+-.^_`|~".contains($0)) }
  }

  private static func isPrimitive(_ type: JSON?) -> Bool {
    ["string", "integer", "boolean"].contains(type?.string)
  }

  /// Nil for null and for what is no plain value: its header is left out.
  static func text(_ value: JSON) -> String? {
    switch value {
    case .string(let text): text
    case .integer(let number): String(number)
    case .bool(let flag): flag ? "true" : "false"
    case .null, .number, .array, .object: nil
    }
  }

  /// As base64 between marks wherever a plain header could not hold it, or would be taken for that.
  static func encoded(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 }
    let isPadded = text.first?.isWhitespace == true || text.last?.isWhitespace == true
    let looksEncoded = text.hasPrefix("=?base64?") && text.hasSuffix("?=")
    guard !isPlain || isPadded || looksEncoded || text.isEmpty else { return text }
    return "=?base64?\(Data(text.utf8).base64EncodedString())?="
  }
}
