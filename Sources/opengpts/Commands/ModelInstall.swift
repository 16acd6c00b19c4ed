import Foundation
import Glibc

/// Puts the embedding model where the daemon looks for it.
///
/// Written aside, checked, flushed, then renamed: at no moment is half a model in place, and a model
/// that was there stays until its successor is complete. (Directories cannot be swapped in one call from
/// Swift; a kill between the two renames leaves no model in place, which search bears, and the next
/// installation mends.) A daemon that runs keeps the model it has
/// opened until it is restarted.
struct ModelInstall {
  let modelsDirectory: String
  /// What `model.safetensors` must hash to, for a model other than the known one.
  let vouchedDigest: String?

  private var target: String { "\(modelsDirectory)/\(EmbeddingModelFiles.directoryName)" }
  private var staging: String { "\(modelsDirectory)/.installing" }
  private var previous: String { "\(modelsDirectory)/.previous" }

  /// Installs from an archive or a directory.
  func install(from source: String) throws(ModelInstallError) {
    try makeDirectory(modelsDirectory)
    let lock = try takeLock()
    defer { close(lock) }
    // What an interrupted installation left behind; the lock says it is nobody's.
    try remove(staging)
    try undoInterruptedSwap()
    try makeDirectory(staging)
    do {
      try gather(source)
      try check()
      try putInPlace()
    } catch {
      try? remove(staging)
      throw error
    }
  }

  private func gather(_ source: String) throws(ModelInstallError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory) else {
      throw .notThere(source)
    }
    if isDirectory.boolValue {
      for file in EmbeddingModelFiles.all { try copy(file, from: source) }
    } else {
      try ModelArchive.extract(EmbeddingModelFiles.all, from: source, into: staging)
    }
    let missing = EmbeddingModelFiles.all.map(\.name).filter { !exists("\(staging)/\($0)") }
    guard missing.isEmpty else { throw .incomplete(missing) }
  }

  private func copy(_ file: EmbeddingModelFiles.File, from directory: String) throws(ModelInstallError) {
    guard let input = FileHandle(forReadingAtPath: "\(directory)/\(file.name)") else { return }
    let output = try OutputFile("\(staging)/\(file.name)", maxBytes: file.maxBytes)
    while true {
      let piece: Data
      do { piece = try input.read(upToCount: 1 << 20) ?? Data() } catch {
        throw .storage(file.name, "cannot be read")
      }
      guard !piece.isEmpty else { return try output.finish() }
      try output.write(piece)
    }
  }

  /// The known model as a whole, or weights that hash to what the administrator said.
  private func check() throws(ModelInstallError) {
    var digests: [String] = []
    for file in EmbeddingModelFiles.all {
      digests.append(try EmbeddingModelFiles.digest(of: "\(staging)/\(file.name)"))
    }
    let weights = digests.first ?? ""
    if let vouchedDigest {
      guard weights == vouchedDigest.lowercased() else {
        throw .unexpectedDigest(found: weights, expected: vouchedDigest)
      }
    } else {
      guard digests == EmbeddingModelFiles.all.map(\.knownDigest) else {
        throw .unknownModel(digest: weights)
      }
    }
    let sums = zip(digests, EmbeddingModelFiles.all).map(EmbeddingModelFiles.sumLine).joined()
    let output = try OutputFile("\(staging)/\(EmbeddingModelFiles.sumsName)", maxBytes: 4096)
    try output.write(sums.utf8)
    try output.finish()
  }

  private func putInPlace() throws(ModelInstallError) {
    try flushDirectory(staging)
    let hadModel = exists(target)
    if hadModel { try rename(target, to: previous) }
    do { try rename(staging, to: target) } catch {
      if hadModel { try rename(previous, to: target) }
      throw error
    }
    try flushDirectory(modelsDirectory)
    try remove(previous)
  }

  /// What a kill between the two renames left: the old model under another name, the new one not in place.
  private func undoInterruptedSwap() throws(ModelInstallError) {
    guard exists(previous) else { return }
    if exists(target) { try remove(previous) } else { try rename(previous, to: target) }
  }

  private func rename(_ old: String, to new: String) throws(ModelInstallError) {
    guard Glibc.rename(old, new) == 0 else { throw .storage(new, lastSystemError()) }
  }

  private func takeLock() throws(ModelInstallError) -> Int32 {
    let path = "\(modelsDirectory)/.installing.lock"
    let lock = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else { throw .storage(path, lastSystemError()) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw .busy
    }
    return lock
  }

  private func makeDirectory(_ path: String) throws(ModelInstallError) {
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw .storage(path, "cannot be made")
    }
  }

  private func remove(_ path: String) throws(ModelInstallError) {
    guard exists(path) else { return }
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw .storage(path, "cannot be removed")
    }
  }

  private func flushDirectory(_ path: String) throws(ModelInstallError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .storage(path, lastSystemError()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .storage(path, lastSystemError()) }
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
