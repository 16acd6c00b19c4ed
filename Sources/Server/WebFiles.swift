import Foundation
import Hummingbird
import NIOCore

/// The files of the page: those built into the program, or those of a folder while one works on them.
struct WebFiles: Sendable {
  private let source: Source

  private enum Source: Sendable {
    case embedded(EmbeddedPage)
    case folder(String)
  }

  /// - Parameter directory: nil for the built-in files.
  init(directory: String?) {
    source = directory.map(Source.folder) ?? .embedded(.shared)
  }

  /// The file at that path. `/` and the addresses people share name the page itself, `/docs` its description
  /// of the routes.
  func file(at path: String) -> WebFile? {
    guard let names = Self.names(of: path) else { return nil }
    switch source {
    case .embedded(let page): return page.file(at: names)
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
    // A folder or a device has no such end, or none that can be read.
    let length = lseek(descriptor, 0, SEEK_END)
    guard (0...HTTPLimits.webFileBytes).contains(Int(length)), lseek(descriptor, 0, SEEK_SET) == 0 else {
      return nil
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    guard let bytes = try? handle.readToEnd() ?? Data(), let name = names.last else { return nil }
    return WebFile(name: name, bytes: ByteBuffer(bytes: bytes))
  }
}
