/// A 64-bit checksum of words, in four lanes so that it runs as fast as memory.
///
/// Each step is one that can be undone (exclusive or, multiplication by an odd number, a shifted
/// exclusive or), so that any change within one lane, and so any flipped bit, changes the result for
/// certain; other damage goes unnoticed once in 2^64.
struct Checksum {
  private var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
  private static let prime: UInt64 = 0x9e37_79b1_85eb_ca87

  /// Takes up memory whose length is a multiple of 32 bytes.
  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    var lanes = lanes
    for offset in stride(from: 0, to: bytes.count & ~31, by: 32) {
      lanes.0 = Checksum.mix(lanes.0, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      lanes.1 = Checksum.mix(lanes.1, bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
      lanes.2 = Checksum.mix(lanes.2, bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
      lanes.3 = Checksum.mix(lanes.3, bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
    }
    self.lanes = lanes
  }

  var value: UInt64 {
    Checksum.mix(Checksum.mix(Checksum.mix(lanes.0, lanes.1), lanes.2), lanes.3)
  }

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var checksum = Checksum()
    checksum.take(bytes)
    return checksum.value
  }

  static func of(_ words: [UInt64]) -> UInt64 {
    words.withUnsafeBytes { of($0) }
  }

  @inline(__always)
  private static func mix(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    let product = (lane ^ word) &* prime
    return product ^ (product >> 32)
  }
}
