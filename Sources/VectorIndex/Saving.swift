import Synchronization

extension VectorIndex {
  /// Saves the index to a file, of which there is then the old or the new one whatever happens.
  ///
  /// Searches go on meanwhile; writers wait.
  ///
  /// - Parameter lastChange: a number of the caller's that comes back as `openedChange`: which of the
  ///   changes to the truth are in the file.
  /// - Throws: `file`; the old file is then still there.
  public func save(to path: String, lastChange: Int64 = 0) throws(IndexError) {
    try rows.withLock { rows throws(IndexError) in
      try SnapshotWriter(rows, lastChange: lastChange).write(to: path)
    }
  }

  /// Opens a saved index. Vectors, codes and links are read as searches need them, so that this takes milliseconds.
  ///
  /// - Throws: `damaged`, `otherVersion` or `file`. Call `verifyFile` when there is time: until then damage to
  ///   vectors, codes or links can make a search miss rows or score them wrongly, but no more than that; saving
  ///   before would give the damage a right checksum.
  /// - Complexity: O(rows), of some 25 bytes each.
  public convenience init(path: String, threadCount: Int = Parameters().threadCount) throws(IndexError) {
    let reader = try SnapshotReader(path: path)
    self.init(try reader.rows(threadCount: threadCount), openedChange: reader.header.lastChange)
  }

  /// Reads a whole file and checks that it is what was saved, vectors included.
  ///
  /// - Throws: `damaged`, `otherVersion` or `file`.
  public static func verifyFile(_ path: String) throws(IndexError) {
    let reader = try SnapshotReader(path: path)
    try reader.checkAll()
  }
}
