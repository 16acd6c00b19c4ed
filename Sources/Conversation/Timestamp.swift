import Foundation

/// A point in time to the microsecond: ISO 8601 in UTC on the wire and in rows
/// (`2026-11-23T04:17:54.090886Z`), so that text order is time order.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00Z.
  package let microseconds: Int64

  package init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  package static var now: Self {
    Self(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded()))
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.microseconds < right.microseconds
  }

  package func adding(seconds: Double) -> Self {
    Self(microseconds: microseconds &+ Int64(seconds * 1_000_000))
  }
}

extension Timestamp {
  /// The first moments of its calendar month and of the next one (UTC).
  package var month: (first: Timestamp, next: Timestamp) {
    let text = description
    let (year, month) = (Int(text.prefix(4)) ?? 1970, Int(text.dropFirst(5).prefix(2)) ?? 1)
    return (
      Self.firstOf(year, month), month == 12 ? Self.firstOf(year + 1, 1) : Self.firstOf(year, month + 1)
    )
  }

  private static func firstOf(_ year: Int, _ month: Int) -> Timestamp {
    Timestamp("\(year)-\(month < 10 ? "0" : "")\(month)-01T00:00:00.000000Z") ?? Timestamp(microseconds: 0)
  }
}

extension Timestamp: LosslessStringConvertible {
  /// Reads what `description` writes; nil for anything else.
  package init?(_ text: String) {
    guard text.utf8.count == 27, text.hasSuffix("Z"), let fraction = Int64(text.dropFirst(20).dropLast()),
      let date = try? Date(text.prefix(19) + "Z", strategy: .iso8601)
    else { return nil }
    self.init(microseconds: Int64(date.timeIntervalSince1970) * 1_000_000 + fraction)
  }

  package var description: String {
    let (seconds, fraction) = microseconds.flooredDivision(by: 1_000_000)
    let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    let digits = String(fraction)
    return "\(whole.dropLast()).\(String(repeating: "0", count: 6 - digits.count))\(digits)Z"
  }
}

extension Timestamp: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let timestamp = Self(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a timestamp in UTC with microseconds"))
    }
    self = timestamp
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
