import CWeb
import Foundation
import Hummingbird
import NIOCore

/// The files of the page: those built into the program, or those of a folder while one works on them.
struct WebFiles: Sendable {
  private let source: Source

  private enum Source: Sendable {
    case embedded([String: WebFile])
    case folder(String)
  }

  /// - Parameter directory: nil for the built-in files.
  init(directory: String?) {
    source = directory.map(Source.folder) ?? .embedded(Self.embedded)
  }

  /// The file at that path. `/` and the addresses people share name the page itself, `/docs` its description
  /// of the routes.
  func file(at path: String) -> WebFile? {
    guard let names = Self.names(of: path) else { return nil }
    switch source {
    case .embedded(let files): return files[names.joined(separator: "/")]
    case .folder(let root): return Self.read(names, in: root)
    }
  }

  /// The parts of the path; nil for one that no file can have.
  private static func names(of path: String) -> [String]? {
    guard let decoded = path.removingPercentEncoding, decoded.hasPrefix("/"), !decoded.utf8.contains(0) else {
      return nil
    }
    let names = decoded.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if names == [""] || isShared(names) { return ["index.html"] }
    if names == ["docs"] || names == ["docs", ""] { return ["docs.html"] }
    guard names.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("\\") }) else { return nil }
    return names
  }

  /// `/assistant/ID…` and `/thread/ID`, as the original's page has them in its address.
  private static func isShared(_ names: [String]) -> Bool {
    names.count >= 2 && (names[0] == "assistant" || names[0] == "thread")
  }
}

// MARK: From a folder

extension WebFiles {
  /// Opens one part of the path after the other, following no symbolic link, so that nothing outside is
  /// reached.
  private static func read(_ names: [String], in root: String) -> WebFile? {
    var descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    for name in names {
      guard descriptor >= 0 else { return nil }
      let next = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      close(descriptor)
      descriptor = next
    }
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // What is no file has no end to seek, or nothing that can be read.
    guard (0...HTTPLimits.webFileBytes).contains(Int(lseek(descriptor, 0, SEEK_END))),
      lseek(descriptor, 0, SEEK_SET) == 0
    else { return nil }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    guard let bytes = try? handle.readToEnd() ?? Data(), let name = names.last else { return nil }
    return WebFile(name: name, bytes: ByteBuffer(bytes: bytes))
  }
}

/// One file of the page.
struct WebFile: Sendable {
  private let name: String
  private let bytes: ByteBuffer
  private let tag: String

  init(name: String, bytes: ByteBuffer) {
    self.name = name
    self.bytes = bytes
    tag = "\"\(String(Self.fingerprint(bytes.readableBytesView), radix: 16))\""
  }

  /// The file, or 304 when the client has it.
  func response(ifNoneMatch tags: String?) -> Response {
    let headers: HTTPFields = [
      .contentType: mediaType, .eTag: tag,
      .cacheControl: isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    ]
    if let tags, Self.tags(tags, contain: tag) {
      var response = Response(status: .notModified, headers: headers)
      response.headers[.contentLength] = nil
      return response
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: bytes))
  }

  private static func tags(_ list: String, contain tag: String) -> Bool {
    list.split(separator: ",").contains { entry in
      let entry = entry.trimmingCharacters(in: .whitespaces)
      return entry == "*" || entry == tag || entry == "W/\(tag)"
    }
  }

  /// Whether its name changes with its content: `main-1f2e3d4c.js`.
  private var isHashed: Bool {
    name.contains(/[.-][0-9a-f]{8,}\.[a-z0-9]+$/)
  }

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

  /// FNV-1a (64 bits): tells versions of a file apart, against nobody's intent.
  private static func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}

// MARK: Built in

extension WebFiles {
  private static let embedded: [String: WebFile] = {
    var files: [String: WebFile] = [:]
    for index in 0..<cweb_asset_count() {
      let asset = cweb_asset_at(index)
      guard let path = asset.path.map({ String(cString: $0) })?.dropFirst() else { continue }
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      // SAFETY: the bytes are the program's own, there and unchanged as long as it runs.
      let bytes = UnsafeBufferPointer(start: asset.bytes, count: asset.length)
      files[String(path)] = WebFile(name: name, bytes: ByteBuffer(bytes: bytes))
    }
    return files
  }()
}
