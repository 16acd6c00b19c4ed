import Crypto
import Foundation

/// The body of an age file: pieces of 64 KiB, each sealed under a number of its own, the last one marked, so that
/// none can be changed, moved, dropped or cut off unseen (the STREAM construction, as age has it).
enum AgeChunks {
  static let plainBytes = 64 << 10
  static let tagBytes = 16
  static let nonceBytes = 16

  /// Eleven bytes of number, one that says whether it is the last.
  static func nonce(_ number: UInt64, isLast: Bool) throws(BackupError) -> ChaChaPoly.Nonce {
    var bytes = [UInt8](repeating: 0, count: 12)
    for place in 0..<8 { bytes[10 - place] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(place))) }
    bytes[11] = isLast ? 1 : 0
    guard let nonce = try? ChaChaPoly.Nonce(data: bytes) else { throw .damaged("a number is too large") }
    return nonce
  }
}

/// Encrypts what it is given, on its way to another sink.
final class AgeWriter: ByteSink {
  private let sink: any ByteSink
  private let key: SymmetricKey
  private var pending: [UInt8] = []
  private var number: UInt64 = 0

  init(_ header: AgeHeader, to sink: any ByteSink) throws(BackupError) {
    self.sink = sink
    let nonce = SymmetricKey(size: SymmetricKeySize(bitCount: 8 * AgeChunks.nonceBytes)).data
    key = header.payloadKey(nonce: nonce)
    pending.reserveCapacity(2 * AgeChunks.plainBytes)
    try sink.write(Array(header.text.utf8) + nonce)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(BackupError) {
    pending.append(contentsOf: bytes)
    // The last piece may be full, but not empty: one is held back until it is known whether more comes.
    var start = 0
    while pending.count - start > AgeChunks.plainBytes {
      try seal(pending[start..<start + AgeChunks.plainBytes], isLast: false)
      start += AgeChunks.plainBytes
    }
    pending.removeFirst(start)
  }

  func finish() throws(BackupError) {
    try seal(pending[...], isLast: true)
    try sink.finish()
  }

  private func seal(_ piece: ArraySlice<UInt8>, isLast: Bool) throws(BackupError) {
    let nonce = try AgeChunks.nonce(number, isLast: isLast)
    guard let box = try? ChaChaPoly.seal(piece, using: key, nonce: nonce) else {
      throw .damaged("a piece cannot be encrypted")
    }
    number += 1
    try sink.write(Array(box.ciphertext + box.tag))
  }
}

/// Decrypts what another source gives.
final class AgeReader: ByteSource {
  private static let sealedBytes = AgeChunks.plainBytes + AgeChunks.tagBytes
  private let source: FileSource
  private let key: SymmetricKey
  private var plain: ArraySlice<UInt8> = []
  private var number: UInt64 = 0
  private var isAtEnd = false

  /// - Parameter source: after the head.
  init(_ header: AgeHeader, from source: FileSource) throws(BackupError) {
    self.source = source
    let nonce = try source.take(AgeChunks.nonceBytes)
    guard nonce.count == AgeChunks.nonceBytes else { throw .damaged("it ends after its head") }
    key = header.payloadKey(nonce: Data(nonce))
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(BackupError) -> Int {
    while plain.isEmpty, !isAtEnd { try open() }
    let count = min(plain.count, buffer.count)
    buffer.copyBytes(from: plain.prefix(count))
    plain = plain.dropFirst(count)
    return count
  }

  private func open() throws(BackupError) {
    let sealed = try source.take(Self.sealedBytes)
    let next = try source.peek(1)
    isAtEnd = sealed.count < Self.sealedBytes || next.isEmpty
    guard sealed.count > AgeChunks.tagBytes || (number == 0 && sealed.count == AgeChunks.tagBytes) else {
      throw .damaged("its end is missing")
    }
    let nonce = Data(try AgeChunks.nonce(number, isLast: isAtEnd))
    guard let box = try? ChaChaPoly.SealedBox(combined: nonce + sealed),
      let opened = try? ChaChaPoly.open(box, using: key)
    else { throw .damaged("bytes after \(Int(number) * AgeChunks.plainBytes) were changed or cut off") }
    plain = ArraySlice([UInt8](opened))
    number += 1
  }
}

extension ByteSink {
  func write(_ bytes: [UInt8]) throws(BackupError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(BackupError) in try write(bytes) }
    }
    try result.get()
  }
}

extension FileSource {
  /// The next bytes, fewer only at the end.
  func take(_ count: Int) throws(BackupError) -> [UInt8] {
    let bytes = Array(try peek(count))
    drop(bytes.count)
    return bytes
  }
}
