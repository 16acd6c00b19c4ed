/// What a model call took, in tokens as the vendor counts them; the JSON is LangChain's `usage_metadata`.
package struct TokenUsage: Sendable, Hashable {
  /// Everything that was read, cached or not.
  package var inputTokens: Int
  package var outputTokens: Int
  package var totalTokens: Int
  /// Of the input: what the vendor had in its cache, and what it put there.
  package var cacheReadTokens = 0
  package var cacheWriteTokens = 0
  /// Of the output: what was thought and not said.
  package var reasoningTokens = 0

  package init(
    inputTokens: Int, outputTokens: Int, totalTokens: Int? = nil, cacheReadTokens: Int = 0,
    cacheWriteTokens: Int = 0, reasoningTokens: Int = 0
  ) {
    self.inputTokens = Self.bounded(inputTokens)
    self.outputTokens = Self.bounded(outputTokens)
    self.totalTokens = Self.bounded(totalTokens ?? self.inputTokens + self.outputTokens)
    self.cacheReadTokens = min(Self.bounded(cacheReadTokens), self.inputTokens)
    self.cacheWriteTokens = min(
      Self.bounded(cacheWriteTokens), self.inputTokens - self.cacheReadTokens)
    self.reasoningTokens = min(Self.bounded(reasoningTokens), self.outputTokens)
  }

  /// A server can claim anything; sums over many calls must not overflow.
  private static func bounded(_ count: Int) -> Int {
    min(max(count, 0), 1 << 40)
  }
}

extension TokenUsage: Codable {
  private enum CodingKeys: String, CodingKey {
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case totalTokens = "total_tokens"
    case inputDetails = "input_token_details"
    case outputDetails = "output_token_details"
  }

  private struct InputDetails: Codable {
    var cacheRead: Int?
    var cacheCreation: Int?

    enum CodingKeys: String, CodingKey {
      case cacheRead = "cache_read"
      case cacheCreation = "cache_creation"
    }
  }

  private struct OutputDetails: Codable {
    var reasoning: Int?
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let input = try container.decodeIfPresent(InputDetails.self, forKey: .inputDetails)
    let output = try container.decodeIfPresent(OutputDetails.self, forKey: .outputDetails)
    self.init(
      inputTokens: try container.decode(Int.self, forKey: .inputTokens),
      outputTokens: try container.decode(Int.self, forKey: .outputTokens),
      totalTokens: try container.decodeIfPresent(Int.self, forKey: .totalTokens),
      cacheReadTokens: input?.cacheRead ?? 0, cacheWriteTokens: input?.cacheCreation ?? 0,
      reasoningTokens: output?.reasoning ?? 0)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(inputTokens, forKey: .inputTokens)
    try container.encode(outputTokens, forKey: .outputTokens)
    try container.encode(totalTokens, forKey: .totalTokens)
    if cacheReadTokens + cacheWriteTokens > 0 {
      let details = InputDetails(cacheRead: cacheReadTokens, cacheCreation: cacheWriteTokens)
      try container.encode(details, forKey: .inputDetails)
    }
    if reasoningTokens > 0 {
      try container.encode(OutputDetails(reasoning: reasoningTokens), forKey: .outputDetails)
    }
  }
}
