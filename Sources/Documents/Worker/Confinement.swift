import Glibc

/// What a parser process cannot do, found out by trying in one.
package struct Confinement: Sendable, Equatable, Codable {
  /// No socket of any kind.
  package var hasNoNetwork: Bool
  /// No signal to another process, the server included.
  package var sendsNoSignals: Bool
  /// Nothing but programs, libraries and the document. Needs Landlock (Linux 5.13).
  package var readsNoOtherFiles: Bool
  /// Not even an empty file. Needs Landlock; without it, no byte can be written all the same.
  package var createsNoFiles: Bool
  package var hasBoundedMemory: Bool

  /// Tries, in this process.
  static func probe() -> Confinement {
    Confinement(
      hasNoNetwork: isRefused(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)),
      sendsNoSignals: kill(getppid(), 0) != 0,
      readsNoOtherFiles: isRefused(open("/etc/passwd", O_RDONLY | O_CLOEXEC)),
      createsNoFiles: createsNoFiles(at: "/tmp/opengpts-probe-\(getpid())"),
      hasBoundedMemory: hasBoundedMemory())
  }

  private static func isRefused(_ descriptor: Int32) -> Bool {
    if descriptor >= 0 { close(descriptor) }
    return descriptor < 0
  }

  private static func createsNoFiles(at path: String) -> Bool {
    defer { unlink(path) }
    return isRefused(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
  }

  private static func hasBoundedMemory() -> Bool {
    let wanted = 16 << 30
    guard let memory = mmap(nil, wanted, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), memory != MAP_FAILED
    else { return true }
    munmap(memory, wanted)
    return false
  }
}
