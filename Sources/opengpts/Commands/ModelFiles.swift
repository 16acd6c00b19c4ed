import Crypto
import Foundation

/// The files the embedding model consists of, and what is known of them.
enum EmbeddingModelFiles {
  /// Below `models/` in the data directory.
  static let directoryName = "all-minilm-l6-v2"

  /// Where a package of the operating system puts models.
  static let packagedModels = "/usr/share/opengpts/models"

  static func hasWeights(_ directory: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(directory)/\(weights.name)")
  }

  struct File: Sendable {
    let name: String
    /// SHA-256 of the file as sentence-transformers published it, in hexadecimal.
    let knownDigest: String
    /// The largest file that is taken: room for any model of this family.
    let maxBytes: Int
  }

  static let weights = File(
    name: "model.safetensors",
    knownDigest: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", maxBytes: 1 << 30)
  static let vocabulary = File(
    name: "vocab.txt",
    knownDigest: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3", maxBytes: 16 << 20)
  static let all = [weights, vocabulary]

  /// Digests of the files as they were installed, in the form `sha256sum -c` reads.
  static let sumsName = "SHA256SUMS"

  enum Status: Sendable, Equatable {
    case missing([String])
    /// The known model, unchanged.
    case known
    /// Another model, as it was when somebody vouched for it by its digest.
    case vouchedFor
    /// Neither: replaced or damaged.
    case altered([String])
  }

  /// Reads every byte: about 0.1 s for 90 MB on a warm disk.
  static func status(in directory: String) throws(ModelInstallError) -> Status {
    let missing = all.filter { !FileManager.default.isReadableFile(atPath: "\(directory)/\($0.name)") }
    guard missing.isEmpty else { return .missing(missing.map(\.name)) }
    let sums = (try? TextFile.read("\(directory)/\(sumsName)", maxBytes: 4096)) ?? ""
    var unknown: [String] = []
    var altered: [String] = []
    for file in all {
      let found = try digest(of: "\(directory)/\(file.name)")
      if found == file.knownDigest { continue }
      unknown.append(file.name)
      if !sums.contains(sumLine(found, file)) { altered.append(file.name) }
    }
    if unknown.isEmpty { return .known }
    return altered.isEmpty ? .vouchedFor : .altered(altered)
  }

  static func sumLine(_ digest: String, _ file: File) -> String { "\(digest)  \(file.name)\n" }

  /// SHA-256 of a file in hexadecimal.
  static func digest(of path: String) throws(ModelInstallError) -> String {
    do {
      let handle = try FileHandle(forReadingFrom: URL(filePath: path))
      var hash = SHA256()
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
      return hash.finalize().map { byte in
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
      }.joined()
    } catch {
      throw .storage(path, "cannot be read")
    }
  }
}
