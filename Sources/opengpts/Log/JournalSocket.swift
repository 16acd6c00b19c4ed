import Foundation

/// The journal's socket for records with fields. Never blocks: a record the journal does not take is counted as lost on
/// standard error, where the journal finds that line.
final class JournalSocket: Sendable {
  private static let path = "/run/systemd/journal/socket"
  private let descriptor: Int32

  /// Nil where there is no journal.
  init?() {
    descriptor = socket(
      AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(Self.path.utf8)) }
    let connected = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      return nil
    }
  }

  /// Whether standard error is the journal's, as systemd says in `JOURNAL_STREAM`.
  static func isStandardError(_ environment: [String: String]) -> Bool {
    var status = stat()
    guard let stream = environment["JOURNAL_STREAM"], fstat(STDERR_FILENO, &status) == 0 else { return false }
    return stream == "\(status.st_dev):\(status.st_ino)"
  }

  func send(_ fields: Data) {
    let sent = fields.withUnsafeBytes {
      Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if sent != fields.count {
      FileHandle.standardError.write(
        Data("a message of \(fields.count) bytes was not taken by the journal\n".utf8))
    }
  }

  deinit {
    close(descriptor)
  }
}
