import Foundation

/// A regular file mapped read-only: pages come in when touched and can leave again under memory pressure.
///
/// Replace such a file by renaming a new one over it; writing into it, or cutting it short, while it is
/// mapped pulls the pages from under the reader, which no reader can answer with an error.
final class MappedFile: @unchecked Sendable {
  // SAFETY: the mapping is read-only, never changes after init, and is unmapped only by deinit.
  let bytes: UnsafeRawBufferPointer
  let path: String

  init(path: String, maximumBytes: Int) throws(EmbeddingError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.refusal(path: path, code: errno) }
    defer { close(descriptor) }

    let byteCount = try Self.byteCount(of: descriptor, path: path)
    guard byteCount > 0 else { throw .damaged(path: path, reason: "the file is empty") }
    guard byteCount <= maximumBytes else {
      throw .unsupported(path: path, reason: "\(byteCount) bytes are more than the \(maximumBytes) expected")
    }
    let mapping = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let mapping, mapping != MAP_FAILED else { throw Self.refusal(path: path, code: errno) }
    self.bytes = UnsafeRawBufferPointer(start: mapping, count: byteCount)
    self.path = path
  }

  /// Gives back the pages read so far; a later read brings them in again.
  func leaveMemory() {
    madvise(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, MADV_DONTNEED)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  private static func byteCount(of descriptor: Int32, path: String) throws(EmbeddingError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw refusal(path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "not a regular file")
    }
    return Int(status.st_size)
  }

  private static func refusal(path: String, code: Int32) -> EmbeddingError {
    if code == ENOENT || code == ENOTDIR { return .notInstalled(path: path) }
    return .unreadable(path: path, reason: String(cString: strerror(code)))
  }
}
