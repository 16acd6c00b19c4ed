import Dispatch
import Embedding
import Foundation
import Logging

/// The embedding model of this machine: loaded when it is first needed, let go when it has long not been.
///
/// At most two cores work for it: one for what somebody waits for, one for indexing.
actor LocalModel {
  /// Seconds without use after which the model's memory is given back.
  private static let idleSeconds = 600.0
  /// Texts of one batch: some tenths of a second of one core.
  static let batchSize = 8

  private let directory: String
  private let precision: Precision
  private let logger: Logger
  private let awaited = DispatchQueue(label: "embedding.awaited", qos: .userInitiated)
  private let indexing = DispatchQueue(label: "embedding.indexing", qos: .utility)
  private var loaded: SentenceEmbedder?
  private var lastUse = ContinuousClock.now
  private var failure: String?

  init(directory: String, precision: Precision, logger: Logger) {
    self.directory = directory
    self.precision = precision
    self.logger = logger
  }

  /// What embeds now; nil when no model is installed or it cannot be read.
  private func model() -> SentenceEmbedder? {
    lastUse = .now
    if let loaded { return loaded }
    do throws(EmbeddingError) {
      let model = try SentenceEmbedder(directory: directory, precision: precision)
      loaded = model
      failure = nil
      return model
    } catch {
      let cause = "\(error)"
      if failure != cause { logger.warning("no embedding model", metadata: ["cause": "\(cause)"]) }
      failure = cause
      return nil
    }
  }

  /// Unit vectors in the order of the texts; nil when there is no model. Batches wait for each other, so that
  /// indexing takes one core at most; what somebody waits for does not wait behind it.
  func embed(_ texts: [String], isAwaited: Bool) async throws -> [[Float]]? {
    guard let model = model() else { return nil }
    let queue = isAwaited ? awaited : indexing
    var vectors: [[Float]] = []
    for start in stride(from: 0, to: texts.count, by: Self.batchSize) {
      try Task.checkCancellation()
      let batch = Array(texts[start..<min(start + Self.batchSize, texts.count)])
      vectors += try await run(batch, with: model, on: queue)
    }
    return vectors
  }

  private func run(_ texts: [String], with model: SentenceEmbedder, on queue: DispatchQueue) async throws
    -> [[Float]]
  {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try model.embed(texts) }) }
    }
  }

  /// Gives the memory back when the model was not used for long. To be called now and then.
  func releaseIfIdle() {
    if loaded != nil, ContinuousClock.now - lastUse > .seconds(Self.idleSeconds) { loaded = nil }
  }

  /// Whether a model is there, found out by looking at it rather than by loading it.
  nonisolated var isInstalled: Bool {
    ["model.safetensors", "vocab.txt"].allSatisfy {
      FileManager.default.fileExists(atPath: "\(directory)/\($0)")
    }
  }
}
