import Conversation
import Providers

/// Reckons what the calls of a run took.
struct ModelAccount: Sendable {
  /// The model that is asked.
  let model: String
  /// What is known of a model, by its name.
  let definition: @Sendable (String) -> ModelDefinition?

  /// What is known of a call before it is made, by OpenTelemetry's names.
  var traced: [String: JSON] {
    let known = definition(model)
    return [
      "gen_ai.operation.name": "chat", "gen_ai.provider.name": .string(known?.provider ?? "opengpts"),
      "gen_ai.request.model": .string(known?.model ?? model), "opengpts.model": .string(model),
    ]
  }

  /// Nil when nothing was taken, or only of what the program brings.
  func record(_ reply: Reply, asked request: ChatRequest, of run: Run) -> UsageRecord? {
    guard model != Engine.builtInModelName else { return nil }
    guard let (usage, isEstimated) = reply.use(asked: request) else { return nil }
    let name = reply.answeredBy ?? model
    return UsageRecord(
      run: run, model: name, usage: usage,
      costMicros: reply.isCached ? 0 : definition(name)?.costMicros(of: usage), isEstimated: isEstimated)
  }
}
