import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A stretch of memory, page aligned, that takes up room only where it has been touched: zeros, or a file.
final class Memory: @unchecked Sendable {
  // SAFETY: only the address is shared; what lies there is guarded by whoever binds it.
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Zeros.
  /// - Throws: when the system has no address space left, or may give this process no more.
  init(byteCount: Int) throws(IndexError) {
    let flags = MAP_PRIVATE | MAP_ANON
    guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED
    else { throw .file(operation: "reserve memory", code: errno) }
    self.base = base
    self.byteCount = byteCount
  }

  /// A whole file, read as it is touched. What is written to it stays in this process.
  ///
  /// The file may be deleted or replaced by another while it is mapped, but must not be shortened.
  init(mapping path: String) throws(IndexError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .file(operation: "open", code: errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .file(operation: "stat", code: errno) }
    let byteCount = Int(status.st_size)
    guard byteCount > 0 else { throw .damaged("the file is empty") }
    guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0), base != MAP_FAILED
    else { throw .file(operation: "map", code: errno) }
    self.base = base
    self.byteCount = byteCount
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: byteCount) }

  enum Access {
    case inOrder, byChance
  }

  /// Tells the system whether to read ahead here. The range must start on a page.
  func willBeRead(_ access: Access, _ range: Range<Int>) {
    madvise(base + range.lowerBound, range.count, access == .inOrder ? MADV_SEQUENTIAL : MADV_RANDOM)
  }

  /// Has what lies here written nowhere and read again when it is touched next: for pages of a file that were
  /// never written to. What others have mapped stays in memory. The range must start on a page.
  func letGo(of range: Range<Int>) {
    #if os(Linux)
      madvise(base + range.lowerBound, range.count, MADV_PAGEOUT)
    #endif
  }

  /// Behind whoever lets go last: often a search, which would wait for milliseconds where the system is busy with
  /// the same address space.
  deinit {
    // SAFETY: nobody else has the address any more.
    nonisolated(unsafe) let base = base
    Memory.unmapping.async { [byteCount] in munmap(base, byteCount) }
  }

  private static let unmapping = DispatchQueue(label: "unmapping", qos: .utility)
}
