import Conversation

/// What tools read of an OpenAPI 3 document: the operations that take JSON by POST.
struct OpenAPIDocument {
  struct Operation {
    /// Below the server's address.
    let path: String
    let id: String
    let description: String
    /// The schema of the request's JSON, without references: an object's.
    let body: JSON
  }

  private let root: JSON

  /// Levels of one schema. A reference counts as four, so that a schema that holds itself ends soon.
  private static let deepest = 32
  /// Values in one schema: it is repeated in every request to the model, and a few references that name each
  /// other can expand into millions.
  private static let largest = 500

  init(_ root: JSON) {
    self.root = root
  }

  /// In the order of their paths; nil when this is no OpenAPI document.
  func posts(below prefix: String) -> [Operation]? {
    guard let paths = root["paths"]?.object else { return nil }
    return paths.sorted { $0.key < $1.key }.compactMap { path, item in
      guard path.hasPrefix(prefix + "/"), Self.isPlain(path), let post = item["post"] else { return nil }
      return operation(at: path, post)
    }
  }

  /// The path is joined to an address that holds a key: it must stay below it.
  private static func isPlain(_ path: String) -> Bool {
    path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/-._~".contains($0)) }
      && !path.split(separator: "/").contains("..")
  }

  private func operation(at path: String, _ post: JSON) -> Operation {
    let summary = post["summary"]?.string
    let description = [summary, post["description"]?.string].compactMap { $0 }.joined(separator: ". ")
    let id = post["operationId"]?.string ?? path
    let schema = post["requestBody"]?["content"]?["application/json"]?["schema"]
    var room = Self.largest
    let body = schema.map { resolved($0, depth: 0, room: &room) }
    return Operation(
      path: path, id: id, description: description.isEmpty ? id : description,
      body: room > 0 && body?["type"] == "object" ? body ?? Self.anything : Self.anything)
  }

  /// Where a schema is missing, or too large to be shown: the server will say what it wants.
  private static let anything: JSON = ["type": "object", "properties": [:]]

  private func resolved(_ schema: JSON, depth: Int, room: inout Int) -> JSON {
    room -= 1
    guard depth <= Self.deepest, room > 0 else { return [:] }
    switch schema {
    case .null, .bool, .integer, .number, .string: return schema
    case .array(let elements):
      return .array(elements.map { resolved($0, depth: depth + 1, room: &room) })
    case .object(let members):
      if let reference = members["$ref"]?.string {
        return target(of: reference).map { resolved($0, depth: depth + 4, room: &room) } ?? [:]
      }
      return .object(members.mapValues { resolved($0, depth: depth + 1, room: &room) })
    }
  }

  /// Within this document only: `#/components/schemas/Name`.
  private func target(of reference: String) -> JSON? {
    guard reference.hasPrefix("#/") else { return nil }
    return reference.dropFirst(2).split(separator: "/").reduce(root as JSON?) { found, name in
      found?[String(name).replacing("~1", with: "/").replacing("~0", with: "~")]
    }
  }
}
