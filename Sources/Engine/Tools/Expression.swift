import Foundation

/// An arithmetic expression, evaluated as it is read.
///
///     sum     = product (("+" | "-") product)*
///     product = signed (("*" | "/" | "%") signed)*
///     signed  = ("-" | "+") signed | power
///     power   = atom ("^" signed)?          so -2^2 is -4 and 2^3^2 is 512
///     atom    = number | name | name "(" sum ("," sum)* ")" | "(" sum ")"
struct Expression {
  private let characters: [Character]
  private var place = 0
  private var depth = 0

  private static let longest = 1_000
  /// Calls within calls: each takes some of the thread's stack.
  private static let deepest = 50

  init(_ text: String) throws(ToolError) {
    guard text.count <= Self.longest else {
      throw ToolError("The expression has more than \(Self.longest) characters.")
    }
    characters = text.replacing("**", with: "^").replacing("π", with: "pi").filter { !$0.isWhitespace }.map {
      Self.plain[$0] ?? $0
    }
  }

  /// Signs as people and models type them.
  private static let plain: [Character: Character] = ["×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"]

  /// - Throws: `ToolError` that says what is wrong and where.
  mutating func value() throws(ToolError) -> Double {
    let value = try sum()
    guard place == characters.count else { throw unexpected }
    guard value.isFinite else { throw ToolError("The result is too large, or is not a number.") }
    return value
  }

  private mutating func sum() throws(ToolError) -> Double {
    var value = try product()
    while let sign = take("+", "-") {
      let next = try product()
      value = sign == "+" ? value + next : value - next
    }
    return value
  }

  private mutating func product() throws(ToolError) -> Double {
    var value = try signed()
    while let sign = take("*", "/", "%") {
      let next = try signed()
      guard sign == "*" || next != 0 else { throw ToolError("Division by zero.") }
      value = sign == "*" ? value * next : sign == "/" ? value / next : fmod(value, next)
    }
    return value
  }

  private mutating func signed() throws(ToolError) -> Double {
    guard let sign = take("-", "+") else { return try power() }
    let value = try deeper { expression throws(ToolError) in try expression.signed() }
    return sign == "-" ? -value : value
  }

  private mutating func power() throws(ToolError) -> Double {
    let base = try atom()
    guard take("^") != nil else { return base }
    let exponent = try deeper { expression throws(ToolError) in try expression.signed() }
    return pow(base, exponent)
  }

  private mutating func atom() throws(ToolError) -> Double {
    if take("(") != nil {
      let value = try deeper { expression throws(ToolError) in try expression.sum() }
      try close()
      return value
    }
    guard let first = characters[place...].first else { throw ToolError("The expression ends too early.") }
    if first.isASCII, first.isNumber || first == "." { return try number() }
    if first.isASCII, first.isLetter { return try named() }
    throw unexpected
  }

  private mutating func deeper(
    _ part: (inout Expression) throws(ToolError) -> Double
  ) throws(ToolError) -> Double {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw ToolError("The expression is nested too deeply.") }
    return try part(&self)
  }
}

// MARK: Parts

extension Expression {
  /// Digits, a point, and an exponent such as `e-3`, if a number follows the `e`.
  private mutating func number() throws(ToolError) -> Double {
    let start = place
    skip { $0.isNumber || $0 == "." }
    if let mark = characters[place...].first, mark == "e" || mark == "E" {
      let back = place
      place += 1
      _ = take("+", "-")
      let digits = place
      skip(\.isNumber)
      if place == digits { place = back }
    }
    let text = String(characters[start..<place])
    guard let number = Double(text) else { throw ToolError("\"\(text)\" is not a number.") }
    return number
  }

  private mutating func named() throws(ToolError) -> Double {
    let start = place
    skip { $0.isLetter || $0.isNumber }
    let name = String(characters[start..<place]).lowercased()
    guard take("(") != nil else {
      if let constant = Self.constants[name] { return constant }
      throw ToolError("\"\(name.prefix(40))\" is not known.")
    }
    var values: [Double] = []
    repeat {
      values.append(try deeper { expression throws(ToolError) in try expression.sum() })
    } while take(",") != nil
    try close()
    return try Self.result(of: name, values)
  }

  private mutating func close() throws(ToolError) {
    guard take(")") != nil else {
      throw place < characters.count ? unexpected : ToolError("A closing parenthesis is missing.")
    }
  }

  private mutating func take(_ wanted: Character...) -> Character? {
    guard let next = characters[place...].first, wanted.contains(next) else { return nil }
    place += 1
    return next
  }

  private mutating func skip(_ isPart: (Character) -> Bool) {
    while let next = characters[place...].first, next.isASCII, isPart(next) { place += 1 }
  }

  private var unexpected: ToolError {
    guard let next = characters[place...].first else { return ToolError("The expression ends too early.") }
    let before = String(characters[..<place].suffix(20))
    return ToolError(
      "\"\(next)\" is not expected \(before.isEmpty ? "at the start" : "after \"\(before)\"").")
  }
}

// MARK: Functions

extension Expression {
  private static let constants = ["pi": Double.pi, "tau": 2 * Double.pi, "e": M_E]

  private static let ofOne: [String: @Sendable (Double) -> Double] = [
    "sqrt": { $0.squareRoot() }, "cbrt": { cbrt($0) }, "abs": { abs($0) }, "floor": { floor($0) },
    "ceil": { ceil($0) }, "trunc": { trunc($0) }, "round": { $0.rounded() },
    "sign": { $0 == 0 ? 0 : $0 < 0 ? -1 : 1 },
    "exp": { exp($0) }, "ln": { log($0) }, "log": { log10($0) }, "log2": { log2($0) }, "log10": { log10($0) },
    "sin": { sin($0) }, "cos": { cos($0) }, "tan": { tan($0) }, "asin": { asin($0) }, "acos": { acos($0) },
    "atan": { atan($0) }, "sinh": { sinh($0) }, "cosh": { cosh($0) }, "tanh": { tanh($0) },
    "degrees": { $0 * 180 / .pi }, "radians": { $0 * .pi / 180 },
    "factorial": { $0 >= 0 && $0 == $0.rounded() ? tgamma($0 + 1).rounded() : .nan },
  ]

  private static let ofTwo: [String: @Sendable (Double, Double) -> Double] = [
    "pow": { pow($0, $1) }, "atan2": { atan2($0, $1) }, "hypot": { hypot($0, $1) }, "mod": { fmod($0, $1) },
    "log": { log($0) / log($1) }, "round": { ($0 * pow(10, $1)).rounded() / pow(10, $1) },
  ]

  private static let ofAny: [String: @Sendable ([Double]) -> Double] = [
    "min": { $0.min() ?? .nan }, "max": { $0.max() ?? .nan }, "sum": { $0.reduce(0, +) },
    "avg": { $0.reduce(0, +) / Double($0.count) },
  ]

  /// Every function there is, in the order of the alphabet.
  static var functionNames: [String] {
    Set(ofOne.keys).union(ofTwo.keys).union(ofAny.keys).sorted()
  }

  private static func result(of name: String, _ values: [Double]) throws(ToolError) -> Double {
    let result: Double
    if let function = ofAny[name] {
      result = function(values)
    } else if values.count == 1, let function = ofOne[name] {
      result = function(values[0])
    } else if values.count == 2, let function = ofTwo[name] {
      result = function(values[0], values[1])
    } else if ofOne[name] != nil || ofTwo[name] != nil {
      throw ToolError("\(name) does not take \(values.count) arguments.")
    } else {
      throw ToolError("There is no function \"\(name.prefix(40))\".")
    }
    guard !result.isNaN else { throw ToolError("\(name) has no value there.") }
    return result
  }
}
