import CArchive
import Crypto
import Foundation

/// Reads what `ArchiveWriter` wrote, entry by entry, and holds each against its SHA-256 when the list of them comes,
/// at the end: an archive without that list was cut off.
final class ArchiveReader {
  /// The list's name.
  static let sumsName = "SHA256SUMS"
  private static let blockBytes = 1 << 20
  /// Bytes of the list: 100 for each of a million entries.
  private static let sumsBytes = 100 << 20

  private let archive: OpaquePointer
  private let source: any ByteSource
  private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
  private var failure: BackupError?
  private var found: [String: String] = [:]
  private(set) var isWhole = false

  init(from source: any ByteSource) throws(BackupError) {
    guard let archive = archive_read_new() else { throw .file(path: "the backup", cause: "out of memory") }
    self.archive = archive
    self.source = source
    archive_read_support_filter_zstd(archive)
    archive_read_support_format_tar(archive)
    // SAFETY: the archive is freed in deinit, before this object and its block go.
    let this = Unmanaged.passUnretained(self).toOpaque()
    let opened = archive_read_open(
      archive, this, nil,
      { _, this, start in
        guard let this else { return -1 }
        let reader = Unmanaged<ArchiveReader>.fromOpaque(this).takeUnretainedValue()
        start?.pointee = UnsafeRawPointer(reader.block.baseAddress)
        return reader.fill()
      }, nil)
    guard opened == ARCHIVE_OK else { throw failure ?? .notABackup(why: reason) }
  }

  private func fill() -> Int {
    do throws(BackupError) {
      return try source.read(into: block)
    } catch {
      failure = error
      return -1
    }
  }

  /// Goes to the next entry; nil after the last.
  /// - Throws: `.damaged` at the end when an entry is not what was written, is missing, or the list is.
  func next() throws(BackupError) -> String? {
    var entry: OpaquePointer?
    let result = archive_read_next_header(archive, &entry)
    if result == ARCHIVE_EOF {
      guard isWhole else { throw .damaged("its end is missing") }
      return nil
    }
    guard result == ARCHIVE_OK || result == ARCHIVE_WARN, archive_entry_filetype(entry) == S_IFREG,
      let name = archive_entry_pathname(entry).map({ String(cString: $0) })
    else { throw cause }
    guard name == Self.sumsName else { return name }
    try compare(with: String(decoding: bytes(limit: Self.sumsBytes), as: UTF8.self))
    isWhole = true
    return try next()
  }

  /// Hands on the bytes of the entry `next` went to, piece by piece, and notes their hash.
  /// - Returns: it, in lower-case hex.
  @discardableResult
  func read(_ name: String, _ take: (UnsafeRawBufferPointer) throws(BackupError) -> Void) throws(BackupError)
    -> String
  {
    var hasher = SHA256()
    try eachPiece { piece throws(BackupError) in
      hasher.update(bufferPointer: piece)
      try take(piece)
    }
    let digest = hasher.finalize().hex
    found[name] = digest
    return digest
  }

  /// The bytes of a small entry.
  func bytes(_ name: String, limit: Int) throws(BackupError) -> [UInt8] {
    let bytes = try bytes(limit: limit)
    found[name] = SHA256.hash(data: bytes).hex
    return bytes
  }

  private func bytes(limit: Int) throws(BackupError) -> [UInt8] {
    var bytes: [UInt8] = []
    try eachPiece { piece throws(BackupError) in
      guard bytes.count + piece.count <= limit else { throw .damaged("an entry is too large") }
      bytes.append(contentsOf: piece)
    }
    return bytes
  }

  private func eachPiece(_ take: (UnsafeRawBufferPointer) throws(BackupError) -> Void) throws(BackupError) {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockBytes, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let count = archive_read_data(archive, piece.baseAddress, piece.count)
      if count == 0 { return }
      guard count > 0 else { throw cause }
      try take(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }

  private func compare(with sums: String) throws(BackupError) {
    var expected: [String: String] = [:]
    for line in sums.split(separator: "\n") {
      expected[String(line.dropFirst(66))] = String(line.prefix(64))
    }
    let wrong = Set(expected.keys).union(found.keys).filter { expected[$0] != found[$0] }.sorted()
    guard let first = wrong.first else { return }
    throw .damaged("\(first) is not as it was\(wrong.count > 1 ? ", nor are \(wrong.count - 1) others" : "")")
  }

  private var reason: String {
    archive_error_string(archive).map { String(cString: $0).lowercased() } ?? "it cannot be read"
  }

  private var cause: BackupError { failure ?? .damaged(reason) }

  deinit {
    archive_read_free(archive)
    block.deallocate()
  }
}
