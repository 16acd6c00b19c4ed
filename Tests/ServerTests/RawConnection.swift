import Foundation
import Synchronization

/// A TCP connection of a test's own, for what no decent client sends. Blocking, on a thread of its own.
final class RawConnection: Sendable {
  private let descriptor: Int32
  private let closed = Mutex(false)

  /// Whether the server has closed the connection, as the last read saw it.
  var isClosed: Bool { closed.withLock { $0 } }

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
    var timeout = timeval(tv_sec: 15, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if sent <= 0 { return }
      rest = rest.dropFirst(sent)
    }
  }

  /// Reads until the text has come, or the server closes.
  func read(until mark: String? = nil) async -> String {
    await withCheckedContinuation { continuation in
      Foundation.Thread.detachNewThread { [self] in
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
          let got = recv(descriptor, &buffer, buffer.count, 0)
          if got == 0 || (got < 0 && errno == ECONNRESET) { closed.withLock { $0 = true } }
          if got <= 0 { break }
          all += buffer[..<got]
          if let mark, String(decoding: all, as: UTF8.self).contains(mark) { break }
        }
        continuation.resume(returning: String(decoding: all, as: UTF8.self))
      }
    }
  }

  /// Closes at once: what the server still sends is answered with a reset.
  func hangUp() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
}

extension TestServer {
  /// Sends those bytes on a connection of its own and reads the reply to its end.
  func raw(_ request: String) async throws -> String {
    let connection = try RawConnection(port: port)
    connection.send(request)
    return await connection.read()
  }

  /// A request as text, with a body if there is one.
  static func request(_ method: String, _ path: String, _ fields: [String] = [], body: String = "") -> String
  {
    let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)", "Content-Type: application/json"]
    return (["\(method) \(path) HTTP/1.1", "Connection: close"] + fields + length).joined(separator: "\r\n")
      + "\r\n\r\n" + body
  }
}
