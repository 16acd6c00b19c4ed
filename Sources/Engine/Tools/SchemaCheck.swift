import Conversation

/// Holds a value against a JSON Schema that somebody else wrote, after `SchemaReader` has resolved and bounded it.
///
/// What is checked are types, choices, bounds, members, elements and combinations (JSON Schema 2020-12, Validation
/// §6 and Core §10). Left alone are `pattern` and `format`: a stranger's regular expression may run for ever.
/// Cost: the value's size times the schema's, both bounded where they come in.
enum SchemaCheck {
  /// What is wrong first, with its place (`result.items[2].name must be a string`); nil when nothing is.
  static func problem(in value: JSON, by schema: JSON, at place: String = "result") -> String? {
    if schema == false { return "\(place) must not be there" }
    guard schema.object != nil else { return nil }
    return typeProblem(value, schema, place) ?? choiceProblem(value, schema, place)
      ?? boundsProblem(value, schema, place) ?? membersProblem(value, schema, place)
      ?? elementsProblem(value, schema, place) ?? combinationProblem(value, schema, place)
  }

  // MARK: The value itself

  private static func typeProblem(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
    let types = schema["type"]?.array?.compactMap(\.string) ?? schema["type"]?.string.map { [$0] } ?? []
    guard !types.isEmpty, !types.contains(where: { value.isOf(type: $0) }) else { return nil }
    return "\(place) must be of type \(types.joined(separator: " or ").cut(toCharacters: 100))"
  }

  private static func choiceProblem(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
    if let choices = schema["enum"]?.array, !choices.contains(where: value.isEqual(to:)) {
      return "\(place) is none of the values it may have"
    }
    if let only = schema["const"], !value.isEqual(to: only) {
      return "\(place) is not the value it has to have"
    }
    return nil
  }

  private static func boundsProblem(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
    let number = value.number
    let length = value.string.map { Double($0.unicodeScalars.count) }
    let count = value.array.map { Double($0.count) }
    let members = value.object.map { Double($0.count) }
    let checks: [(Double?, String, @Sendable (Double, Double) -> Bool)] = [
      (number, "minimum", { $0 >= $1 }), (number, "maximum", { $0 <= $1 }),
      (number, "exclusiveMinimum", { $0 > $1 }), (number, "exclusiveMaximum", { $0 < $1 }),
      (length, "minLength", { $0 >= $1 }), (length, "maxLength", { $0 <= $1 }),
      (count, "minItems", { $0 >= $1 }), (count, "maxItems", { $0 <= $1 }),
      (members, "minProperties", { $0 >= $1 }), (members, "maxProperties", { $0 <= $1 }),
    ]
    for case (let size?, let name, let holds) in checks {
      if let bound = schema[name]?.number, !holds(size, bound) { return "\(place) breaks \(name)" }
    }
    return nil
  }

  // MARK: What it is made of

  private static func membersProblem(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
    guard let members = value.object else { return nil }
    for case .string(let name) in schema["required"]?.array ?? [] where members[name] == nil {
      return "\(place) lacks \(name.cut(toCharacters: 80))"
    }
    let described = schema["properties"]?.object ?? [:]
    // Names by pattern are not read, so that nothing can be said of other names beside them.
    let others = schema["patternProperties"] == nil ? schema["additionalProperties"] : nil
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      guard let rule = described[name] ?? others else { continue }
      if let problem = problem(in: member, by: rule, at: "\(place).\(name.cut(toCharacters: 80))") {
        return problem
      }
    }
    return nil
  }

  private static func elementsProblem(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
    guard let elements = value.array else { return nil }
    let first = schema["prefixItems"]?.array ?? []
    for (index, element) in elements.enumerated() {
      guard let rule = index < first.count ? first[index] : schema["items"] else { continue }
      if let problem = problem(in: element, by: rule, at: "\(place)[\(index)]") { return problem }
    }
    return nil
  }

  // MARK: Several at once

  private static func combinationProblem(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
    func fits(_ rule: JSON) -> Bool { problem(in: value, by: rule, at: place) == nil }
    for rule in schema["allOf"]?.array ?? [] {
      if let problem = problem(in: value, by: rule, at: place) { return problem }
    }
    if let rules = schema["anyOf"]?.array, !rules.contains(where: fits) {
      return "\(place) fits none of what it may be"
    }
    if let rules = schema["oneOf"]?.array, rules.count(where: fits) != 1 {
      return "\(place) does not fit exactly one of what it may be"
    }
    if let rule = schema["not"], fits(rule) { return "\(place) is what it must not be" }
    if let condition = schema["if"], let rule = schema[fits(condition) ? "then" : "else"] {
      return problem(in: value, by: rule, at: place)
    }
    return nil
  }
}

extension JSON {
  fileprivate func isOf(type: String) -> Bool {
    switch type {
    case "null": isNull
    case "boolean": bool != nil
    case "integer": integer != nil
    case "number": number != nil
    case "string": string != nil
    case "array": array != nil
    case "object": object != nil
    case _: true  // A type that JSON Schema does not know promises nothing.
    }
  }

  /// As JSON Schema compares: 1 and 1.0 are the same number.
  fileprivate func isEqual(to other: JSON) -> Bool {
    if let number, let other = other.number { return number == other }
    return self == other
  }
}
