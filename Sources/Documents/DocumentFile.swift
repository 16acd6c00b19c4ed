import Glibc

/// A file to be parsed: where it is and what is said about it.
struct DocumentFile {
  /// Where its bytes are.
  enum Content {
    case file(path: String)
    /// Part of another file.
    case memory([UInt8])
  }

  let content: Content
  /// As the person named it; a hint only.
  let name: String
  /// As the client declared it; a hint only.
  let mediaType: String?
  let byteCount: Int
  /// The first bytes, at most `headBytes`, to tell the format from.
  let head: [UInt8]

  static let headBytes = 65_536

  init(path: String, name: String, mediaType: String?, limits: DocumentLimits) throws(DocumentError) {
    content = .file(path: path)
    self.name = name
    self.mediaType = mediaType
    let bytes = try Self.read(path, upTo: Self.headBytes)
    self.head = bytes.bytes
    self.byteCount = bytes.fileBytes
    if byteCount == 0 { throw .empty }
    if byteCount > limits.fileBytes { throw .tooLarge(.fileBytes, limit: limits.fileBytes) }
  }

  /// A file that was found inside another one.
  init(bytes: [UInt8], name: String, mediaType: String? = nil) throws(DocumentError) {
    content = .memory(bytes)
    self.name = name
    self.mediaType = mediaType
    head = Array(bytes.prefix(Self.headBytes))
    byteCount = bytes.count
    if byteCount == 0 { throw .empty }
  }

  /// The whole file.
  func bytes() throws(DocumentError) -> [UInt8] {
    switch content {
    case .memory(let bytes): bytes
    case .file(let path): byteCount <= head.count ? head : try Self.read(path, upTo: byteCount).bytes
    }
  }

  /// The name's extension in lower case, without the dot; nil without one.
  var nameExtension: String? {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    let ending = name[name.index(after: dot)...]
    return ending.isEmpty ? nil : ending.lowercased()
  }

  private static func read(
    _ path: String, upTo limit: Int
  ) throws(DocumentError) -> (bytes: [UInt8], fileBytes: Int) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .unreadable(why: systemErrorText(errno)) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .unreadable(why: systemErrorText(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(why: "it is not a regular file") }
    let fileBytes = Int(status.st_size)
    let wanted = min(limit, fileBytes)
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      while count < wanted {
        let got = Glibc.read(file, buffer.baseAddress?.advanced(by: count), wanted - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { return }
        count += got
      }
    }
    if failure != 0 { throw .unreadable(why: systemErrorText(failure)) }
    return (bytes, fileBytes)
  }
}

func systemErrorText(_ code: Int32) -> String {
  String(cString: strerror(code)).lowercased()
}
