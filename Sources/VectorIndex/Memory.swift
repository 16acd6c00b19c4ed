#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A stretch of zeroed memory, page aligned, that takes up room only where it has been written to.
final class Memory: @unchecked Sendable {
  // SAFETY: only the address is shared; what lies there is guarded by whoever binds it.
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Stops the program when the address space is used up: there is no way on without memory.
  init(byteCount: Int) {
    let flags = MAP_PRIVATE | MAP_ANON
    guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED else {
      fatalError("out of memory: \(byteCount) bytes for vectors")
    }
    self.base = base
    self.byteCount = byteCount
  }

  deinit {
    munmap(base, byteCount)
  }
}
