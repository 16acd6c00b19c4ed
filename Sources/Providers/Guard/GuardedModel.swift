import Conversation
import Metering

/// A model with what stands around every one: the conversation cut to what it reads, the breaker before its
/// server, and the models that are asked when it cannot be.
struct GuardedModel: ChatModel {
  /// One model that may answer.
  struct Candidate: Sendable {
    var name: String
    var definition: ModelDefinition
    /// What is missing, when it cannot be asked at all.
    var model: Result<any ChatModel, ModelError>
    var breaker: CircuitBreaker
  }

  /// The model itself, then its fallbacks; looked up at each call, since an administrator may have changed them.
  let candidates: @Sendable () -> [Candidate]

  func reply(
    to request: ChatRequest, receive: (ModelEvent) async -> Void
  ) async throws(ModelError) {
    let candidates = candidates().filter { request.tools.isEmpty || $0.definition.tools == .native }
    for (place, candidate) in candidates.enumerated() {
      var hasSpoken = false
      do throws(ModelError) {
        return try await ask(candidate, request, isFirst: place == 0) { event in
          if !event.isOnlyUsage { hasSpoken = true }
          await receive(event)
        }
      } catch {
        guard !hasSpoken, error.mayGoElsewhere, place + 1 < candidates.count else { throw error }
        ActiveSpan.current.event(
          "fallback",
          [
            "from": .string(candidate.name), "to": .string(candidates[place + 1].name),
            "cause": .string(error.caseName),
          ])
      }
    }
    throw .misconfigured("There is no model to ask.")
  }

  private func ask(
    _ candidate: Candidate, _ request: ChatRequest, isFirst: Bool, receive: (ModelEvent) async -> Void
  ) async throws(ModelError) {
    let model = try candidate.model.get()
    let fitting = request.withPictures(for: candidate.definition).fitting(candidate.definition)
    try await candidate.breaker.run { () async throws(ModelError) in
      var isAnnounced = isFirst
      try await model.reply(to: fitting) { event in
        if !isAnnounced {
          isAnnounced = true
          await receive(.answered(by: candidate.name, isCached: false))
        }
        await receive(event)
      }
    }
  }
}

extension ModelError {
  /// E.g. `rateLimited`: the case without what it holds.
  fileprivate var caseName: String { String("\(self)".prefix { $0 != "(" }) }
}

extension ModelEvent {
  fileprivate var isOnlyUsage: Bool {
    switch self {
    case .usage, .answered: true
    case .text, .toolCall, .thought, .image, .citations, .finished: false
    }
  }
}
