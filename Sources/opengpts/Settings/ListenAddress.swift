import Foundation

/// Where the daemon listens: an IP address or host name, and a TCP port (0 lets the system choose one).
struct ListenAddress: Sendable, Equatable {
  let host: String
  let port: Int

  /// Loopback, on a port that the system chooses.
  static let anyPort = ListenAddress(host: "127.0.0.1", port: 0)

  private init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// From `127.0.0.1:8100`, `[::1]:8100` or `localhost:8100`; nil for anything else.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let port = text[text.index(after: colon)...]
    var host = text[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if isBracketed { host = host.dropFirst().dropLast() }
    guard
      isBracketed == host.contains(":"), !host.isEmpty, host.allSatisfy(Self.isHostCharacter),
      port.allSatisfy({ "0"..."9" ~= $0 }), let number = Int(port), (0...65_535).contains(number)
    else { return nil }
    self.host = String(host)
    self.port = number
  }

  private static func isHostCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || ".-:_%".contains(character))
  }

  /// Whether only this machine can reach it: 127.0.0.0/8, ::1, or the name RFC 6761 keeps for them.
  var isLoopback: Bool {
    if host.lowercased() == "localhost" { return true }
    var four = in_addr()
    if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    var six = in6_addr()
    guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
    let bytes = withUnsafeBytes(of: &six) { Array($0) }
    let mappedLoopback: [UInt8] = Array(repeating: 0, count: 10) + [0xff, 0xff, 127]
    return bytes == Array(repeating: 0, count: 15) + [1] || bytes.starts(with: mappedLoopback)
  }
}

extension ListenAddress: CustomStringConvertible {
  var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
