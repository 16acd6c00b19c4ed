import Foundation

/// What BERT's normalizer and pre-tokenizer make of one Unicode scalar.
///
/// The rules, in their order: control and format characters vanish, white space becomes a space, CJK
/// ideographs stand alone, canonical decomposition drops the non-spacing marks, what is left is
/// lower-cased, and punctuation stands alone. Every rule looks at one scalar only (reordering of marks
/// under decomposition cannot matter, since the marks are dropped), so a text can be folded as a stream.
///
/// Source: the behaviour of `BertNormalizer` and `BertPreTokenizer` in Hugging Face tokenizers 0.23.3,
/// compared scalar by scalar over all of Unicode. Its category tables are those of Unicode 8, hence
/// ``category(of:)``; characters assigned later count as letters.
struct ScalarFolding: Sendable {
  enum Role: UInt32 { case letter, standsAlone, separator }

  /// One scalar of the folded text with its role: 21 bits of scalar, then the role.
  struct Output: Sendable, Equatable {
    fileprivate let bits: UInt32

    init(_ scalar: Unicode.Scalar, _ role: Role) { bits = scalar.value | role.rawValue << 24 }
    fileprivate init(bits: UInt32) { self.bits = bits }

    var role: Role { Role(rawValue: bits >> 24) ?? .letter }
    var scalar: Unicode.Scalar { Unicode.Scalar(bits & 0x1F_FFFF) ?? "\u{FFFD}" }
  }

  /// Latin to kana: everything the vocabulary knows but ideographs and Hangul is answered from a table.
  private static let tableEnd: UInt32 = 0x3400
  private static let nothing: UInt32 = .max
  private static let several: UInt32 = .max - 1
  private let table: [UInt32]

  init() {
    table = (0..<Self.tableEnd).map { value in
      guard let scalar = Unicode.Scalar(value) else { return Self.nothing }
      let outputs = Self.fold(scalar)
      return outputs.count > 1 ? Self.several : outputs.first?.bits ?? Self.nothing
    }
  }

  /// Calls `body` with each scalar that `scalar` folds to: none, one, or rarely up to four.
  func fold(_ scalar: Unicode.Scalar, _ body: (Output) -> Void) {
    guard scalar.value < Self.tableEnd else { return Self.fold(scalar).forEach(body) }
    switch table[Int(scalar.value)] {
    case Self.nothing: return
    case Self.several: Self.fold(scalar).forEach(body)
    case let bits: body(Output(bits: bits))
    }
  }

  private static func fold(_ scalar: Unicode.Scalar) -> [Output] {
    if isWhitespace(scalar) { return [Output(" ", .separator)] }
    if isDropped(scalar) { return [] }
    let alone = isIdeograph(scalar)
    return decomposition(of: scalar)
      .filter { category(of: $0) != .nonspacingMark }
      .flatMap { $0.properties.lowercaseMapping.unicodeScalars }
      .map { folded in
        if isWhitespace(folded) { return Output(" ", .separator) }
        return Output(folded, alone || isPunctuation(folded) ? .standsAlone : .letter)
      }
  }

  private static func decomposition(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.value < 0xC0 || (0x4E00...0x9FFF).contains(scalar.value) { return [scalar] }
    return Array(String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars)
  }

  private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace && !(0x0B...0x0C).contains(scalar.value) && scalar.value != 0x85
  }

  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    switch category(of: scalar) {
    case .control, .format, .surrogate, .privateUse: true
    default: scalar.value == 0xFFFD
    }
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (33...126).contains(scalar.value) && !isASCIILetterOrDigit(scalar) }
    switch category(of: scalar) {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default:
      return false
    }
  }

  private static func isASCIILetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "a"..."z", "A"..."Z": true
    default: false
    }
  }

  /// CJK ideographs as the reference lists them; its sixth range starts at 2B920, not at 2B820.
  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
      0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  /// The general category in Unicode 8: later characters were unassigned, seven have changed since.
  private static func category(of scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
    switch scalar.value {
    case 0x1734, 0x1171E: return .nonspacingMark
    case 0x166D, 0x111C9: return .otherPunctuation
    case 0x1885, 0x1886: return .otherLetter
    case 0xA9BD: return .spacingMark
    default: break
    }
    guard let age = scalar.properties.age, age.major <= 8 else { return .unassigned }
    return scalar.properties.generalCategory
  }
}
