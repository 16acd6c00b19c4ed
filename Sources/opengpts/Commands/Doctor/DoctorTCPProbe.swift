import Foundation

/// Knocks at a TCP port with the plain socket calls, and waits for nothing longer than a person would.
enum TCPProbe {
  /// Milliseconds for the connection, and again for the reply.
  private static let waitMilliseconds: Int32 = 3_000
  /// Bytes of a reply that are looked at.
  private static let replyBytes = 4_096

  struct Failure: Error, CustomStringConvertible {
    let description: String
    let code: Int32

    var isRefusal: Bool { code == ECONNREFUSED }
  }

  /// Connects, sends `question` if there is one, and returns the start of the reply.
  static func ask(host: String, port: Int, _ question: String?) -> Result<String, Failure> {
    var failure = Failure(description: "the name has no address", code: 0)
    var list: UnsafeMutablePointer<addrinfo>?
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    let found = getaddrinfo(host, String(port), &hints, &list)
    guard found == 0 else {
      return .failure(Failure(description: String(cString: gai_strerror(found)), code: 0))
    }
    defer { freeaddrinfo(list) }
    var next = list
    while let address = next?.pointee {
      switch ask(address, question) {
      case .success(let reply): return .success(reply)
      case .failure(let cause): failure = cause
      }
      next = address.ai_next
    }
    return .failure(failure)
  }

  private static func ask(_ address: addrinfo, _ question: String?) -> Result<String, Failure> {
    let kind = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.ai_family, kind, address.ai_protocol)
    guard descriptor >= 0 else { return .failure(failed(errno)) }
    defer { close(descriptor) }
    if connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
      guard errno == EINPROGRESS else { return .failure(failed(errno)) }
      guard wait(descriptor, for: POLLOUT) else { return .failure(failed(ETIMEDOUT)) }
      var code: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
      guard code == 0 else { return .failure(failed(code)) }
    }
    return .success(question.map { converse(descriptor, $0) } ?? "")
  }

  private static func converse(_ descriptor: Int32, _ question: String) -> String {
    let bytes = Array(question.utf8)
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return "" }
    var reply: [UInt8] = []
    var block = [UInt8](repeating: 0, count: replyBytes)
    while reply.count < replyBytes, wait(descriptor, for: POLLIN) {
      let count = recv(descriptor, &block, block.count, 0)
      guard count > 0 else { break }
      reply.append(contentsOf: block[..<count])
    }
    return String(decoding: reply, as: UTF8.self)
  }

  private static func wait(_ descriptor: Int32, for event: Int32) -> Bool {
    var poll = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    return Glibc.poll(&poll, 1, waitMilliseconds) == 1
  }

  private static func failed(_ code: Int32) -> Failure {
    Failure(description: String(cString: strerror(code)), code: code)
  }
}
