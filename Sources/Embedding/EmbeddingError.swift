/// What can go wrong between a model folder and a vector; a case is what the caller can do about it.
public enum EmbeddingError: Error, Sendable, Equatable {
  /// The file is not there: install the model.
  case notInstalled(path: String)
  /// The file is there and the system refuses it: mend its permissions or the disk.
  case unreadable(path: String, reason: String)
  /// The bytes contradict themselves or were cut short: install the model again.
  case damaged(path: String, reason: String)
  /// A sound file of another model or number format: install all-MiniLM-L6-v2 in 32-bit floats.
  case unsupported(path: String, reason: String)
  /// The task that asked was cancelled between two batches.
  case cancelled
}
