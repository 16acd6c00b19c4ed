import Conversation
import Foundation

/// Reads JSON Schemas that others wrote: references within the document resolved, and bounded, because a
/// schema is repeated in every request to the model.
struct SchemaReader {
  /// What references point into.
  let root: JSON

  /// Levels of one schema. A reference counts as four, so that a schema that holds itself ends soon.
  private static let deepest = 32
  /// Values in one schema: a few references that name each other can expand into millions.
  private static let largest = 500

  /// For arguments that are missing, or too many to be shown: the service will say what it wants.
  static let anything: JSON = ["type": "object", "properties": [:]]

  /// The schema of an object, without references; `anything` when it is none or too large.
  func object(_ schema: JSON) -> JSON {
    guard let resolved = schema.isNull ? nil : resolved(schema), resolved["type"] == "object" else {
      return Self.anything
    }
    return resolved
  }

  /// The schema without references; nil when it is too large.
  func resolved(_ schema: JSON) -> JSON? {
    var room = Self.largest
    let whole = resolved(schema, depth: 0, room: &room)
    guard room > 0 else { return nil }
    return whole
  }

  /// The schema without references, to hold values against; nil when any of it had to be left out, since what is
  /// left then says other things than the whole.
  func whole(_ schema: JSON) -> JSON? {
    var reader = self
    reader.isWhole = true
    var room = Self.largest
    let whole = reader.resolved(schema, depth: 0, room: &room)
    guard room > 0 else { return nil }
    return whole
  }

  /// Whether leaving something out makes all of it useless.
  private var isWhole = false

  init(root: JSON) {
    self.root = root
  }

  private func resolved(_ schema: JSON, depth: Int, room: inout Int) -> JSON {
    room -= 1
    if isWhole, depth > Self.deepest { room = 0 }
    guard depth <= Self.deepest, room > 0 else { return [:] }
    switch schema {
    case .null, .bool, .integer, .number, .string: return schema
    case .array(let elements):
      return .array(elements.map { resolved($0, depth: depth + 1, room: &room) })
    case .object(let members):
      if let reference = members["$ref"]?.string {
        if let target = target(of: reference) { return resolved(target, depth: depth + 4, room: &room) }
        if isWhole { room = 0 }
        return [:]
      }
      var shown: [String: JSON] = [:]
      for (key, value) in members where !Self.hidden.contains(key) {
        shown[key] =
          key == "properties"
          ? properties(value, depth: depth + 1, room: &room) : resolved(value, depth: depth + 1, room: &room)
      }
      return .object(shown)
    }
  }

  /// Their names may be any, also such as mean something elsewhere.
  private func properties(_ value: JSON, depth: Int, room: inout Int) -> JSON {
    guard let members = value.object else { return value }
    return .object(members.mapValues { resolved($0, depth: depth, room: &room) })
  }

  /// Definitions are shown where they are used; the others mean nothing to a model.
  private static let hidden: Set = ["$defs", "definitions", "$schema", "x-mcp-header"]

  /// Within this document only: `#/components/schemas/Name`. Nothing is ever fetched.
  func target(of reference: String) -> JSON? {
    if reference == "#" { return root }
    guard reference.hasPrefix("#/") else { return nil }
    return reference.dropFirst(2).split(separator: "/").reduce(root as JSON?) { found, name in
      let key = String(name).replacing("~1", with: "/").replacing("~0", with: "~")
      return found?[key.removingPercentEncoding ?? key]
    }
  }
}
