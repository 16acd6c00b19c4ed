import Embedding
import Foundation

/// What the reference implementation says; `Fixtures/make_reference.py` tells how it was made.
struct Reference: Decodable {
  struct Case: Decodable {
    let text: String
    let ids: [Int32]
  }
  let cases: [Case]
  let scalarPageChecksums: [UInt32]

  static func load() throws -> Reference {
    try JSONDecoder().decode(Reference.self, from: Data(contentsOf: fixture("reference.json")))
  }

  /// One row of 384 for each case, to the precision of 16-bit floats.
  static func vectors() throws -> [[Float]] {
    let bytes = try Data(contentsOf: fixture("vectors.f16"))
    let numbers = stride(from: 0, to: bytes.count - 1, by: 2).map {
      Float(Float16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8))
    }
    return stride(from: 0, to: numbers.count, by: 384).map { Array(numbers[$0..<$0 + 384]) }
  }

  private static func fixture(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
  }
}

/// Where the model lies: `$OPENGPTS_MODEL_DIR`, else `data/models` of this checkout.
enum Model {
  static let directory: String = {
    let root = ProcessInfo.processInfo.environment["OPENGPTS_MODEL_DIR"]
    let package = URL(filePath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return "\(root ?? package.appending(path: "data/models").path)/all-minilm-l6-v2"
  }()

  static let hasVocabulary = FileManager.default.fileExists(atPath: "\(directory)/vocab.txt")
  static let hasWeights = FileManager.default.fileExists(atPath: "\(directory)/model.safetensors")
  static let absent = "the model is not installed (make setup), or set OPENGPTS_MODEL_DIR"
}

func cosine(_ a: [Float], _ b: [Float]) -> Double {
  var (product, lengthA, lengthB) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    product += Double(x) * Double(y)
    lengthA += Double(x) * Double(x)
    lengthB += Double(y) * Double(y)
  }
  return product / (lengthA * lengthB).squareRoot()
}
