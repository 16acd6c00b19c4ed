import Foundation

/// A binary IPv4 or IPv6 address. Judgements are made on it, never on its many spellings.
package struct IPAddress: Sendable, Hashable {
  /// 4 or 16 bytes, network order.
  package let bytes: [UInt8]

  /// Nil unless there are 4 or 16 bytes. A v4-mapped IPv6 address becomes the IPv4 address it is.
  package init?(bytes: [UInt8]) {
    switch bytes.count {
    case 4: self.bytes = bytes
    case 16: self.bytes = Self.isMapped(bytes) ? Array(bytes[12...]) : bytes
    default: return nil
    }
  }

  /// Reads the canonical spellings only (RFC 4291, dotted decimal); a scope is cut off.
  package init?(_ text: String) {
    let plain = String(text.prefix { $0 != "%" })
    var raw = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, plain, &raw) == 1 {
      self.init(bytes: Array(raw[..<4]))
    } else if inet_pton(AF_INET6, plain, &raw) == 1 {
      self.init(bytes: raw)
    } else {
      return nil
    }
  }

  package var isIPv4: Bool { bytes.count == 4 }

  /// Whether a packet to this address goes to one host of the public Internet: by the special-purpose
  /// registries of IANA (RFC 6890 and its updates, read 2026-11-23), not any private, shared, loopback,
  /// link-local, documentation, benchmark, multicast, reserved or translated-to-such address.
  package var isPublicUnicast: Bool {
    if isIPv4 { return !SpecialNetworks.ipv4.contains { $0.contains(self) } }
    if SpecialNetworks.nat64.contains(self) {
      return IPAddress(bytes: Array(bytes[12...]))?.isPublicUnicast ?? false
    }
    return SpecialNetworks.globalUnicast.contains(self)
      && !SpecialNetworks.ipv6.contains { $0.contains(self) }
  }

  private static func isMapped(_ bytes: [UInt8]) -> Bool {
    bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
  }
}

extension IPAddress: CustomStringConvertible {
  /// The one spelling of RFC 5952.
  package var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(isIPv4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else {
      return ""
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// What is not public, and the one IPv6 block that can be.
private enum SpecialNetworks {
  static let ipv4: [Network] = [
    Network([0], prefix: 8),  // this network
    Network([10], prefix: 8),  // private
    Network([100, 64], prefix: 10),  // carrier-grade NAT
    Network([127], prefix: 8),  // loopback
    Network([169, 254], prefix: 16),  // link-local, cloud metadata
    Network([172, 16], prefix: 12),  // private
    Network([192, 0, 0], prefix: 24),  // protocol assignments
    Network([192, 0, 2], prefix: 24),  // documentation
    Network([192, 88, 99], prefix: 24),  // 6to4 relays, withdrawn
    Network([192, 168], prefix: 16),  // private
    Network([198, 18], prefix: 15),  // benchmarks
    Network([198, 51, 100], prefix: 24),  // documentation
    Network([203, 0, 113], prefix: 24),  // documentation
    Network([224], prefix: 4),  // multicast
    Network([240], prefix: 4),  // reserved, broadcast
  ]
  static let globalUnicast = Network(v6: [0x20], prefix: 3)
  /// The well-known prefix of translators (RFC 6052): the IPv4 address inside is what is reached.
  static let nat64 = Network(v6: [0x00, 0x64, 0xFF, 0x9B], prefix: 96)
  static let ipv6: [Network] = [
    Network(v6: [0x20, 0x01, 0x00], prefix: 23),  // protocol assignments: Teredo, benchmarks, ORCHID
    Network(v6: [0x20, 0x01, 0x0D, 0xB8], prefix: 32),  // documentation
    Network(v6: [0x20, 0x02], prefix: 16),  // 6to4: leads to any IPv4 address
    Network(v6: [0x3F, 0xFF], prefix: 20),  // documentation
  ]
}
