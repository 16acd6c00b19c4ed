import Conversation

/// A request's content was understood and is wrong: each problem with where it is, in pydantic's shape, which
/// clients of the original know how to show.
struct ValidationError: Error {
  var problems: [Problem]

  init(_ problems: Problem...) {
    self.problems = problems
  }

  init(_ problems: [Problem]) {
    self.problems = problems
  }
}

/// One thing that is wrong.
struct Problem: Equatable {
  /// pydantic's name of the kind: `missing`, `string_type`, …
  var type: String
  /// From `body`, `query` or `path` inwards.
  var location: [JSON]
  var message: String
  /// The value that is wrong; nil where repeating it tells nobody anything.
  var input: JSON?
  var context: JSON?

  init(type: String, location: [JSON], message: String, input: JSON? = nil, context: JSON? = nil) {
    self.type = type
    self.location = location
    self.message = message
    self.input = input
    self.context = context
  }

  var json: JSON {
    var members: [String: JSON] = ["type": .string(type), "loc": .array(location), "msg": .string(message)]
    members["input"] = input.map(\.abridged)
    members["ctx"] = context
    return .object(members)
  }
}

extension JSON {
  /// Bytes of an input that an error repeats.
  private static let repeatedBytes = 1_000

  /// Itself, unless it is long: then the beginning of its text.
  fileprivate var abridged: JSON {
    let text = string ?? self.text
    guard text.utf8.count > Self.repeatedBytes else { return self }
    return .string(text.prefix(Self.repeatedBytes / 4) + "…")
  }
}

/// Reads the members of an object and gathers what is wrong with them, so that a client learns all of it at
/// once.
struct ObjectReader {
  let members: [String: JSON]
  private let location: [JSON]
  private(set) var problems: [Problem] = []

  /// - Throws: when the value is no object.
  init(_ value: JSON, at location: [JSON]) throws(ValidationError) {
    guard let members = value.object else {
      throw ValidationError(
        Problem(
          type: "model_attributes_type", location: location,
          message: "Input should be a valid dictionary or object to extract fields from", input: value))
    }
    self.members = members
    self.location = location
  }

  func location(of name: String) -> [JSON] {
    location + [.string(name)]
  }

  mutating func add(_ problem: Problem) {
    problems.append(problem)
  }

  /// Notes a problem with one member.
  mutating func reject(_ name: String, as type: String, _ message: String, context: JSON? = nil) {
    add(
      Problem(
        type: type, location: location(of: name), message: message, input: members[name] ?? .null,
        context: context))
  }

  /// The member, which must be there.
  mutating func required(_ name: String) -> JSON? {
    if let value = members[name] { return value }
    add(
      Problem(
        type: "missing", location: location(of: name), message: "Field required", input: .object(members)))
    return nil
  }

  /// Text that must be there; empty when it is not, which is noted.
  mutating func string(_ name: String) -> String {
    guard let value = required(name) else { return "" }
    if let text = value.string { return text }
    reject(name, as: "string_type", "Input should be a valid string")
    return ""
  }

  /// Text that must be there and show something.
  mutating func visibleString(_ name: String) -> String {
    let before = problems.count
    let text = string(name)
    if problems.count == before, text.allSatisfy(\.isWhitespace) {
      reject(name, as: "value_error", "Input should be text that is not blank")
    }
    return text
  }

  /// Text, or none; no longer than so many characters.
  mutating func optionalString(_ name: String, longest: Int) -> String? {
    guard let value = members[name], !value.isNull else { return nil }
    guard let text = value.string else {
      reject(name, as: "string_type", "Input should be a valid string")
      return nil
    }
    guard text.unicodeScalars.count <= longest else {
      reject(
        name, as: "string_too_long", "String should have at most \(longest) characters",
        context: ["max_length": .integer(longest)])
      return nil
    }
    return text
  }

  /// One of a few words, which must be there; nil when it is not, which is noted.
  mutating func word<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> Choice? {
    guard let value = required(name) else { return nil }
    if let choice = value.string.flatMap(Choice.init(rawValue:)) { return choice }
    let expected = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    reject(name, as: "enum", "Input should be one of \(expected)", context: ["expected": .string(expected)])
    return nil
  }

  /// An object that must be there.
  mutating func object(_ name: String) -> JSON {
    guard let value = required(name) else { return .null }
    if value.object != nil { return value }
    reject(name, as: "dict_type", "Input should be a valid dictionary")
    return .null
  }

  /// An object, or none.
  mutating func optionalObject(_ name: String) -> JSON {
    guard let value = members[name], !value.isNull else { return [:] }
    if value.object != nil { return value }
    reject(name, as: "dict_type", "Input should be a valid dictionary")
    return [:]
  }

  /// Text that may be left out.
  mutating func optionalString(_ name: String) -> String? {
    guard let value = members[name], !value.isNull else { return nil }
    return string(name)
  }

  /// A truth value as pydantic reads one, leniently; null is none.
  mutating func bool(_ name: String, default standard: Bool) -> Bool {
    guard let value = members[name] else { return standard }
    if let flag = value.bool { return flag }
    if let number = value.number, number == 0 || number == 1 { return number == 1 }
    switch value.string?.lowercased() {
    case "true", "t", "yes", "y", "on", "1": return true
    case "false", "f", "no", "n", "off", "0": return false
    case .some:
      reject(name, as: "bool_parsing", "Input should be a valid boolean, unable to interpret input")
    case nil:
      reject(name, as: "bool_type", "Input should be a valid boolean")
    }
    return standard
  }

  /// An id that must be there; nil when it is not, which is noted.
  mutating func identifier<Noun>(_ name: String) -> Identifier<Noun>? {
    let before = problems.count
    let text = string(name)
    guard problems.count == before else { return nil }
    if let id = Identifier<Noun>(text) { return id }
    reject(name, as: "uuid_parsing", "Input should be a valid UUID")
    return nil
  }

  /// One of a few words; the standard one when there is none.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, default standard: Choice
  ) -> Choice {
    guard let value = members[name], !value.isNull else { return standard }
    if let choice = value.string.flatMap(Choice.init(rawValue:)) { return choice }
    let expected = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    reject(name, as: "enum", "Input should be one of \(expected)", context: ["expected": .string(expected)])
    return standard
  }

  /// - Throws: all that was noted, if anything was.
  func check() throws(ValidationError) {
    if !problems.isEmpty { throw ValidationError(problems) }
  }
}
