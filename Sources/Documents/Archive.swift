import CArchive

/// A ZIP file as office formats use it. Nothing is ever written to disk, so names and links inside do no
/// harm.
///
/// Sizes an archive declares are not believed: entries and unpacked bytes are counted while reading.
struct Archive {
  private let content: DocumentFile.Content
  let limits: DocumentLimits

  init(of file: DocumentFile, limits: DocumentLimits) {
    content = file.content
    self.limits = limits
  }

  /// The first bytes of a ZIP file with an entry in it.
  static func isZIP(_ head: [UInt8]) -> Bool { head.starts(with: Array("PK\u{3}\u{4}".utf8)) }

  /// What the archive says it is, for formats with an entry that names the type: OpenDocument (part 2, 3.3)
  /// and EPUB (OCF 4.3). It should come first, and often does not. Empty without one.
  var declaredType: String {
    let type = try? contents { $0 == "mimetype" }["mimetype"]
    return String(decoding: type?.prefix(100) ?? [], as: UTF8.self).trimmingSpaces()
  }

  /// Whether there is an entry of this name. False for an archive that cannot be read that far.
  func contains(_ name: String) -> Bool {
    var found = false
    try? walk { entry, _ throws(DocumentError) in
      found = found || entry == name
      return !found
    }
    return found
  }

  /// The unpacked content of the entries that are there and wanted, by name.
  /// - Throws: `encrypted`, `malformed`, `tooLarge` for `archiveEntries` and `unpackedBytes`.
  func contents(where isWanted: (String) -> Bool) throws(DocumentError) -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    var left = limits.unpackedBytes
    try walk { name, archive throws(DocumentError) in
      guard contents[name] == nil, isWanted(name) else { return true }
      contents[name] = try unpack(archive, left: &left)
      return true
    }
    return contents
  }

  /// The names of the files inside, in their order.
  /// - Throws: `encrypted`, `malformed`, `tooLarge` for `archiveEntries`.
  func names() throws(DocumentError) -> [String] {
    var names: [String] = []
    try walk { name, _ throws(DocumentError) in
      if !name.hasSuffix("/") { names.append(name) }
      return true
    }
    return names
  }

  /// Calls `visit` with each wanted entry's content, one at a time, so that the memory of one is enough.
  /// - Throws: `encrypted`, `malformed`, `tooLarge` for `archiveEntries` and `unpackedBytes`, or what `visit` does.
  func eachEntry(
    where isWanted: (String) -> Bool, _ visit: (String, [UInt8]) throws(DocumentError) -> Void
  ) throws(DocumentError) {
    var left = limits.unpackedBytes
    try walk { name, archive throws(DocumentError) in
      guard isWanted(name) else { return true }
      try visit(name, try unpack(archive, left: &left))
      return true
    }
  }

  /// Calls `visit` for each entry until it says to stop.
  private func walk(
    _ visit: (String, OpaquePointer) throws(DocumentError) -> Bool
  ) throws(DocumentError) {
    guard let archive = archive_read_new() else { throw .unreadable(why: "out of memory") }
    defer { archive_read_free(archive) }
    archive_read_support_format_zip(archive)
    try content.withOpened(archive) { () throws(DocumentError) in try walk(opened: archive, visit) }
  }

  private func walk(
    opened archive: OpaquePointer, _ visit: (String, OpaquePointer) throws(DocumentError) -> Bool
  ) throws(DocumentError) {
    var entry: OpaquePointer?
    for _ in 0..<limits.archiveEntries {
      let outcome = archive_read_next_header(archive, &entry)
      if outcome == ARCHIVE_EOF { return }
      guard outcome == ARCHIVE_OK || outcome == ARCHIVE_WARN, let entry else { throw failure(of: archive) }
      if archive_entry_is_encrypted(entry) != 0 { throw .encrypted }
      guard let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) else { continue }
      guard try visit(String(cString: name), archive) else { return }
    }
    throw .tooLarge(.archiveEntries, limit: limits.archiveEntries)
  }

  private func unpack(_ archive: OpaquePointer, left: inout Int) throws(DocumentError) -> [UInt8] {
    var content: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = archive_read_data(archive, &piece, piece.count)
      if count == 0 { return content }
      guard count > 0 else { throw failure(of: archive) }
      left -= count
      guard left >= 0 else { throw .tooLarge(.unpackedBytes, limit: limits.unpackedBytes) }
      content.append(contentsOf: piece[..<count])
    }
  }

  private func failure(of archive: OpaquePointer) -> DocumentError {
    .ofArchive(archive)
  }
}

extension DocumentError {
  fileprivate static func ofArchive(_ archive: OpaquePointer) -> DocumentError {
    let why = archive_error_string(archive).map { String(cString: $0).lowercased().collapsingSpaces() }
    return .malformed(why: why ?? "its archive cannot be read")
  }
}

extension DocumentFile.Content {
  /// Opens the archive on this content, which stays where it is until `body` returns.
  fileprivate func withOpened(
    _ archive: OpaquePointer, _ body: () throws(DocumentError) -> Void
  ) throws(DocumentError) {
    switch self {
    case .file(let path):
      guard archive_read_open_filename(archive, path, 65_536) == ARCHIVE_OK else { throw .ofArchive(archive) }
      try body()
    case .memory(let bytes):
      let result = bytes.withUnsafeBytes { bytes in
        Result { () throws(DocumentError) in
          guard archive_read_open_memory(archive, bytes.baseAddress, bytes.count) == ARCHIVE_OK else {
            throw .ofArchive(archive)
          }
          try body()
        }
      }
      try result.get()
    }
  }
}
