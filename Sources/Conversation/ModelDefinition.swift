/// A model that assistants may name: which vendor's, what it can do, what it costs. It comes from the
/// configuration file, from an administrator, or from the program itself. Holds no key.
package struct ModelDefinition: Sendable, Equatable {
  /// What configurations call it, and people see.
  package var name: String
  /// An id of the provider catalogue.
  package var provider: String
  /// What the vendor calls it; with Azure the deployment.
  package var model: String
  /// In place of the provider's own address.
  package var baseURL: String?
  /// Tokens it reads and writes in one call; nil when nobody knows.
  package var contextTokens: Int?
  /// The most it may write in one reply.
  package var maxOutputTokens: Int?
  /// US dollars per million tokens; nil when nobody knows.
  package var inputPrice: Double?
  package var outputPrice: Double?
  /// For input the vendor had in its cache; nil: as `inputPrice`.
  package var cachedInputPrice: Double?
  package var tools: ToolUse = .native
  /// Whether it sees images.
  package var images = false
  /// How hard it thinks before it answers: the vendor's own words (`low`, `medium`, `high`, `none` …); nil
  /// leaves it to the vendor.
  package var effort: String?
  /// Whether it thinks at all.
  package var thinking = false
  /// The model asked when this one cannot be.
  package var fallback: String?
  /// Whether the same question gets the answer it got before, without asking again.
  package var cache = false

  /// How it calls tools.
  package enum ToolUse: String, Codable, Sendable, CaseIterable {
    case native
    /// In tags of its text.
    case xml
  }

  package init(name: String, provider: String, model: String) {
    self.name = name
    self.provider = provider
    self.model = model
  }
}

// MARK: Cost

extension ModelDefinition {
  /// Writing into the vendor's cache costs a quarter more than reading plainly, wherever it costs more at all
  /// (Anthropic, OpenAI and Amazon, November 2026).
  private static let cacheWriteFactor = 1.25

  /// Millionths of a US dollar; nil when the prices are not known.
  package func costMicros(of usage: TokenUsage) -> Int? {
    guard let inputPrice, let outputPrice else { return nil }
    let plain = usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens
    let cost =
      Double(plain) * inputPrice + Double(usage.cacheReadTokens) * (cachedInputPrice ?? inputPrice)
      + Double(usage.cacheWriteTokens) * inputPrice * Self.cacheWriteFactor
      + Double(usage.outputTokens) * outputPrice
    return Int(min(max(cost, 0), 1e15).rounded())
  }
}

// MARK: Coding

extension ModelDefinition: Codable {
  package enum CodingKeys: String, CodingKey, CaseIterable {
    case name, provider, model, tools, images, effort, thinking, fallback, cache
    case baseURL = "base_url"
    case contextTokens = "context_tokens"
    case maxOutputTokens = "max_output_tokens"
    case inputPrice = "input_price"
    case outputPrice = "output_price"
    case cachedInputPrice = "cached_input_price"
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      provider: try values.decode(String.self, forKey: .provider),
      model: try values.decode(String.self, forKey: .model))
    baseURL = try values.decodeIfPresent(String.self, forKey: .baseURL)
    contextTokens = try values.decodeIfPresent(Int.self, forKey: .contextTokens)
    maxOutputTokens = try values.decodeIfPresent(Int.self, forKey: .maxOutputTokens)
    inputPrice = try values.decodeIfPresent(Double.self, forKey: .inputPrice)
    outputPrice = try values.decodeIfPresent(Double.self, forKey: .outputPrice)
    cachedInputPrice = try values.decodeIfPresent(Double.self, forKey: .cachedInputPrice)
    tools = try values.decodeIfPresent(ToolUse.self, forKey: .tools) ?? .native
    images = try values.decodeIfPresent(Bool.self, forKey: .images) ?? false
    effort = try values.decodeIfPresent(String.self, forKey: .effort)
    thinking = try values.decodeIfPresent(Bool.self, forKey: .thinking) ?? false
    fallback = try values.decodeIfPresent(String.self, forKey: .fallback)
    cache = try values.decodeIfPresent(Bool.self, forKey: .cache) ?? false
  }
}
