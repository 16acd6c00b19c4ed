import Crypto
import Foundation

/// A random value that opens something for whoever has it. Only its hash is stored: at 256 bits it needs no
/// salt and no slow hash.
struct OpaqueSecret: Sendable {
  let text: String

  /// - Parameter prefix: tells what it opens to people and to programs that look for leaked secrets.
  init(prefix: String = "") {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    text = prefix + Data(bytes).base64URL
  }

  /// One that somebody showed.
  init(shown text: String) {
    self.text = text
  }

  var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}

extension Data {
  /// RFC 4648 §5, without padding.
  var base64URL: String {
    let standard: String = base64EncodedString()
    return standard.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  init?(base64URL text: some StringProtocol) {
    guard text.utf8.allSatisfy({ $0.isBase64URL }) else { return nil }
    let standard = String(text).replacing("-", with: "+").replacing("_", with: "/")
    self.init(base64Encoded: standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4))
  }
}

extension UInt8 {
  fileprivate var isBase64URL: Bool {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

/// Whether two byte strings are equal, in a time that says nothing of where they differ.
func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
