package import Conversation

/// What tools read of an OpenAPI 3.0 or 3.1 document that somebody else wrote.
/// Source: spec.openapis.org/oas/v3.1.1, read 2026-11-24.
package struct APIDocument: Sendable {
  package let root: JSON

  /// Operations of one document that are read: large services have hundreds.
  static let operations = 1_000

  package init(_ root: JSON) {
    self.root = root
  }

  /// As a person gave it.
  /// - Throws: `ToolError` that says what it is instead.
  package init(checking root: JSON) throws(ToolError) {
    self.root = root
    if root["swagger"] != nil {
      throw ToolError(
        "This is a description in Swagger 2.0. Convert it to OpenAPI 3 first; most editors of such documents can."
      )
    }
    guard root["openapi"]?.string?.hasPrefix("3.") == true, root["paths"]?.object != nil else {
      throw ToolError("This is no OpenAPI 3 document: it lacks \"openapi\": \"3…\" or \"paths\".")
    }
  }

  package var title: String { root["info"]?["title"]?.string ?? "" }

  /// The address it names for its service, its variables filled in; nil when it names none, or one below
  /// itself only.
  package var serverURL: String? {
    guard let server = root["servers"]?[0], let url = server["url"]?.string else { return nil }
    let filled = (server["variables"]?.object ?? [:]).reduce(url) { url, variable in
      url.replacing("{\(variable.key)}", with: variable.value["default"]?.string ?? "")
    }
    let isWhole = filled.hasPrefix("https://") || filled.hasPrefix("http://")
    return isWhole && !filled.contains("{") ? filled.withoutLastSlash : nil
  }

  /// Every operation, in the order of paths.
  package var allOperations: [APIOperation] {
    let items = (root["paths"]?.object ?? [:]).sorted { $0.key < $1.key }
    let found = items.flatMap { path, item -> [APIOperation] in
      let item = dereferenced(item)
      return APIOperation.Method.allCases.compactMap { method in
        item[method.rawValue].map { APIOperation($0, method: method, path: path, item: item, in: self) }
      }
    }
    return found.prefix(Self.operations).map { $0 }
  }

  /// The value, or what it refers to, within this document.
  func dereferenced(_ value: JSON) -> JSON {
    var value = value
    for _ in 0..<8 {
      guard let reference = value["$ref"]?.string else { return value }
      value = SchemaReader(root: root).target(of: reference) ?? [:]
    }
    return [:]
  }

  /// The operations that take JSON by POST, below a path: what an Action Server offers. Nil when this is no
  /// OpenAPI document.
  func posts(below prefix: String) -> [APIOperation]? {
    guard root["paths"]?.object != nil else { return nil }
    return allOperations.filter { operation in
      operation.method == .post && operation.path.hasPrefix(prefix + "/") && Self.isPlain(operation.path)
    }
  }

  /// The path is joined to an address that holds a key: it must stay below it.
  private static func isPlain(_ path: String) -> Bool {
    path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/-._~".contains($0)) }
      && !path.split(separator: "/").contains("..")
  }
}
