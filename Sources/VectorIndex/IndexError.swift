/// Why the index refused; each case says what the caller can do.
public enum IndexError: Error, Equatable, Sendable {
  /// Make the index with 1 to `VectorIndex.maximumDimensions` dimensions.
  case unusableDimensions(Int)
  /// Embed with the model this index was made for, or build a new index.
  case wrongDimensions(expected: Int, found: Int)
  /// The vector holds a NaN or an infinity: embed the text again, or leave it out.
  case notFinite(id: Int64?)
  /// Split the namespace: an index holds at most `VectorIndex.maximumRowCount` rows.
  case full
  /// The file is not what was written: delete it and build the index again.
  case damaged(String)
  /// Another version of the program wrote the file: build the index again.
  case otherVersion(UInt64)
  /// The system refused a file, or memory; `code` is its errno.
  case file(operation: String, code: Int32)
}
