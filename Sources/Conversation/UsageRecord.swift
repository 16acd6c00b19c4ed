/// What one model call of a run took, for accounts and budgets.
package struct UsageRecord: Sendable, Equatable {
  package var userID: Identifier<User>
  package var assistantID: Identifier<Assistant>
  package var threadID: Identifier<Thread>
  package var runID: Identifier<Run>
  /// The catalogue's name of the model that answered.
  package var model: String
  package var usage: TokenUsage
  /// Millionths of a US dollar; nil when the model's prices are not known.
  package var costMicros: Int?
  /// The vendor told no figures, so they were reckoned from the texts.
  package var isEstimated: Bool
  package var createdAt: Timestamp

  package init(
    run: Run, model: String, usage: TokenUsage, costMicros: Int?, isEstimated: Bool = false,
    createdAt: Timestamp = .now
  ) {
    userID = run.userID
    assistantID = run.assistantID
    threadID = run.threadID
    runID = run.id
    self.model = model
    self.usage = usage
    self.costMicros = costMicros
    self.isEstimated = isEstimated
    self.createdAt = createdAt
  }
}

/// The sum of many calls.
package struct UsageTotal: Codable, Sendable, Equatable {
  /// The day, model or assistant it is the sum of; nil for everything.
  package var key: String?
  package var calls: Int
  package var inputTokens: Int
  package var cachedTokens: Int
  package var outputTokens: Int
  /// Millionths of a US dollar, of the calls whose price is known.
  package var costMicros: Int
  /// Calls whose price is not known.
  package var unpricedCalls: Int

  package init(
    key: String? = nil, calls: Int = 0, inputTokens: Int = 0, cachedTokens: Int = 0, outputTokens: Int = 0,
    costMicros: Int = 0, unpricedCalls: Int = 0
  ) {
    self.key = key
    self.calls = calls
    self.inputTokens = inputTokens
    self.cachedTokens = cachedTokens
    self.outputTokens = outputTokens
    self.costMicros = costMicros
    self.unpricedCalls = unpricedCalls
  }

  package enum CodingKeys: String, CodingKey {
    case key, calls
    case inputTokens = "input_tokens"
    case cachedTokens = "cached_tokens"
    case outputTokens = "output_tokens"
    case costMicros = "cost_micros"
    case unpricedCalls = "unpriced_calls"
  }
}
