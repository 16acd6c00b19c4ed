package import Embedding
package import Logging
import Metering
package import Providers
import Synchronization

/// The vectors of one model: those of different models never meet in one index.
package struct VectorSpace: Sendable, Hashable {
  /// Recorded with each vector.
  package var model: String
  package var dimensions: Int

  /// Of all-MiniLM-L6-v2 in floats.
  static let standard = builtIn(.float32)

  /// Of all-MiniLM-L6-v2; those computed in 8 bits count as another model's.
  static func builtIn(_ precision: Precision) -> VectorSpace {
    let suffix = precision == .float32 ? "" : "-\(precision.rawValue)"
    return VectorSpace(model: SentenceEmbedder.modelName + suffix, dimensions: SentenceEmbedder.dimensions)
  }
}

/// What makes vectors of texts: the model of this machine, or one that is asked elsewhere.
package final class Embedder: Sendable {
  /// Where vectors come from.
  package enum Source: Sendable {
    /// all-MiniLM-L6-v2 in this process, from the folder where `model.safetensors` and `vocab.txt` lie, or will.
    case builtIn(directory: String, precision: Precision = .float32)
    case remote(any EmbeddingModel)
  }

  /// Which vectors it makes.
  package let space: VectorSpace
  /// Texts to be handed over together when many are embedded.
  let batchSize: Int
  private let local: LocalModel?
  private let remote: (any EmbeddingModel)?
  private let logger: Logger
  /// Why the model elsewhere does not answer; nil while it does.
  private let failure = Mutex<Failure?>(nil)

  private struct Failure {
    var cause: String
    /// For people.
    var problem: String
    /// Until then no question waits for it again.
    var restsUntil: ContinuousClock.Instant
  }

  /// How long questions are answered by words alone after the model did not answer one.
  private static let restSeconds = 30.0
  private let queryTimes = Histogram()
  private let passageTimes = Histogram()
  private let texts = Tally<String>()

  package init(_ source: Source, logger: Logger) {
    self.logger = logger
    switch source {
    case .builtIn(let directory, let precision):
      local = LocalModel(directory: directory, precision: precision, logger: logger)
      remote = nil
      space = .builtIn(precision)
      batchSize = LocalModel.batchSize
    case .remote(let model):
      local = nil
      remote = model
      space = VectorSpace(model: model.name, dimensions: model.dimensions)
      batchSize = model.batchSize
    }
  }

  /// A question's vector; nil when no model answers, which is in the log.
  func embed(query: String) async throws -> [Float]? {
    if isResting { return nil }
    return try await ifPossible { try await vectors(of: [query], as: .query, isAwaited: true) }?.first
  }

  /// Unit vectors in the order of the texts; nil when no model answers, which is in the log.
  func embed(_ texts: [String], isAwaited: Bool = false) async throws -> [[Float]]? {
    try await ifPossible { try await vectors(of: texts, as: .passage, isAwaited: isAwaited) }
  }

  /// The same for work that can wait for the model to answer again.
  /// - Returns: nil when no model is installed here.
  /// - Throws: `ModelError`.
  func embedInBackground(_ texts: [String]) async throws -> [[Float]]? {
    try await vectors(of: texts, as: .passage, isAwaited: false)
  }

  private func vectors(
    of texts: [String], as purpose: EmbeddingPurpose, isAwaited: Bool
  ) async throws -> [[Float]]? {
    let began = ContinuousClock.now
    guard let vectors = try await plainVectors(of: texts, as: purpose, isAwaited: isAwaited) else {
      return nil
    }
    switch purpose {
    case .query: queryTimes.observe(ContinuousClock.now - began)
    case .passage: passageTimes.observe(ContinuousClock.now - began)
    }
    self.texts.add(purpose == .query ? "query" : "passage", texts.count)
    return vectors
  }

  func measure(into exposition: inout Exposition) {
    exposition.counter(
      "embedded_texts_total", "Texts that got their vectors.",
      texts.reading.sorted { $0.key < $1.key }.map { .init(Double($0.value), ["kind": $0.key]) })
    exposition.histogram(
      "embedding_seconds",
      "Time of making vectors: of a question, or of some passages together, with waiting.",
      [(["kind": "query"], queryTimes), (["kind": "passage"], passageTimes)])
  }

  private func plainVectors(
    of texts: [String], as purpose: EmbeddingPurpose, isAwaited: Bool
  ) async throws -> [[Float]]? {
    guard let remote else { return try await local?.embed(texts, isAwaited: isAwaited) }
    var vectors: [[Float]] = []
    for start in stride(from: 0, to: texts.count, by: remote.batchSize) {
      try Task.checkCancellation()
      // Vendors refuse an empty text.
      let batch = texts[start..<min(start + remote.batchSize, texts.count)].map {
        $0.allSatisfy(\.isWhitespace) ? "-" : $0
      }
      vectors += try await remote.embed(batch, as: purpose)
    }
    failure.withLock { $0 = nil }
    return vectors
  }

  private func ifPossible(_ embed: () async throws -> [[Float]]?) async throws -> [[Float]]? {
    do {
      return try await embed()
    } catch ModelError.cancelled {
      throw CancellationError()
    } catch let error as ModelError {
      note(error)
      return nil
    }
  }

  private var isResting: Bool { failure.withLock { $0.map { $0.restsUntil > .now } ?? false } }

  /// The next question asks it again.
  func forgetFailure() {
    failure.withLock { $0 = nil }
  }

  /// Told once, not with every question.
  func note(_ error: ModelError) {
    let cause = "\(error)"
    var seconds = Self.restSeconds
    if case .rateLimited(let asked?) = error { seconds = max(seconds, min(asked, 10 * Self.restSeconds)) }
    let now = Failure(cause: cause, problem: error.embeddingProblem, restsUntil: .now + .seconds(seconds))
    let isNew = failure.withLock { known in
      defer { known = now }
      return known?.cause != cause
    }
    if isNew {
      logger.warning(
        "the embedding model does not answer; words alone count",
        metadata: ["model": "\(space.model)", "cause": "\(cause)"])
    }
  }

  /// Whether the model was made for texts like this one: the one of this machine was for English, and sees
  /// little more than single letters of what is not in Latin ones.
  func knows(_ text: String) -> Bool {
    if remote != nil { return true }
    let letters = text.unicodeScalars.filter(\.properties.isAlphabetic)
    return 2 * letters.count { $0.value >= 0x0370 } <= letters.count
  }

  /// To be called now and then.
  func releaseIfIdle() async {
    await local?.releaseIfIdle()
  }

  /// Whether there is a model: here its files, elsewhere what was set up.
  var isInstalled: Bool { local?.isInstalled ?? true }

  /// What keeps texts from being compared by their meaning; nil when nothing is known to.
  package var problem: Problem? {
    if let failure = failure.withLock({ $0 }) { return .notAnswering(failure.problem) }
    if !isInstalled { return .notInstalled }
    return nil
  }

  package enum Problem: Sendable, Equatable {
    case notInstalled
    /// Why, for people.
    case notAnswering(String)
  }
}

extension ModelError {
  /// Why an embedding model does not answer and what to do about it, without anything that only its server or this
  /// one may know.
  var embeddingProblem: String {
    switch self {
    case .misconfigured(let text): text
    case .unreachable: "Its server cannot be reached. Check embedding.base_url and that the server runs."
    case .timedOut: "Its server was silent for too long. Check that it runs and is not overloaded."
    case .unauthorized: "Its server refused the key. Check embedding.api_key."
    case .rateLimited: "Its server takes no more requests now; it is asked again after a pause."
    case .unavailable(let status): "Its server has a failure of its own (status \(status))."
    case .suspended: "Its server failed several times in a row, so it is left alone for a while."
    case .rejected(let status, _):
      "Its server rejected the request (status \(status)); the log has its words."
    case .contextTooLong: "A text is longer than it reads."
    case .cut, .malformed, .tooLarge:
      "What its server sent could not be used. Check that embedding.base_url is that of an API."
    case .cancelled: "It was stopped."
    }
  }
}
