import Foundation

/// A port that is taken but not listened on: connections are refused, and no other test gets it.
package final class ClosedPort {
  package let port: UInt16
  private let descriptor: Int32

  package init() throws {
    (descriptor, port) = try bindToLoopback()
  }

  deinit { close(descriptor) }
}

/// A listening socket whose queue is full, so that a further connection hangs in its handshake.
package final class FullListener {
  package let port: UInt16
  private var descriptors: [Int32] = []

  package init() throws {
    let (listener, port) = try bindToLoopback()
    self.port = port
    descriptors.append(listener)
    guard listen(listener, 0) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    for _ in 0..<4 {
      let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_NONBLOCK, 0)
      descriptors.append(caller)
      _ = withLoopback(port: port) { connect(caller, $0, $1) }
    }
  }

  deinit { descriptors.forEach { close($0) } }
}

/// A TCP socket bound to a free port of 127.0.0.1.
func bindToLoopback() throws -> (descriptor: Int32, port: UInt16) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  guard withLoopback(port: 0, { bind(descriptor, $0, $1) }).result == 0 else {
    throw POSIXError(.EADDRNOTAVAIL)
  }
  let (result, port) = withLoopback(port: 0) { address, length in
    var length = length
    return getsockname(descriptor, address, &length)
  }
  guard result == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
  return (descriptor, port)
}

/// Calls with 127.0.0.1 and a port, and gives the port that then stands there.
private func withLoopback(
  port: UInt16, _ call: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32
) -> (result: Int32, port: UInt16) {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let result = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
      call(generic, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  return (result, UInt16(bigEndian: address.sin_port))
}
