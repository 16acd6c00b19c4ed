import Foundation

/// An open blob, read from the front.
package final class BlobReader {
  private let path: String
  private let file: Int32
  package let sizeBytes: Int

  init(path: String) throws(StoreError) {
    self.path = path
    file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw StoreError(errno: errno, path: path) }
    var status = stat()
    sizeBytes = fstat(file, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The next bytes, at most `count`; none at the end.
  package func read(upTo count: Int) throws(StoreError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
      guard let start = buffer.baseAddress else { return }
      var got = Foundation.read(file, start, buffer.count)
      while got < 0, errno == EINTR { got = Foundation.read(file, start, buffer.count) }
      if got < 0 { failure = errno }
      filled = max(got, 0)
    }
    guard failure == 0 else { throw StoreError(errno: failure, path: path) }
    return bytes
  }

  /// All the bytes that are left.
  package func readAll() throws(StoreError) -> [UInt8] {
    var all: [UInt8] = []
    all.reserveCapacity(sizeBytes)
    while true {
      let part = try read(upTo: 1 << 20)
      if part.isEmpty { return all }
      all += part
    }
  }

  deinit {
    close(file)
  }
}
