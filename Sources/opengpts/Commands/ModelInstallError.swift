/// Why a model was not installed; nothing that was there before has changed.
enum ModelInstallError: Error, Sendable, Equatable {
  /// The source is neither a directory nor a file.
  case notThere(String)
  case notAnArchive(String)
  /// The source lacks these files.
  case incomplete([String])
  case ambiguous(file: String)
  case tooLarge(file: String, maxBytes: Int)
  /// The model is not the known one and nobody vouched for it.
  case unknownModel(digest: String)
  case unexpectedDigest(found: String, expected: String)
  case download(String)
  /// Another installation holds the directory.
  case busy
  case storage(String, String)
}

extension ModelInstallError: CustomStringConvertible {
  var description: String {
    switch self {
    case .notThere(let path): "\(path) is neither a file nor a directory"
    case .notAnArchive(let cause): "not an archive of a known kind (.whl, .zip, .tar.gz): \(cause)"
    case .incomplete(let files): "the source lacks \(files.joined(separator: " and "))"
    case .ambiguous(let file): "the source holds \(file) more than once"
    case .tooLarge(let file, let maxBytes): "\(file) is larger than \(maxBytes) bytes"
    case .unknownModel(let digest):
      "not the known model; to install it all the same, check where it comes from and say --sha256 \(digest)"
    case .unexpectedDigest(let found, let expected):
      "the model's SHA-256 is \(found), not \(expected): the download is damaged or not what it claims"
    case .download(let cause): "the download failed: \(cause)"
    case .busy: "another installation is under way"
    case .storage(let path, let cause): "\(path): \(cause)"
    }
  }
}
