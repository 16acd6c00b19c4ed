import Conversation
import Documents
import Foundation
import Synchronization
import Transport

@testable import Engine

/// A web site on 127.0.0.1 that answers as a test says; one connection a request.
final class ScriptedSite: Sendable {
  struct Request: Sendable {
    let method: String
    /// Path and query as they were sent.
    let target: String
    let headers: [String: String]
    let body: String

    /// A value of the query or the form, decoded.
    func value(_ name: String) -> String? {
      let form = headers["content-type"] == "application/x-www-form-urlencoded"
      return URLComponents(string: form ? "/?\(body)" : target)?.queryItems?.first { $0.name == name }?.value
    }
  }

  struct Reply: Sendable {
    var status = 200
    var type = "application/json"
    var headers: [String] = []
    var body = ""
  }

  let address: String
  private let descriptor: Int32
  private let script: @Sendable (Request) -> Reply
  private let seen = Mutex<[Request]>([])
  var requests: [Request] { seen.withLock { $0 } }

  init(_ script: @escaping @Sendable (Request) -> Reply) throws {
    self.script = script
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = descriptor
    let isBound = withUnsafeMutablePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && listen(socket, 64) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
    address = "http://127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
    Foundation.Thread.detachNewThread { [weak self] in
      while case let peer = accept(socket, nil, nil), peer >= 0 {
        guard let self else { break }
        Foundation.Thread.detachNewThread { self.serve(peer) }
      }
      close(socket)
    }
  }

  deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

  private func serve(_ peer: Int32) {
    defer { close(peer) }
    guard let request = Self.read(peer) else { return }
    seen.withLock { $0.append(request) }
    let reply = script(request)
    let head = ["HTTP/1.1 \(reply.status) Status", "Content-Type: \(reply.type)", "Connection: close"]
    let length = ["Content-Length: \(reply.body.utf8.count)"]
    let text = (head + length + reply.headers).joined(separator: "\r\n") + "\r\n\r\n" + reply.body
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }

  private static func read(_ peer: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(peer, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
      let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
      let fields = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
      let headers = fields.reduce(into: [String: String]()) { all, field in
        all[field[0].lowercased()] = field.count > 1 ? field[1].trimmingCharacters(in: .whitespaces) : ""
      }
      guard bytes.count - end.upperBound >= Int(headers["content-length"] ?? "") ?? 0 else { continue }
      let start = lines[0].split(separator: " ").map(String.init)
      let body = String(decoding: bytes[end.upperBound...], as: UTF8.self)
      return Request(method: start[0], target: start[1], headers: headers, body: body)
    }
  }
}
