/// First bytes of well-known formats that we do not read, so that a refusal can name them.
enum Signature {
  /// Not a registered type: an OLE file that holds an encrypted office document (MS-OFFCRYPTO 2.3.1).
  static let encryptedOffice = "application/encrypted-office"

  static func mediaType(of file: DocumentFile) -> String? {
    guard let known = table.first(where: { file.head.dropFirst($0.offset).starts(with: $0.bytes) }) else {
      return nil
    }
    return known.mediaType == ole ? oleMediaType(of: file) : known.mediaType
  }

  private static let ole = "application/x-ole-storage"

  private static func oleMediaType(of file: DocumentFile) -> String {
    let bytes = (try? file.bytes()) ?? file.head
    if bytes.contains(utf16: "EncryptedPackage") { return encryptedOffice }
    if bytes.contains(utf16: "WordDocument") { return "application/msword" }
    if bytes.contains(utf16: "Workbook") { return "application/vnd.ms-excel" }
    if bytes.contains(utf16: "PowerPoint Document") { return "application/vnd.ms-powerpoint" }
    return ole
  }

  private static let table: [(offset: Int, bytes: [UInt8], mediaType: String)] = [
    (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], ole),
    (0, Array("PK\u{3}\u{4}".utf8), "application/zip"),
    (0, Array("PK\u{5}\u{6}".utf8), "application/zip"),
    (0, Array("%!PS".utf8), "application/postscript"),
    (0, [0x89] + Array("PNG".utf8), "image/png"),
    (0, [0xFF, 0xD8, 0xFF], "image/jpeg"),
    (0, Array("GIF8".utf8), "image/gif"),
    (0, [0x49, 0x49, 0x2A, 0], "image/tiff"),
    (0, [0x4D, 0x4D, 0, 0x2A], "image/tiff"),
    (8, Array("WEBP".utf8), "image/webp"),
    (8, Array("WAVE".utf8), "audio/wav"),
    (4, Array("ftyp".utf8), "video/mp4"),
    (0, Array("ID3".utf8), "audio/mpeg"),
    (0, Array("OggS".utf8), "application/ogg"),
    (0, [0x1F, 0x8B], "application/gzip"),
    (0, Array("BZh".utf8), "application/x-bzip2"),
    (0, [0xFD] + Array("7zXZ".utf8), "application/x-xz"),
    (0, [0x28, 0xB5, 0x2F, 0xFD], "application/zstd"),
    (0, Array("7z".utf8) + [0xBC, 0xAF], "application/x-7z-compressed"),
    (0, Array("Rar!".utf8), "application/vnd.rar"),
    (0, [0x7F] + Array("ELF".utf8), "application/x-executable"),
    (0, Array("SQLite format 3".utf8), "application/vnd.sqlite3"),
    (257, Array("ustar".utf8), "application/x-tar"),
  ]
}

extension [UInt8] {
  /// Whether these letters are anywhere inside, two bytes each, the low one first.
  /// - Complexity: linear in the bytes for a short text.
  fileprivate func contains(utf16 text: String) -> Bool {
    let wanted = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    guard count >= wanted.count, let first = wanted.first else { return false }
    return indices.dropLast(wanted.count - 1).contains { place in
      self[place] == first && self[place..<(place + wanted.count)].elementsEqual(wanted)
    }
  }
}
