import Embedding
import Foundation
import Testing

/// Models that are absent, cut short, lying or of another kind: always a typed error, never a trap.
@Suite("Broken models")
struct BrokenModelTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: "embedding-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  @Test("an absent model is named as not installed")
  func absent() {
    defer { clean() }
    #expect(throws: EmbeddingError.notInstalled(path: "\(folder.path)/vocab.txt")) { try open() }
  }

  @Test("a folder or a device in the place of a file is refused")
  func notAFile() throws {
    defer { clean() }
    try writeVocabulary()
    try FileManager.default.createDirectory(
      at: folder.appending(path: "model.safetensors"), withIntermediateDirectories: true)
    #expect(throws: EmbeddingError.self) { try open() }
    try FileManager.default.removeItem(at: folder.appending(path: "model.safetensors"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending(path: "model.safetensors").path, withDestinationPath: "/dev/zero")
    #expect(throws: EmbeddingError.self) { try open() }
  }

  @Test("a vocabulary without the special tokens, empty, or of binary rubbish is refused")
  func brokenVocabulary() throws {
    defer { clean() }
    let rubbish = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 37) })
    for bytes in [Data(), Data("the\nof\n".utf8), rubbish] {
      try bytes.write(to: folder.appending(path: "vocab.txt"))
      #expect(throws: EmbeddingError.self) { try open() }
    }
  }

  @Test(
    "a header that is no directory of tensors is damage",
    arguments: [
      "", "{", "[]", "null", "{}x", "{\"a\":1}", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e400],\"data_offsets\":[0,4]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999999999999]}}",
      String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000), "\u{0}\u{1}",
    ])
  func brokenHeader(header: String) throws {
    defer { clean() }
    try writeVocabulary()
    try write(header: header, bytes: 4096)
    #expect { try open() } throws: { error in
      if case .damaged = error as? EmbeddingError { true } else { false }
    }
  }

  @Test("a header length that the file cannot hold is damage", arguments: [17, 1 << 20, 1 << 32, UInt64.max])
  func lyingHeaderLength(length: UInt64) throws {
    defer { clean() }
    try writeVocabulary()
    var bytes = withUnsafeBytes(of: length.littleEndian) { Data($0) }
    bytes += Data("{}".utf8)
    try bytes.write(to: folder.appending(path: "model.safetensors"))
    #expect { try open() } throws: { error in
      if case .damaged = error as? EmbeddingError { true } else { false }
    }
  }

  @Test(
    "a first tensor that lies about its place, shape or kind is refused",
    arguments: [
      "[0,-1]", "[-4,0]", "[4,0]", "[0]", "[]", "[0,4,8]", "[0,8]",
      "[9223372036854775807,9223372036854775807]",
      "[0,9223372036854775807]", "[4096,46884888]",
    ])
  func lyingTensor(offsets: String) throws {
    defer { clean() }
    try writeVocabulary()
    let entry = "{\"dtype\":\"F32\",\"shape\":[5,384],\"data_offsets\":\(offsets)}"
    try write(header: "{\"embeddings.word_embeddings.weight\":\(entry)}", bytes: 4096)
    #expect { try open() } throws: { error in
      if case .damaged = error as? EmbeddingError { true } else { false }
    }
  }

  @Test(
    "a tensor of another number format or shape is another model",
    arguments: [
      "\"F16\",\"shape\":[5,384]", "\"F32\",\"shape\":[5,768]", "\"F32\",\"shape\":[-5,-384]",
      "\"\",\"shape\":[]",
    ])
  func otherModel(kind: String) throws {
    defer { clean() }
    try writeVocabulary()
    let entry = "{\"dtype\":\(kind),\"data_offsets\":[0,7680]}"
    try write(header: "{\"embeddings.word_embeddings.weight\":\(entry)}", bytes: 7680)
    #expect { try open() } throws: { error in
      if case .unsupported = error as? EmbeddingError { true } else { false }
    }
  }

  @Test("numbers that lie between float boundaries are damage")
  func misaligned() throws {
    defer { clean() }
    try writeVocabulary()
    let entry = "{\"dtype\":\"F32\",\"shape\":[5,384],\"data_offsets\":[1,7681]}"
    try write(header: "{\"embeddings.word_embeddings.weight\":\(entry)}  ", bytes: 7681, alignment: 4)
    #expect { try open() } throws: { error in
      if case .damaged = error as? EmbeddingError { true } else { false }
    }
  }

  @Test(
    "the real model cut short anywhere is an error that names it",
    .enabled(if: Model.hasVocabulary && Model.hasWeights, "\(Model.absent)"))
  func truncation() throws {
    defer { clean() }
    let model = try copyModel()
    let count = try FileManager.default.attributesOfItem(atPath: model)[.size] as? Int ?? 0
    // Longest first, so that one copy serves: through the tensors, then the header.
    let cuts = [1, 2] + (1...70).map { $0 * 1_290_007 } + [count - 11_416, count - 11_415, count - 5_000]
    for cut in cuts + (0...9).reversed().map({ count - $0 }) {
      #expect(truncate(model, count - cut) == 0)
      #expect(throws: EmbeddingError.self, "without its last \(cut) bytes") { try open() }
    }
  }

  @Test(
    "the real model with a vocabulary that is not its own is refused",
    .enabled(if: Model.hasVocabulary && Model.hasWeights, "\(Model.absent)"))
  func otherVocabulary() throws {
    defer { clean() }
    _ = try copyModel()
    try writeVocabulary()
    #expect { try open() } throws: { error in
      if case .unsupported = error as? EmbeddingError { true } else { false }
    }
  }

  @Test(
    "weights that are not numbers give an error and no vectors",
    .enabled(if: Model.hasVocabulary && Model.hasWeights, "\(Model.absent)"))
  func notNumbers() throws {
    defer { clean() }
    let file = try FileHandle(forUpdating: URL(filePath: copyModel()))
    try file.seek(toOffset: 8 + 11_408 + 4096)  // the header, the position ids, then a LayerNorm's bias
    try file.write(contentsOf: Data(repeating: 0xFF, count: 384 * 4))
    try file.close()
    let embedder = try SentenceEmbedder(directory: folder.path)
    #expect { try embedder.embed(["text"]) } throws: { error in
      if case .damaged = error as? EmbeddingError { true } else { false }
    }
  }

  /// The real model with its vocabulary, to be broken; the path of its weights.
  private func copyModel() throws -> String {
    for name in ["vocab.txt", "model.safetensors"] {
      try FileManager.default.copyItem(
        atPath: "\(Model.directory)/\(name)", toPath: folder.appending(path: name).path)
    }
    return folder.appending(path: "model.safetensors").path
  }

  private func open() throws { _ = try SentenceEmbedder(directory: folder.path) }
  private func clean() { try? FileManager.default.removeItem(at: folder) }

  /// Five pieces, all special: enough to get past the tokenizer and into the weights.
  private func writeVocabulary() throws {
    try Data("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n".utf8).write(to: folder.appending(path: "vocab.txt"))
  }

  private func write(header: String, bytes: Int, alignment: Int = 1) throws {
    var header = Data(header.utf8)
    while header.count % alignment != 0 { header.append(UInt8(ascii: " ")) }
    var file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    file += header + Data(count: bytes)
    try file.write(to: folder.appending(path: "model.safetensors"))
  }
}
