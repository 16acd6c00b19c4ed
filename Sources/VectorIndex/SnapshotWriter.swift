import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes the rows and the graph into a file, so that whatever happens there is the old file or the new
/// one, never a part: written aside, flushed to the disk, renamed, and the directory flushed too.
struct SnapshotWriter {
  let header: Snapshot.Header
  private let view: View

  init(_ rows: Rows, lastChange: Int64) {
    view = rows.view
    var header = Snapshot.Header(
      dimensions: rows.dimensions, metric: rows.metric, parameters: rows.parameters,
      lastChange: lastChange, rowCount: view.rowCount, liveCount: view.liveCount)
    header.parameters.threadCount = VectorIndex.Parameters().threadCount
    if let graph = view.graph, let entry = graph.entry {
      header.hasGraph = true
      header.upperListCount = graph.upperListCount
      header.entryRow = entry.row
      header.entryLevel = entry.level
      header.scale = graph.codes.scale
      header.kind = graph.codes.kind
    }
    self.header = header
  }

  func write(to path: String) throws(IndexError) {
    let aside = path + ".part"
    let file = open(aside, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .file(operation: "create", code: errno) }
    do throws(IndexError) {
      try writeAll(to: file)
      guard fsync(file) == 0 else { throw .file(operation: "flush", code: errno) }
    } catch {
      close(file)
      unlink(aside)
      throw error
    }
    close(file)
    guard rename(aside, path) == 0 else { throw .file(operation: "rename", code: errno) }
    try flushDirectory(of: path)
  }

  private func writeAll(to file: Int32) throws(IndexError) {
    var checksums: [UInt64] = []
    guard lseek(file, off_t(Snapshot.pageSize), SEEK_SET) >= 0 else {
      throw .file(operation: "seek", code: errno)
    }
    for section in Snapshot.Section.allCases {
      var output = PagedOutput(file: file)
      if header.byteCount(section) > 0 { write(section, to: &output) }
      checksums.append(try output.finish())
    }
    guard lseek(file, 0, SEEK_SET) >= 0 else { throw .file(operation: "seek", code: errno) }
    var output = PagedOutput(file: file)
    header.words(checksums: checksums).withUnsafeBytes { output.append($0) }
    _ = try output.finish()
  }

  private func write(_ section: Snapshot.Section, to output: inout PagedOutput) {
    switch section {
    case .ids: append({ $0.ids }, bytesPerRow: 8, to: &output)
    case .alive: append({ $0.alive }, bytesPerRow: 1, to: &output)
    case .vectors: append({ $0.vectors }, bytesPerRow: header.dimensions * 4, to: &output)
    case .codes: append(view.graph?.codes.base, section, to: &output)
    case .halfSquares: append(view.graph?.codes.halfSquares, section, to: &output)
    case .ground: append(view.graph?.ground, section, to: &output)
    case .towers: append(view.graph?.towers, section, to: &output)
    case .twins: append(view.graph?.twins, section, to: &output)
    case .levels: append(view.graph?.levels, section, to: &output)
    case .upper: append(view.graph?.upper, section, to: &output)
    }
  }

  private func append<T: ~Copyable>(
    _ column: (Block) -> UnsafeMutablePointer<T>, bytesPerRow: Int, to output: inout PagedOutput
  ) {
    for (number, block) in view.blocks.enumerated() {
      let count = min(Block.rowCount, view.rowCount - number * Block.rowCount)
      output.append(UnsafeRawBufferPointer(start: column(block), count: count * bytesPerRow))
    }
  }

  private func append(
    _ base: UnsafeRawPointer?, _ section: Snapshot.Section, to output: inout PagedOutput
  ) {
    output.append(UnsafeRawBufferPointer(start: base, count: base == nil ? 0 : header.byteCount(section)))
  }

  private func flushDirectory(of path: String) throws(IndexError) {
    let end = path.lastIndex(of: "/")
    let directory = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let file = open(directory, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .file(operation: "open directory", code: errno) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw .file(operation: "flush directory", code: errno) }
  }
}

/// Writes a section in large pieces, and zeros up to the end of the last page, while taking its checksum.
private struct PagedOutput {
  let file: Int32
  private var checksum = Checksum()
  private var buffer: [UInt8] = []
  private var failure: IndexError?
  private static let pieceSize = 1 << 20

  init(file: Int32) {
    self.file = file
    buffer.reserveCapacity(PagedOutput.pieceSize)
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes
    while !rest.isEmpty {
      let count = min(rest.count, PagedOutput.pieceSize - buffer.count)
      buffer.append(contentsOf: rest.prefix(count))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      if buffer.count == PagedOutput.pieceSize { flush() }
    }
  }

  /// The checksum of all that was written; the first failure there was on the way is thrown here.
  mutating func finish() throws(IndexError) -> UInt64 {
    let excess = buffer.count % Snapshot.pageSize
    if excess > 0 { buffer.append(contentsOf: repeatElement(0, count: Snapshot.pageSize - excess)) }
    flush()
    if let failure { throw failure }
    return checksum.value
  }

  private mutating func flush() {
    buffer.withUnsafeBytes { bytes in
      checksum.take(bytes)
      var rest = bytes
      while !rest.isEmpty, failure == nil {
        let count = write(file, rest.baseAddress, rest.count)
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        } else if errno != EINTR {
          failure = .file(operation: "write", code: errno)
        }
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
