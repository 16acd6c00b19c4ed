import ArgumentParser
import Embedding
import Foundation

/// Real vectors to measure an index with.
struct BenchVectorsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors", abstract: "Embed each line of a file, for `bench index`.",
    discussion: "Goes on where an earlier run was ended.")

  @Option(help: "File of texts, one a line.") var lines: String
  @Option(help: "File to write: 384 little-endian 32-bit floats a line.") var to: String
  @Option(help: "Folder of the embedding model.") var model = "data/models/all-minilm-l6-v2"

  /// Lines of one step: so many are done again at most.
  private static let stepCount = 512
  private static let rowBytes = SentenceEmbedder.dimensions * MemoryLayout<Float>.stride

  func run() async throws {
    let texts = try String(contentsOfFile: lines, encoding: .utf8).split(separator: "\n").map(String.init)
    let embedder = try SentenceEmbedder(directory: model)
    if !FileManager.default.fileExists(atPath: to) {
      try Data().write(to: URL(filePath: to))
    }
    let file = try FileHandle(forUpdating: URL(filePath: to))
    defer { try? file.close() }
    var done = min(Int(try file.seekToEnd()) / Self.rowBytes, texts.count)
    try file.truncate(atOffset: UInt64(done * Self.rowBytes))
    while done < texts.count {
      let end = min(done + Self.stepCount, texts.count)
      try file.write(contentsOf: try await Self.bytes(of: Array(texts[done..<end]), embedder))
      done = end
    }
    print("\(done) vectors")
  }

  /// On two cores.
  private static func bytes(of texts: [String], _ embedder: SentenceEmbedder) async throws -> Data {
    let half = texts.count / 2
    async let first = bytesOnOneCore(of: texts[..<half], embedder)
    async let second = bytesOnOneCore(of: texts[half...], embedder)
    return try await first + second
  }

  @concurrent private static func bytesOnOneCore(
    of texts: ArraySlice<String>, _ embedder: SentenceEmbedder
  ) async throws -> Data {
    try embedder.embed(Array(texts)).reduce(into: Data()) { data, vector in
      vector.withUnsafeBytes { data.append(contentsOf: $0) }
    }
  }
}
