/// A block of addresses, as in `10.1.0.0/16` or `fd12:3456::/32`.
package struct Network: Sendable, Hashable {
  package let base: IPAddress
  package let prefix: Int

  /// Reads `address/prefix`; an address alone is a block of one. Nil for anything else, and for a
  /// prefix longer than its address.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, let base = IPAddress(String(first)) else { return nil }
    self.base = base
    guard parts.count == 2 else {
      prefix = base.bytes.count * 8
      return
    }
    guard let prefix = Int(parts[1]), (0...base.bytes.count * 8).contains(prefix) else { return nil }
    self.prefix = prefix
  }

  package func contains(_ address: IPAddress) -> Bool {
    guard address.bytes.count == base.bytes.count else { return false }
    let whole = prefix / 8
    guard address.bytes[..<whole] == base.bytes[..<whole] else { return false }
    guard prefix % 8 > 0 else { return true }
    let mask = UInt8.max << (8 - prefix % 8)
    return address.bytes[whole] & mask == base.bytes[whole] & mask
  }
}

extension Network {
  /// A constant IPv4 block from its leading bytes.
  init(_ leading: [UInt8], prefix: Int) {
    self.init(leading, prefix: prefix, length: 4)
  }

  /// A constant IPv6 block from its leading bytes.
  init(v6 leading: [UInt8], prefix: Int) {
    self.init(leading, prefix: prefix, length: 16)
  }

  private init(_ leading: [UInt8], prefix: Int, length: Int) {
    let bytes = leading + [UInt8](repeating: 0, count: max(0, length - leading.count))
    guard let base = IPAddress(bytes: bytes), prefix <= length * 8 else {
      preconditionFailure("a constant block of addresses is malformed")
    }
    self.base = base
    self.prefix = prefix
  }
}

extension Network: CustomStringConvertible {
  package var description: String { "\(base)/\(prefix)" }
}
