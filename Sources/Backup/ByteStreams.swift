import Foundation

/// Bytes in order, to be read once.
protocol ByteSource: AnyObject {
  /// Fills what it can of the buffer, at least one byte; 0 means the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(BackupError) -> Int
}

/// Bytes in order, to be written once.
protocol ByteSink: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer) throws(BackupError)
  /// To be called once, after the last byte.
  func finish() throws(BackupError)
}

/// A file, or standard input, read from the front. What was read ahead can be looked at before it is taken.
final class FileSource: ByteSource {
  private let file: FileHandle
  private let path: String
  private var ahead: [UInt8] = []

  /// - Parameter path: `-` is standard input.
  init(_ path: String) throws(BackupError) {
    self.path = path
    if path == "-" {
      file = .standardInput
    } else {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .file(path: path, cause: String(cString: strerror(errno))) }
      file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
  }

  /// The next bytes, fewer only at the end; they stay to be read.
  func peek(_ count: Int) throws(BackupError) -> ArraySlice<UInt8> {
    var block = [UInt8](repeating: 0, count: max(count, 1))
    while ahead.count < count {
      let wanted = count - ahead.count
      let got = try unsafeRead(&block, wanted)
      if got == 0 { break }
      ahead += block[..<got]
    }
    return ahead.prefix(count)
  }

  /// Takes bytes that were looked at.
  func drop(_ count: Int) {
    ahead.removeFirst(count)
  }

  /// The bytes up to the next line feed, which is taken too.
  /// - Throws: `.notABackup` when none comes within `limit` bytes.
  func line(limit: Int) throws(BackupError) -> String {
    var line: [UInt8] = []
    while line.count < limit {
      guard let byte = try peek(1).first else { break }
      drop(1)
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    throw .notABackup(why: "its head does not end")
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(BackupError) -> Int {
    guard ahead.isEmpty else {
      let count = min(ahead.count, buffer.count)
      buffer.copyBytes(from: ahead.prefix(count))
      drop(count)
      return count
    }
    return try read(buffer.baseAddress, buffer.count)
  }

  private func unsafeRead(_ block: inout [UInt8], _ count: Int) throws(BackupError) -> Int {
    let result = block.withUnsafeMutableBytes { bytes in
      Result { () throws(BackupError) in try read(bytes.baseAddress, min(count, bytes.count)) }
    }
    return try result.get()
  }

  private func read(_ start: UnsafeMutableRawPointer?, _ count: Int) throws(BackupError) -> Int {
    guard let start, count > 0 else { return 0 }
    while true {
      let got = Foundation.read(file.fileDescriptor, start, count)
      if got >= 0 { return got }
      guard errno == EINTR else { throw .file(path: path, cause: String(cString: strerror(errno))) }
    }
  }
}

/// A new file that appears under its name when it is whole and on the disk; or standard output.
final class FileSink: ByteSink {
  private let file: FileHandle
  private let path: String
  private var isFinished = false
  private(set) var sizeBytes = 0
  private var isStandardOutput: Bool { path == "-" }
  private var part: String { path + ".part" }

  /// - Parameter path: `-` is standard output.
  init(_ path: String) throws(BackupError) {
    self.path = path
    guard path != "-" else {
      file = .standardOutput
      return
    }
    let descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .file(path: path, cause: String(cString: strerror(errno))) }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(BackupError) {
    sizeBytes += bytes.count
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let written = Foundation.write(file.fileDescriptor, piece.baseAddress, piece.count)
      if written < 0 {
        guard errno == EINTR else { throw .file(path: path, cause: String(cString: strerror(errno))) }
        continue
      }
      rest = rest.dropFirst(written)
    }
  }

  func finish() throws(BackupError) {
    guard !isStandardOutput else { return }
    guard fsync(file.fileDescriptor) == 0, rename(part, path) == 0 else {
      throw .file(path: path, cause: String(cString: strerror(errno)))
    }
    isFinished = true
  }

  deinit {
    if !isFinished && !isStandardOutput { unlink(part) }
  }
}
