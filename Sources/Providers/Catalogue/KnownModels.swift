package import Conversation

/// What is known of models by their names, so that nobody has to look it up: a list with a date. What a
/// definition says itself counts.
///
/// Sources, read in November 2026: developers.openai.com/api/docs/pricing, platform.claude.com/docs/en/models,
/// ai.google.dev/gemini-api/docs/pricing. Prices are those of short conversations, in US dollars per million
/// tokens; OpenAI and Google ask more beyond 200,000 to 272,000 tokens.
package enum KnownModels {
  struct Facts {
    let name: String
    let context: Int
    let output: Int
    let prices: (input: Double, output: Double, cached: Double?)
    var images = true
    var thinking = false
    var tools = ModelDefinition.ToolUse.native
  }

  static let all: [Facts] = [
    Facts(name: "gpt-6.2-astra", context: 1_050_000, output: 128_000, prices: (8, 40, 0.4), thinking: true),
    Facts(name: "gpt-6.2-sol", context: 1_050_000, output: 128_000, prices: (2, 10, nil), thinking: true),
    Facts(name: "gpt-6.1-sol", context: 1_050_000, output: 128_000, prices: (2, 10, 0.1), thinking: true),
    Facts(name: "gpt-6-sol", context: 1_050_000, output: 128_000, prices: (2, 10, 0.2), thinking: true),
    Facts(name: "gpt-6-luna", context: 1_050_000, output: 128_000, prices: (0.1, 0.5, 0.01), thinking: true),
    Facts(name: "gpt-5.6-sol", context: 1_050_000, output: 128_000, prices: (4, 20, 0.4), thinking: true),
    Facts(name: "gpt-5.6-terra", context: 1_050_000, output: 128_000, prices: (2, 12, 0.2), thinking: true),
    Facts(
      name: "gpt-5.6-luna", context: 1_050_000, output: 128_000, prices: (0.2, 1.2, 0.02), thinking: true),
    Facts(
      name: "gpt-5.4-mini", context: 400_000, output: 128_000, prices: (0.75, 4.5, 0.075), thinking: true),
    Facts(name: "gpt-5.4", context: 1_050_000, output: 128_000, prices: (2.5, 15, 0.25), thinking: true),
    Facts(name: "gpt-4.1", context: 1_047_576, output: 32_768, prices: (2, 8, 0.5)),
    Facts(name: "gpt-4o-mini", context: 128_000, output: 16_384, prices: (0.15, 0.6, 0.075)),
    Facts(name: "gpt-4o", context: 128_000, output: 16_384, prices: (2.5, 10, 1.25)),
    Facts(name: "gpt-4-turbo", context: 128_000, output: 4_096, prices: (10, 30, nil)),
    Facts(name: "gpt-3.5-turbo", context: 16_385, output: 4_096, prices: (0.5, 1.5, nil), images: false),
    Facts(name: "claude-fable-5-1", context: 1_000_000, output: 128_000, prices: (10, 50, 1), thinking: true),
    Facts(name: "claude-opus-5-5", context: 1_000_000, output: 128_000, prices: (4, 20, 0.4), thinking: true),
    Facts(name: "claude-opus-5", context: 1_000_000, output: 128_000, prices: (5, 25, 0.5), thinking: true),
    Facts(
      name: "claude-sonnet-5-5", context: 1_000_000, output: 128_000, prices: (2, 10, 0.2), thinking: true),
    Facts(name: "claude-sonnet-5", context: 1_000_000, output: 128_000, prices: (2, 10, 0.2), thinking: true),
    Facts(
      name: "claude-haiku-5-5", context: 1_000_000, output: 128_000, prices: (0.1, 0.5, 0.01), thinking: true),
    Facts(name: "claude-haiku-4-5", context: 200_000, output: 64_000, prices: (1, 5, 0.1)),
    Facts(name: "claude-3-haiku", context: 200_000, output: 4_096, prices: (0.25, 1.25, 0.03)),
    // Withdrawn, but what assistants of the original ask for: no tool calls of their own.
    Facts(
      name: "claude-v2", context: 100_000, output: 4_096, prices: (8, 24, nil), images: false, tools: .xml),
    Facts(
      name: "gemini-3.8-flash", context: 1_048_576, output: 65_536, prices: (0.75, 3.75, 0.075),
      thinking: true),
    Facts(
      name: "gemini-3.5-flash", context: 1_048_576, output: 65_536, prices: (1.5, 9, 0.15), thinking: true),
  ]

  /// The definition with what it leaves open filled in. Names of gateways and clouds hold the vendor's name:
  /// `us.anthropic.claude-haiku-4-5-20251001-v1:0`, `openai/gpt-6-sol`.
  package static func completing(_ definition: ModelDefinition, sayingAbilities: Bool = true)
    -> ModelDefinition
  {
    let match = all.filter { definition.model.contains($0.name) }.max { $0.name.count < $1.name.count }
    guard let facts = match else { return definition }
    var complete = definition
    complete.contextTokens = definition.contextTokens ?? facts.context
    if definition.inputPrice == nil, definition.outputPrice == nil {
      complete.inputPrice = facts.prices.input
      complete.outputPrice = facts.prices.output
      complete.cachedInputPrice = definition.cachedInputPrice ?? facts.prices.cached
    }
    if sayingAbilities {
      complete.images = facts.images
      complete.thinking = facts.thinking
      complete.tools = facts.tools
    }
    return complete
  }
}
