/// Reads the documents inside an archive or a mail, one after the other, and remembers which could not be read
/// and why: one bad part spoils no other.
struct PartReader {
  private let limits: DocumentLimits
  private(set) var readCount = 0
  private(set) var unread: [(name: String, error: DocumentError)] = []
  private var bytesLeft: Int

  init(limits: DocumentLimits) {
    self.limits = limits
    bytesLeft = limits.unpackedBytes
  }

  /// Adds what a part says under a heading with its name.
  /// - Throws: only what ends the whole: too much text, too many parts.
  mutating func read(
    _ bytes: [UInt8], named name: String, mediaType: String? = nil, into builder: inout TextBuilder
  ) throws(DocumentError) {
    guard readCount + unread.count < limits.parts else { throw .tooLarge(.parts, limit: limits.parts) }
    let source: SourceText
    do {
      source = try text(of: bytes, named: name, mediaType: mediaType)
    } catch .tooLarge(.textBytes, let limit) {
      throw .tooLarge(.textBytes, limit: limit)
    } catch .tooLarge(.nesting, let limit) {
      throw .tooLarge(.nesting, limit: limit)
    } catch {
      unread.append((name, error))
      return
    }
    readCount += 1
    try builder.part(source, named: name, level: 1)
  }

  private mutating func text(
    of bytes: [UInt8], named name: String, mediaType: String?
  ) throws(DocumentError) -> SourceText {
    guard limits.nesting > 0 else { throw .tooLarge(.nesting, limit: DocumentLimits().nesting) }
    guard bytes.count <= bytesLeft else { throw .tooLarge(.unpackedBytes, limit: limits.unpackedBytes) }
    bytesLeft -= bytes.count
    var inside = limits
    inside.nesting -= 1
    inside.unpackedBytes = bytesLeft
    let base = name.split(separator: "/").last.map(String.init) ?? name
    return try FormatCatalog.standard.parse(
      try DocumentFile(bytes: bytes, name: base, mediaType: mediaType), limits: inside)
  }

  /// Says at the end which parts are missing, and why.
  func listUnread(in builder: inout TextBuilder) throws(DocumentError) {
    guard !unread.isEmpty else { return }
    try builder.heading("Not read", level: 1)
    for (name, error) in unread { try builder.listItem("\(name): \(error)", depth: 0) }
  }
}
