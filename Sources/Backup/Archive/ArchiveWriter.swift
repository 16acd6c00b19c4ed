import CArchive
import Crypto
import Foundation

/// Writes a tar archive (POSIX pax), compressed with Zstandard, to a sink, and notes the SHA-256 of each entry.
final class ArchiveWriter {
  private static let blockBytes = 1 << 20
  /// AE_IFREG, a macro Swift cannot see.
  private static let regularFile: UInt32 = 0o100000

  private let archive: OpaquePointer
  private let sink: any ByteSink
  private let modified = Int(Date().timeIntervalSince1970)
  /// What the sink threw, which libarchive cannot carry.
  private var failure: BackupError?
  /// Lines as `sha256sum -c` reads them.
  private(set) var sums = ""

  init(to sink: any ByteSink) throws(BackupError) {
    guard let archive = archive_write_new() else { throw .file(path: "the backup", cause: "out of memory") }
    self.archive = archive
    self.sink = sink
    archive_write_set_format_pax_restricted(archive)
    archive_write_add_filter_zstd(archive)
    // Without this the last block is filled up to the size of a tape's.
    archive_write_set_bytes_in_last_block(archive, 1)
    // SAFETY: the archive is freed in deinit, before this object goes.
    let this = Unmanaged.passUnretained(self).toOpaque()
    let opened = archive_write_open(
      archive, this, nil,
      { _, this, bytes, count in
        guard let this, let bytes else { return -1 }
        let writer = Unmanaged<ArchiveWriter>.fromOpaque(this).takeUnretainedValue()
        return writer.pass(UnsafeRawBufferPointer(start: bytes, count: count))
      }, nil)
    try check(opened)
  }

  private func pass(_ bytes: UnsafeRawBufferPointer) -> Int {
    do throws(BackupError) {
      try sink.write(bytes)
      return bytes.count
    } catch {
      failure = error
      return -1
    }
  }

  /// Adds an entry with these bytes.
  func add(_ name: String, _ bytes: [UInt8]) throws(BackupError) {
    try begin(name, sizeBytes: bytes.count)
    try append(bytes[...])
    note(name, SHA256.hash(data: bytes))
  }

  /// Adds a file that nobody changes.
  /// - Parameter onPiece: told the bytes of each piece that was written.
  /// - Returns: its SHA-256 in lower-case hex.
  @discardableResult
  func add(_ file: BackedUpFile, onPiece: (Int) throws(BackupError) -> Void) throws(BackupError) -> String {
    let source = try FileSource(file.path)
    try begin(file.name, sizeBytes: file.sizeBytes)
    var hasher = SHA256()
    var left = file.sizeBytes
    while left > 0 {
      let piece = try source.take(min(left, Self.blockBytes))
      guard !piece.isEmpty else { throw .file(path: file.path, cause: "it became shorter while it was read") }
      hasher.update(data: piece)
      try append(piece[...])
      left -= piece.count
      try onPiece(piece.count)
    }
    return note(file.name, hasher.finalize())
  }

  /// Ends archive and sink.
  func finish() throws(BackupError) {
    try check(archive_write_close(archive))
    try sink.finish()
  }

  private func begin(_ name: String, sizeBytes: Int) throws(BackupError) {
    guard let entry = archive_entry_new() else { throw .file(path: name, cause: "out of memory") }
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, name)
    archive_entry_set_size(entry, Int64(sizeBytes))
    archive_entry_set_filetype(entry, Self.regularFile)
    archive_entry_set_perm(entry, 0o600)
    archive_entry_set_mtime(entry, modified, 0)
    try check(archive_write_header(archive, entry))
  }

  private func append(_ bytes: ArraySlice<UInt8>) throws(BackupError) {
    let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    guard written == bytes.count else { throw cause }
  }

  @discardableResult
  private func note(_ name: String, _ digest: SHA256.Digest) -> String {
    let hex = digest.hex
    sums += "\(hex)  \(name)\n"
    return hex
  }

  private func check(_ result: Int32) throws(BackupError) {
    guard result == ARCHIVE_OK || result == ARCHIVE_WARN else { throw cause }
  }

  private var cause: BackupError {
    failure
      ?? .file(
        path: "the backup",
        cause: archive_error_string(archive).map { String(cString: $0) } ?? "it cannot be written")
  }

  deinit {
    archive_write_free(archive)
  }
}

extension SHA256.Digest {
  /// Lower-case hexadecimal.
  var hex: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
