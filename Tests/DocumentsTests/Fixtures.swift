import CArchive
import Documents
import FoundationEssentials
import Glibc

/// A file that is gone after the test.
final class TemporaryFile {
  let path: String

  init(_ bytes: some Sequence<UInt8>) throws {
    path = "/tmp/documents-\(UInt64.random(in: .min ... .max))"
    try Data(bytes).write(to: URL(filePath: path))
  }

  deinit { unlink(path) }
}

func parse(
  _ bytes: some Sequence<UInt8>, named name: String, mediaType: String? = nil,
  limits: DocumentLimits = .init()
) throws -> SourceText {
  let file = try TemporaryFile(bytes)
  return try FormatCatalog.standard.parse(
    fileAt: file.path, named: name, mediaType: mediaType, limits: limits)
}

func parse(_ text: String, named name: String, limits: DocumentLimits = .init()) throws -> SourceText {
  try parse(text.utf8, named: name, limits: limits)
}

extension SourceText {
  func part(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.dropFirst(range.lowerBound).prefix(range.count)))
  }
}

// MARK: ZIP

enum ZIPFixture {
  /// A deflated archive of these entries, in this order. A piece is repeated to make an entry of `count`
  /// pieces.
  static func bytes(_ entries: [(name: String, piece: [UInt8], count: Int)]) -> [UInt8] {
    let capacity = 1 << 22
    var buffer = [UInt8](repeating: 0, count: capacity)
    var used = 0
    let archive = archive_write_new()
    archive_write_set_format_zip(archive)
    archive_write_set_bytes_per_block(archive, 0)
    archive_write_open_memory(archive, &buffer, capacity, &used)
    for entry in entries {
      let header = archive_entry_new()
      archive_entry_set_pathname(header, entry.name)
      archive_entry_set_filetype(header, 0o100000)
      archive_entry_set_perm(header, 0o644)
      archive_entry_set_size(header, Int64(entry.piece.count * entry.count))
      archive_write_header(archive, header)
      for _ in 0..<entry.count { archive_write_data(archive, entry.piece, entry.piece.count) }
      archive_entry_free(header)
    }
    archive_write_close(archive)
    archive_write_free(archive)
    return Array(buffer[..<used])
  }

  static func bytes(_ entries: [(String, String)]) -> [UInt8] {
    bytes(entries.map { (name: $0.0, piece: Array($0.1.utf8), count: 1) })
  }
}

enum DOCXFixture {
  static let namespace = #"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#

  static func bytes(body: String, styles: String? = nil, extra: [(String, String)] = []) -> [UInt8] {
    let document = "<?xml version=\"1.0\"?><w:document \(namespace)><w:body>\(body)</w:body></w:document>"
    var entries = [("[Content_Types].xml", "<Types/>"), ("word/document.xml", document)]
    if let styles { entries.append(("word/styles.xml", "<w:styles \(namespace)>\(styles)</w:styles>")) }
    return ZIPFixture.bytes(entries + extra)
  }

  static func paragraph(_ text: String, properties: String = "") -> String {
    "<w:p><w:pPr>\(properties)</w:pPr><w:r><w:t xml:space=\"preserve\">\(text)</w:t></w:r></w:p>"
  }
}

// MARK: PDF

enum PDFFixture {
  /// A PDF whose pages show these lines in Helvetica, with a correct cross-reference table.
  static func bytes(pages: [[String]]) -> [UInt8] {
    var objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    let kids = pages.indices.map { "\(4 + $0 * 2) 0 R" }.joined(separator: " ")
    objects.append("<</Type/Pages/Count \(pages.count)/Kids[\(kids)]>>")
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for (index, lines) in pages.enumerated() {
      objects.append(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>"
          + "/Contents \(5 + index * 2) 0 R>>")
      let shown = lines.map { "(\($0)) Tj T*" }.joined(separator: " ")
      let content = "BT /F 12 Tf 14 TL 72 720 Td \(shown) ET"
      objects.append("<</Length \(content.utf8.count)>>stream\n\(content)\nendstream")
    }
    return file(objects)
  }

  private static func file(_ objects: [String]) -> [UInt8] {
    var text = "%PDF-1.4\n"
    var offsets: [Int] = []
    for (index, object) in objects.enumerated() {
      offsets.append(text.utf8.count)
      text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    let start = text.utf8.count
    text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for offset in offsets {
      let digits = String(offset)
      text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
    }
    text += "trailer<</Size \(objects.count + 1)/Root 1 0 R>>\nstartxref\n\(start)\n%%EOF\n"
    return Array(text.utf8)
  }
}

/// Random numbers that a printed seed brings back.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea and Flood, 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
