import Loopback
import Testing

@testable import Transport

@Suite struct SizeLimitTests {
  let client = HTTPClient(policy: .trusted)
  static let limit = 1 << 20

  @Test(arguments: [0, 1, limit - 1, limit])
  func aBodyWithinTheLimitArrives(count: Int) async throws {
    #expect(try await fetch(Bodies.plain(count)).count == count)
    #expect(try await fetch(Bodies.chunked(count)).count == count)
    #expect(try await fetch(Bodies.gzip(zeros: count)).count == count)
  }

  @Test(arguments: [limit + 1, 64 * limit])
  func aBodyBeyondTheLimitIsRefusedWhateverItsForm(count: Int) async throws {
    for bytes in [Bodies.plain(count), Bodies.chunked(count), Bodies.gzip(zeros: count)] {
      await #expect(throws: TransportError.tooLarge(limitBytes: Self.limit)) { _ = try await fetch(bytes) }
    }
  }

  @Test func aDeclaredLengthIsNotBelieved() async throws {
    let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: \(Int.max)\r\n\r\n".utf8)
    await #expect(throws: TransportError.cut(receivedBytes: 3)) { _ = try await fetch(bytes + [1, 2, 3]) }
  }

  @Test func theStreamEndsAtTheLimitToo() async throws {
    let server = try serving(Bodies.gzip(zeros: 64 * Self.limit))
    let response = try await client.send(HTTPRequest(url: server.url(), maxBodyBytes: Self.limit))
    await #expect(throws: TransportError.tooLarge(limitBytes: Self.limit)) {
      var received = 0
      for try await piece in response.body {
        received += piece.count
        #expect(received <= Self.limit)
      }
    }
  }

  @Test func onlyTheStartOfABodyCanBeAskedFor() async throws {
    let server = try serving(Bodies.plain(Self.limit))
    let response = try await client.send(HTTPRequest(url: server.url()))
    #expect(await response.body.prefix(limitBytes: 100).count == 100)
    let other = try await client.send(HTTPRequest(url: server.url()))
    await #expect(throws: TransportError.tooLarge(limitBytes: 100)) {
      _ = try await other.body.collect(limitBytes: 100)
    }
  }

  private func fetch(_ bytes: [UInt8]) async throws(TransportError) -> [UInt8] {
    guard let server = try? serving(bytes) else { throw .unreachable(cause: "no server") }
    return try await client.fetch(HTTPRequest(url: server.url(), maxBodyBytes: Self.limit)).body
  }

  private func serving(_ bytes: [UInt8]) throws -> LoopbackServer {
    try LoopbackServer { peer, _ in
      peer.send(bytes)
      return .close
    }
  }
}

/// Whole replies of so many zero bytes.
enum Bodies {
  static func plain(_ count: Int) -> [UInt8] {
    Array("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n".utf8) + [UInt8](repeating: 0, count: count)
  }

  static func chunked(_ count: Int) -> [UInt8] {
    var bytes = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    var left = count
    while left > 0 {
      let size = min(left, 50_000)
      bytes += Array("\(String(size, radix: 16))\r\n".utf8) + [UInt8](repeating: 0, count: size) + [13, 10]
      left -= size
    }
    return bytes + Array("0\r\n\r\n".utf8)
  }

  /// RFC 1951 §3.2.6: one literal zero, then matches of 258, in fixed Huffman codes: 1 byte in 158.
  static func gzip(zeros count: Int) -> [UInt8] {
    var bits = BitWriter()
    bits.put([1, 1, 0])  // last block, fixed codes
    let zero: [UInt8] = [0, 0, 1, 1, 0, 0, 0, 0]
    let match: [UInt8] = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    if count > 0 { bits.put(zero) }
    for _ in 0..<(max(count - 1, 0) / 258) { bits.put(match) }
    for _ in 0..<(max(count - 1, 0) % 258) { bits.put(zero) }
    bits.put([0, 0, 0, 0, 0, 0, 0])
    var body: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    body += bits.bytes
    body += little(crc(zeros: count))
    body += little(UInt32(count))
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n"
    return Array(head.utf8) + body
  }

  private static func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func crc(zeros count: Int) -> UInt32 {
    let table: [UInt32] = (0..<256).map { start in
      var entry = UInt32(start)
      for _ in 0..<8 { entry = entry & 1 == 1 ? 0xEDB8_8320 ^ (entry >> 1) : entry >> 1 }
      return entry
    }
    var value = UInt32.max
    for _ in 0..<count { value = table[Int(value & 0xFF)] ^ (value >> 8) }
    return ~value
  }

  private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 8

    mutating func put(_ bits: [UInt8]) {
      for bit in bits {
        if used == 8 {
          bytes.append(0)
          used = 0
        }
        bytes[bytes.count - 1] |= bit << used
        used += 1
      }
    }
  }
}
