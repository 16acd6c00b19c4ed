import FoundationEssentials
import Yams

/// YAML as JSON, for descriptions that people write in either: the one document of a stranger's file, bounded.
///
/// Plain scalars mean what they do in JSON and nothing else (YAML 1.2.2, §10.2): `no` is a text. Aliases are
/// expanded, and all that comes of them counts: a few lines that name each other can stand for billions of values.
struct YAMLConversion {
  /// Values of one document, its aliases expanded: more than a description of some megabytes holds.
  static let values = 500_000
  /// Levels of one document.
  static let depth = 100

  private var room = values

  /// The document as JSON text.
  /// - Throws: `.malformed` with the line, `.tooLarge`.
  static func json(of file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> String {
    let text = TextDecoding.text(of: try file.bytes())
    var conversion = YAMLConversion()
    let tree = try conversion.tree(of: try node(text), depth: 0)
    guard let json = try? JSONEncoder().encode(tree) else { throw .malformed(why: "it holds no text") }
    guard json.count <= limits.textBytes else { throw .tooLarge(.textBytes, limit: limits.textBytes) }
    return String(decoding: json, as: UTF8.self)
  }

  private static func node(_ text: String) throws(DocumentError) -> Node {
    do {
      guard let node = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else {
        throw DocumentError.empty
      }
      return node
    } catch let error as DocumentError {
      throw error
    } catch {
      throw .malformed(why: (error as? YamlError)?.inWords ?? "it is no YAML")
    }
  }

  // MARK: Values

  private mutating func tree(of node: Node, depth: Int) throws(DocumentError) -> JSONTree {
    guard depth <= Self.depth else { throw .tooLarge(.nesting, limit: Self.depth) }
    room -= 1
    guard room >= 0 else { throw .tooLarge(.parts, limit: Self.values) }
    switch node {
    case .scalar(let scalar): return Self.value(of: scalar)
    case .sequence(let sequence):
      var elements: [JSONTree] = []
      for element in sequence { elements.append(try tree(of: element, depth: depth + 1)) }
      return .array(elements)
    case .mapping(let mapping):
      var members: [String: JSONTree] = [:]
      for (key, value) in mapping {
        guard case .scalar(let name) = key else { throw .malformed(why: "a member's name is no text") }
        members[name.string] = try tree(of: value, depth: depth + 1)
      }
      return .object(members)
    case .alias: throw .malformed(why: "an alias names nothing")
    }
  }

  /// Only what stands bare can be more than a text.
  private static func value(of scalar: Node.Scalar) -> JSONTree {
    let text = scalar.string
    guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case _ where looksNumeric(text): return number(text) ?? .string(text)
    case _: return .string(text)
    }
  }

  private static func looksNumeric(_ text: String) -> Bool {
    text.utf8.first.map { UInt8(ascii: "+")...UInt8(ascii: "9") ~= $0 } == true
      && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "+-.eE".utf8.contains($0) }
  }

  private static func number(_ text: String) -> JSONTree? {
    Int(text).map(JSONTree.integer) ?? Double(text).flatMap { $0.isFinite ? .number($0) : nil }
  }
}

/// What is written as JSON.
private enum JSONTree: Encodable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONTree])
  case object([String: JSONTree])

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

extension YamlError {
  /// What is wrong and where, without the text around it.
  fileprivate var inWords: String {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "line \(mark.line): \(problem)"
    case .duplicatedKeysInMapping(let names, let context):
      "line \(context.mark.line): the name \(names.first?.prefix(80) ?? "") is there twice"
    case .reader(let problem, _, _, _): problem
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded: "it is no YAML"
    @unknown default: "it is no YAML"
    }
  }
}
