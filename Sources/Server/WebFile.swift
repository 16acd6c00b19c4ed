import CWeb
import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// One file of the page.
final class WebFile: Sendable {
  private let name: String
  private let bytes: ByteBuffer
  private let tag: String
  private let isForEver: Bool
  /// Made when first asked for.
  private let compressed = Mutex<Compressed>(.unknown)

  private enum Compressed {
    case unknown
    /// It would not be smaller, or there was no memory for it.
    case none
    case bytes(ByteBuffer)
  }

  /// - Parameter isForEver: whether its address changes with its content.
  init(name: String, bytes: ByteBuffer, isForEver: Bool = false) {
    self.name = name
    self.bytes = bytes
    self.isForEver = isForEver || name.contains(/[.-][0-9a-f]{8,}\.[a-z0-9]+$/)
    tag = String(Self.fingerprint(bytes.readableBytesView, from: Self.emptyFingerprint), radix: 16)
  }

  /// The file, as gzip where the client takes that, or 304 when it has it.
  func response(to request: HTTPFields) -> Response {
    let zipped = Self.takesGzip(request[.acceptEncoding]) ? gzip() : nil
    let tag = zipped == nil ? "\"\(tag)\"" : "\"\(tag)-gzip\""
    var headers: HTTPFields = [
      .contentType: mediaType, .eTag: tag, .vary: "Accept-Encoding",
      .cacheControl: isForEver ? "public, max-age=31536000, immutable" : "no-cache",
    ]
    if let tags = request[.ifNoneMatch], Self.tags(tags, contain: tag) {
      return Response(status: .notModified, headers: headers)
    }
    if zipped != nil { headers[.contentEncoding] = "gzip" }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: zipped ?? bytes))
  }

  private static func tags(_ list: String, contain tag: String) -> Bool {
    list.split(separator: ",").contains { entry in
      let entry = entry.trimmingCharacters(in: .whitespaces)
      return entry == "*" || entry == tag || entry == "W/\(tag)"
    }
  }

  // MARK: Compression

  /// RFC 9110, section 12.5.3: named, and not with a quality of zero.
  private static func takesGzip(_ accepted: String?) -> Bool {
    (accepted ?? "").split(separator: ",").contains { entry in
      let parts = entry.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
      return parts.first == "gzip" && !parts.dropFirst().contains { $0.wholeMatch(of: /q=0(\.0*)?/) != nil }
    }
  }

  private func gzip() -> ByteBuffer? {
    compressed.withLock { compressed in
      if case .unknown = compressed { compressed = Self.gzip(bytes).map(Compressed.bytes) ?? .none }
      guard case .bytes(let bytes) = compressed else { return nil }
      return bytes
    }
  }

  private static func gzip(_ bytes: ByteBuffer) -> ByteBuffer? {
    bytes.withUnsafeReadableBytes { bytes in
      var length = 0
      let start = bytes.bindMemory(to: UInt8.self).baseAddress
      guard let zipped = cweb_gzip(start, bytes.count, &length) else { return nil }
      // SAFETY: `length` bytes that are ours, and given back here.
      defer { free(zipped) }
      return length < bytes.count ? ByteBuffer(bytes: UnsafeBufferPointer(start: zipped, count: length)) : nil
    }
  }

  // MARK: What it is

  private var mediaType: String {
    let suffix = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return Self.mediaTypes[suffix] ?? "application/octet-stream"
  }

  private static let mediaTypes = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
    "json": "application/json", "webmanifest": "application/manifest+json",
    "txt": "text/plain; charset=utf-8",
    "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp",
    "ico": "image/x-icon", "woff2": "font/woff2",
  ]

  static let emptyFingerprint: UInt64 = 0xcbf2_9ce4_8422_2325

  /// FNV-1a (64 bits): tells versions of a file apart, against nobody's intent.
  static func fingerprint(_ bytes: some Sequence<UInt8>, from hash: UInt64) -> UInt64 {
    bytes.reduce(hash) { hash, byte in (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}
