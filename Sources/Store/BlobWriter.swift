import Crypto
import Dispatch
import Foundation

/// A blob in the making. It is gone unless it is finished.
package final class BlobWriter {
  private let blobs: Blobs
  private let path: String
  private let file: Int32
  private var hasher = SHA256()
  private var isFinished = false
  /// Bytes appended so far.
  package private(set) var sizeBytes = 0

  init(blobs: Blobs, path: String) throws(StoreError) {
    self.blobs = blobs
    self.path = path
    file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreError(errno: errno, path: path) }
  }

  /// Adds bytes at the end.
  /// - Throws: `.diskFull`, after which it can only be given up.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    hasher.update(bufferPointer: bytes)
    sizeBytes += bytes.count
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw StoreError(errno: errno, path: path)
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Adds bytes at the end.
  package func append(_ bytes: [UInt8]) throws(StoreError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(StoreError) in try append(bytes) }
    }
    try result.get()
  }

  /// Makes the bytes durable under their hash. The blob is kept until a file that names it is received and
  /// deleted again, or, when none is, until the next sweep.
  /// - Returns: SHA-256 in lower-case hex.
  /// - Throws: `.notDurable` when the flush failed.
  package func finish() async throws(StoreError) -> String {
    precondition(!isFinished, "a blob is finished once")
    isFinished = true
    let hash = hasher.finalize().map { String(format: "%02x", $0) }.joined()
    let (blobs, path, file) = (blobs, path, file)
    let result: Result<Void, StoreError> = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          returning: Result { () throws(StoreError) in
            guard fsync(file) == 0 else { throw .notDurable(cause: path) }
            try blobs.adopt(part: path, hash: hash)
          })
      }
    }
    try result.get()
    return hash
  }

  deinit {
    close(file)
    // Renamed already when it was finished: then there is nothing of that name.
    unlink(path)
  }
}
