import Foundation
import Synchronization

/// A scripted HTTP/1.1 server on 127.0.0.1: raw sockets, one thread a connection. The script is called for
/// each request and answers with raw bytes; returning ends the connection unless it says keep.
package final class LoopbackServer: Sendable {
  package enum After { case keep, close }
  package typealias Script = @Sendable (Peer, ReceivedRequest) -> After

  package let port: UInt16
  private let listener: Int32
  private let script: Script
  private let counts = Mutex((connections: 0, closedByPeer: 0))
  private let received = Mutex<[ReceivedRequest]>([])

  package init(_ script: @escaping Script) throws {
    self.script = script
    let (descriptor, port) = try bindToLoopback()
    self.port = port
    listener = descriptor
    guard listen(descriptor, 256) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    Thread.detachNewThread { [weak self] in
      while case let accepted = accept(descriptor, nil, nil), accepted >= 0 {
        guard let self else {
          close(accepted)
          break
        }
        self.serve(Peer(accepted))
      }
      close(descriptor)
    }
  }

  /// Only wakes the accepting thread, which closes: a number closed here could be another server's by then.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  package func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }
  package var connections: Int { counts.withLock { $0.connections } }
  /// Connections the client closed while a script waited for that.
  package var closedByPeer: Int { counts.withLock { $0.closedByPeer } }
  package var requests: [ReceivedRequest] { received.withLock { $0 } }

  private func serve(_ peer: Peer) {
    counts.withLock { $0.connections += 1 }
    Thread.detachNewThread { [self] in
      while let request = peer.readRequest() {
        received.withLock { $0.append(request) }
        if script(peer, request) == .close { break }
      }
      if peer.sawClose { counts.withLock { $0.closedByPeer += 1 } }
      peer.hangUp()
    }
  }
}

package struct ReceivedRequest: Sendable {
  package let method: String
  package let target: String
  package let fields: [(name: String, value: String)]
  package let body: [UInt8]

  package subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }
}

/// The server's end of one connection.
// SAFETY: handed once from the accepting thread to the connection's own, which alone uses it.
package final class Peer: @unchecked Sendable {
  private let descriptor: Int32
  private var pending: [UInt8] = []
  package private(set) var sawClose = false

  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  package func readRequest() -> ReceivedRequest? {
    let blank = Array("\r\n\r\n".utf8)
    while true {
      if let end = pending.indices.first(where: { pending[$0...].starts(with: blank) }) {
        return finishRequest(headEnd: end)
      }
      guard receiveMore() else { return nil }
    }
  }

  private func finishRequest(headEnd: Int) -> ReceivedRequest? {
    let head = String(decoding: pending[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
    pending.removeFirst(headEnd + 4)
    let fields = head.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      return (
        name: String(parts[0]),
        value: parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
      )
    }
    let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
    while pending.count < length { guard receiveMore() else { return nil } }
    defer { pending.removeFirst(length) }
    let start = head[0].split(separator: " ")
    return ReceivedRequest(
      method: String(start[0]), target: String(start[1]), fields: fields, body: Array(pending[..<length]))
  }

  private func receiveMore() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { sawClose = true; return false }
    pending.append(contentsOf: buffer[..<count])
    return true
  }

  /// False once the client is gone.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { sawClose = true; return false }
      sent += count
    }
    return true
  }

  @discardableResult
  package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  package func reply(_ status: Int = 200, _ fields: [String] = [], _ body: String = "") {
    reply(status, fields, Array(body.utf8))
  }

  package func reply(_ status: Int, _ fields: [String], _ body: [UInt8]) {
    let head = ["HTTP/1.1 \(status) Status", "Content-Length: \(body.count)"] + fields
    send(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
  }

  /// Blocks until the client closes; what it sends meanwhile is dropped.
  package func waitForClose() {
    while receiveMore() { pending.removeAll() }
  }

  package func pause(seconds: Double) { Thread.sleep(forTimeInterval: seconds) }

  package func hangUp() { close(descriptor) }
}

/// Asks again and again until it is so, at most `seconds`.
package func eventually(within seconds: Double = 10, _ isSo: @Sendable () -> Bool) async -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < end {
    if isSo() { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return isSo()
}
