import CArchive
import Foundation

/// An archive that somewhere inside holds the model's files: a wheel, a ZIP or a tar, gzipped or not.
enum ModelArchive {
  /// Entries looked at; a wheel of a model has about twenty.
  private static let maxEntries = 10_000
  private static let blockBytes = 1 << 20

  /// Writes the wanted files of the archive, found by their names in whatever directory, into `directory`.
  static func extract(
    _ wanted: [EmbeddingModelFiles.File], from path: String, into directory: String
  ) throws(ModelInstallError) {
    guard let archive = archive_read_new() else { throw .notAnArchive("out of memory") }
    defer { archive_read_free(archive) }
    archive_read_support_format_zip(archive)
    archive_read_support_format_tar(archive)
    archive_read_support_filter_gzip(archive)
    guard archive_read_open_filename(archive, path, blockBytes) == ARCHIVE_OK else { throw failure(archive) }
    var found: Set<String> = []
    for _ in 0..<maxEntries {
      guard let file = try nextFile(archive, wanted) else { return }
      guard let file = file.wanted else { continue }
      guard found.insert(file.name).inserted else { throw .ambiguous(file: file.name) }
      try copy(archive, file, to: "\(directory)/\(file.name)")
    }
    throw .notAnArchive("more than \(maxEntries) entries")
  }

  /// Goes to the next entry; nil at the end. Its file is nil when the entry is not wanted.
  private static func nextFile(
    _ archive: OpaquePointer, _ wanted: [EmbeddingModelFiles.File]
  ) throws(ModelInstallError) -> (wanted: EmbeddingModelFiles.File?, Void)? {
    var entry: OpaquePointer?
    let result = archive_read_next_header(archive, &entry)
    if result == ARCHIVE_EOF { return nil }
    guard result == ARCHIVE_OK || result == ARCHIVE_WARN else { throw failure(archive) }
    guard archive_entry_filetype(entry) == S_IFREG, let name = archive_entry_pathname(entry) else {
      return (nil, ())
    }
    let last = String(cString: name).split(separator: "/").last
    return (wanted.first { $0.name == last.map(String.init) }, ())
  }

  private static func copy(
    _ archive: OpaquePointer, _ file: EmbeddingModelFiles.File, to path: String
  ) throws(ModelInstallError) {
    let output = try OutputFile(path, maxBytes: file.maxBytes)
    var block = [UInt8](repeating: 0, count: blockBytes)
    while true {
      let count = archive_read_data(archive, &block, block.count)
      if count == 0 { return try output.finish() }
      guard count > 0 else { throw failure(archive) }
      try output.write(block[..<count])
    }
  }

  private static func failure(_ archive: OpaquePointer) -> ModelInstallError {
    .notAnArchive(archive_error_string(archive).map { String(cString: $0) } ?? "unreadable")
  }
}
