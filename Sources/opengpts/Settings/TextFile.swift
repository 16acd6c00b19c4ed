import Foundation

/// Small text files that a person writes: the configuration, and files that hold one secret.
enum TextFile {
  /// A configuration file: the example with every comment is under 16 KB.
  static let configurationBytes = 1 << 20
  /// A key, token or certificate.
  static let secretBytes = 64 << 10

  struct Unreadable: Error {
    /// Completes a sentence that begins with the path.
    let reason: String
  }

  /// The file's text. Never reads more than `maxBytes`, so a device or a wrong path does no harm.
  static func read(_ path: String, maxBytes: Int) throws(Unreadable) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Unreadable(reason: "cannot be opened: \(lastSystemError())") }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let data: Data
    do { data = try handle.read(upToCount: maxBytes + 1) ?? Data() } catch {
      throw Unreadable(reason: "cannot be read: \(lastSystemError())")
    }
    guard data.count <= maxBytes else { throw Unreadable(reason: "is larger than \(maxBytes) bytes") }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Unreadable(reason: "is not UTF-8 text")
    }
    return text
  }
}

/// The text of `errno`, to be asked right after the call that failed.
func lastSystemError() -> String { String(cString: strerror(errno)) }
