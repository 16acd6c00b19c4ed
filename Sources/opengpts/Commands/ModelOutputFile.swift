import Foundation

/// A new file that grows to at most so many bytes and is on the disk when it is finished.
struct OutputFile {
  private let path: String
  private let maxBytes: Int
  private let handle: FileHandle

  init(_ path: String, maxBytes: Int) throws(ModelInstallError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .storage(path, lastSystemError()) }
    self.path = path
    self.maxBytes = maxBytes
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func write(_ bytes: some Sequence<UInt8>) throws(ModelInstallError) {
    do {
      try handle.write(contentsOf: Data(bytes))
      guard try handle.offset() <= maxBytes else {
        throw ModelInstallError.tooLarge(file: (path as NSString).lastPathComponent, maxBytes: maxBytes)
      }
    } catch let error as ModelInstallError {
      throw error
    } catch {
      throw .storage(path, error.localizedDescription)
    }
  }

  func finish() throws(ModelInstallError) {
    guard fsync(handle.fileDescriptor) == 0 else { throw .storage(path, lastSystemError()) }
  }
}
