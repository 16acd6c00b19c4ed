import Foundation
import Testing

@testable import Backup

/// Encryption as the age format has it.
@Suite struct AgeTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "age-\(UUID().uuidString)")

  /// Sizes around the bounds of a piece.
  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
  func `what was encrypted comes back, whatever its size`(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = try encrypted(bytes)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try decrypted(path) == bytes)
  }

  @Test func `pieces that were swapped or dropped are noticed`() throws {
    let path = try encrypted([UInt8](repeating: 7, count: 200_000))
    defer { try? FileManager.default.removeItem(at: folder) }
    let whole = Array(try Data(contentsOf: URL(filePath: path)))
    let head = whole.count - (200_000 + 4 * 16)
    let piece = 65_552
    let swapped =
      whole[..<head] + whole[(head + piece)..<(head + 2 * piece)] + whole[head..<(head + piece)]
      + whole[(head + 2 * piece)...]
    let dropped = whole[..<head] + whole[(head + piece)...]
    let shortened = whole[..<(head + 2 * piece)]
    let lengthened = whole + [1]
    for changed in [Array(swapped), Array(dropped), Array(shortened), lengthened] {
      try Data(changed).write(to: URL(filePath: path))
      #expect(throws: BackupError.self) { try decrypted(path) }
    }
  }

  /// Made by age 1.1.1 of Debian 12 with the passphrase "opengpts".
  @Test func `a file that age itself made is read`() throws {
    let fixture = Data(base64Encoded: Self.madeByAge, options: .ignoreUnknownCharacters)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "fixture").path
    try #require(fixture).write(to: URL(filePath: path))
    #expect(String(decoding: try decrypted(path, passphrase: "opengpts"), as: UTF8.self) == "made by age\n")
  }

  private static let madeByAge = """
    YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBDeHNuWml2bmIwcGdVRDdoQm4vakxBIDE4CjhGcVdmRysvWFVuejdVWkJh
    SVYxN0gvei9zL2wxdjhUaVY0ZWRDbHRrTE0KLS0tIG9qRFZ5RDBoU2VPcFFINkhOWGlBKzZ1QTVlVWFQWVR1ZmlTMjNPVGZVUVEK
    v1J9Pd5ayzfyy0xRw/jAXZRO/sPwMEqSEbcdHXoNemGFW2UtMwwL0lSyCk0=
    """

  private func encrypted(_ bytes: [UInt8]) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "file").path
    let header = try AgeHeader(passphrase: "p", workFactor: 4)
    let writer = try AgeWriter(header, to: FileSink(path))
    for start in stride(from: 0, to: bytes.count, by: 50_001) {
      try writer.write(Array(bytes[start..<min(start + 50_001, bytes.count)]))
    }
    try writer.finish()
    return path
  }

  private func decrypted(_ path: String, passphrase: String = "p") throws -> [UInt8] {
    let file = try FileSource(path)
    let reader = try AgeReader(AgeHeader(reading: file, passphrase: passphrase), from: file)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 7_000)
    while true {
      let count = try piece.withUnsafeMutableBytes { try reader.read(into: $0) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }
}
