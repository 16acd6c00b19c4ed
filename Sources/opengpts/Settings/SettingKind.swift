import Foundation

/// What a setting's value may be.
enum SettingKind: Sendable {
  case text
  case path
  case url
  case address
  /// Texts; separated by commas where there is only one text.
  case list
  case flag
  case seconds(ClosedRange<Double>)
  case megabytes(ClosedRange<Int>)
  /// Seconds too, written as people do: `24h`, `90m`, `7d`; `off` is none.
  case duration(ClosedRange<Double>)
  case count(ClosedRange<Int>)
  case choice([String])
}

/// A value as its source had it.
enum RawSetting: Sendable, Equatable {
  case text(String)
  case integer(Int)
  case decimal(Double)
  case flag(Bool)
  case list([String])
  /// Of a type no setting has, by its name.
  case other(String)
}

/// A value of the right kind.
enum SettingValue: Sendable, Equatable {
  case text(String)
  case address(ListenAddress)
  case list([String])
  case flag(Bool)
  case seconds(Double)
  case integer(Int)
}

/// Why a value was refused. Says nothing of the value itself, which may be a secret.
struct SettingRefusal: Error, Equatable {
  let wrong: String
  let allowed: String
}

extension SettingKind {
  /// Reads a value; an empty text means "not set" and gives nil.
  func read(_ raw: RawSetting) throws(SettingRefusal) -> SettingValue? {
    if case .text(let text) = raw {
      let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
      return text.isEmpty ? nil : try read(text: text)
    }
    switch (self, raw) {
    case (.flag, .flag(let flag)): return .flag(flag)
    case (.list, .list(let items)): return .list(try items.map(Self.plain))
    case (.seconds, .integer(let number)): return try read(text: String(number))
    case (.megabytes, .integer(let number)): return try read(text: String(number))
    case (.seconds, .decimal(let number)): return try read(text: String(number))
    case (.count, .integer(let number)), (.choice, .integer(let number)):
      return try read(text: String(number))
    case (_, let raw): throw SettingRefusal(wrong: "is \(raw.typeName)", allowed: allowed)
    }
  }

  private func read(text: String) throws(SettingRefusal) -> SettingValue {
    let text = try Self.plain(text)
    switch self {
    case .text, .path: return .text(text)
    case .url: return .text(try webURL(text))
    case .address:
      guard let address = ListenAddress(text) else { throw refusal("is not an address with a port") }
      return .address(address)
    case .list:
      let items = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      return .list(items.filter { !$0.isEmpty })
    case .flag: return .flag(try flag(text))
    case .seconds(let range):
      guard let number = Double(text), number.isFinite else { throw refusal("is not a number") }
      guard range.contains(number) else { throw refusal("is out of range") }
      return .seconds(number)
    case .duration(let range): return .seconds(try duration(text, in: range))
    case .count(let range), .megabytes(let range):
      guard let number = Int(text) else { throw refusal("is not a whole number") }
      guard range.contains(number) else { throw refusal("is out of range") }
      return .integer(number)
    case .choice(let choices):
      guard choices.contains(text) else { throw refusal("is none of the choices") }
      return .text(text)
    }
  }

  private func duration(_ text: String, in range: ClosedRange<Double>) throws(SettingRefusal) -> Double {
    if text == "off" { return 0 }
    guard let match = text.wholeMatch(of: /([0-9]{1,9})([smhd])/), let number = Double(match.output.1),
      let unit = Self.unitSeconds[match.output.2]
    else { throw refusal("is not a span of time") }
    guard range.contains(number * unit) else { throw refusal("is out of range") }
    return number * unit
  }

  fileprivate static let unitSeconds: [Substring: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

  /// Control characters have no place in any setting, and a line break in a key would end a header.
  private static func plain(_ text: String) throws(SettingRefusal) -> String {
    guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw SettingRefusal(wrong: "holds a line break or another control character", allowed: "plain text")
    }
    return text
  }

  private func webURL(_ text: String) throws(SettingRefusal) -> String {
    guard
      let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty,
      parts.port.map({ (1...65_535).contains($0) }) ?? true
    else { throw refusal("is not an http or https address") }
    return text
  }

  private func flag(_ text: String) throws(SettingRefusal) -> Bool {
    switch text.lowercased() {
    case "true", "yes", "on", "1": return true
    case "false", "no", "off", "0": return false
    default: throw refusal("is neither true nor false")
    }
  }

  private func refusal(_ wrong: String) -> SettingRefusal {
    SettingRefusal(wrong: wrong, allowed: allowed)
  }

  /// What may be written, for error messages.
  var allowed: String {
    switch self {
    case .text: "a text"
    case .path: "a path"
    case .url: "an address like https://example.com/v1"
    case .address: "an address with a port, like 127.0.0.1:8100 or [::1]:8100"
    case .list: "a list of texts"
    case .flag: "true or false"
    case .seconds(let range): "a number of seconds from \(range.lowerBound) to \(range.upperBound)"
    case .megabytes(let range): "a number of megabytes from \(range.lowerBound) to \(range.upperBound)"
    case .duration(let range):
      "a span of time like 24h, 90m or 7d, from \(Self.span(range.lowerBound)) to \(Self.span(range.upperBound)), or off"
    case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let choices): choices.joined(separator: ", ")
    }
  }
}

extension SettingKind {
  /// A span of time as it is written: in the largest unit that has no rest.
  static func span(_ seconds: Double) -> String {
    let units = unitSeconds.sorted { $0.value > $1.value }
    let unit = units.first { seconds.truncatingRemainder(dividingBy: $0.value) == 0 }
    return unit.map { "\(Int(seconds / $0.value))\($0.key)" } ?? "\(Int(seconds))s"
  }

  /// A span of time in the largest unit that fits into it.
  static func roughly(_ seconds: Double) -> String {
    let units = unitSeconds.sorted { $0.value > $1.value }
    let unit = units.first { seconds >= $0.value }
    return unit.map { "\(Int(seconds / $0.value))\($0.key)" } ?? "0s"
  }
}

extension RawSetting {
  fileprivate var typeName: String {
    switch self {
    case .text: "a text"
    case .integer: "a whole number"
    case .decimal: "a number"
    case .flag: "true or false"
    case .list: "a list"
    case .other(let name): name
    }
  }
}
