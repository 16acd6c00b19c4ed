import Conversation
import Metering
import Providers
import Synchronization

/// Counts what models are asked, by the names under which they are chosen.
final class ModelMeter: Sendable {
  /// Names that are counted by themselves: as many as can be set up. What comes later is counted as one.
  private static let namesAtMost = Limits.models
  private static let otherName = "other"

  private struct Key: Hashable, Comparable {
    let model: String
    /// How it ended, or which tokens are meant.
    let word: String

    static func < (left: Self, right: Self) -> Bool {
      (left.model, left.word) < (right.model, right.word)
    }
  }

  private struct Times: Sendable {
    let whole = Histogram()
    let first = Histogram()
  }

  private let calls = Tally<Key>()
  private let tokens = Tally<Key>()
  private let costMicros = Tally<String>()
  private let times = Mutex<[String: Times]>([:])

  /// - Parameter model: the one that was asked; the reply says which answered.
  func note(
    _ reply: Reply, _ use: UsageRecord?, of model: String, took: Duration, error: ModelError? = nil
  ) {
    let (name, times) = known(reply.answeredBy ?? model)
    calls.add(Key(model: name, word: error.map { $0.isCancelled ? "cancelled" : "failed" } ?? "answered"))
    times.whole.observe(took)
    if let seconds = reply.firstPieceSeconds { times.first.observe(seconds: seconds) }
    guard let use else { return }
    tokens.add(Key(model: name, word: "input"), use.usage.inputTokens)
    tokens.add(Key(model: name, word: "output"), use.usage.outputTokens)
    tokens.add(Key(model: name, word: "cached_input"), use.usage.cacheReadTokens)
    if let cost = use.costMicros { costMicros.add(name, cost) }
  }

  private func known(_ name: String) -> (name: String, times: Times) {
    times.withLock { times in
      let name = times[name] != nil || times.count < Self.namesAtMost ? name : Self.otherName
      let known = times[name] ?? Times()
      times[name] = known
      return (name, known)
    }
  }

  func measure(into exposition: inout Exposition) {
    exposition.counter(
      "model_calls_total", "Calls of models that ended, by how.",
      calls.reading.sorted { $0.key < $1.key }.map { key, count in
        .init(Double(count), ["model": key.model, "outcome": key.word])
      })
    exposition.counter(
      "model_tokens_total", "Tokens that models read and wrote; cached input is a part of input.",
      tokens.reading.sorted { $0.key < $1.key }.map { key, count in
        .init(Double(count), ["model": key.model, "kind": key.word])
      })
    exposition.counter(
      "model_cost_dollars_total", "What calls of models cost whose prices are known, in US dollars.",
      costMicros.reading.sorted { $0.key < $1.key }.map { name, micros in
        .init(Double(micros) / 1_000_000, ["model": name])
      })
    let times = times.withLock { $0 }.sorted { $0.key < $1.key }
    exposition.histogram(
      "model_call_seconds", "Time of calls of models.", times.map { (["model": $0.key], $0.value.whole) })
    exposition.histogram(
      "model_first_piece_seconds", "Time until the first piece of a model's answer.",
      times.map { (["model": $0.key], $0.value.first) })
  }
}
