package import Conversation

/// What the settings of providers amount to without any `[[model]]`: the names of the original, with today's
/// models behind them, and each provider's own.
package enum StandardModels {
  /// The names that configurations of the original hold, in its order. They stay valid whatever is set up.
  package static let names = [
    "GPT 3.5 Turbo", "GPT 4 Turbo", "GPT 4o", "GPT 4 (Azure OpenAI)", "Claude 2", "Claude 2 (Amazon Bedrock)",
    "GEMINI", "Mixtral", "Ollama",
  ]

  /// What settings say beside accounts.
  package struct Choices: Sendable {
    /// Asked for under every OpenAI name, when a compatible server knows none of OpenAI's models.
    package var openAIModel: String?
    package var openAITools = ModelDefinition.ToolUse.native
    package var azureDeployment: String?
    package var ollamaModel: String?

    package init(openAIModel: String? = nil) {
      self.openAIModel = openAIModel
    }
  }

  package static func definitions(accounts: ProviderAccounts, choices: Choices) -> [ModelDefinition] {
    let named = openAI(accounts, choices) + azure(accounts, choices) + others(accounts)
    let own = ProviderCatalog.providers.filter { accounts.isSetUp($0.id) && !isElsewhere($0, accounts) }
      .flatMap { provider in
        provider.models.map { ModelDefinition(name: $0, provider: provider.id, model: $0) }
      }
    return (named + own).map { KnownModels.completing($0, sayingAbilities: $0.tools == .native) }
  }

  /// A server that stands in for the provider has its own models.
  private static func isElsewhere(_ provider: Provider, _ accounts: ProviderAccounts) -> Bool {
    accounts[provider.id].baseURL.map { $0 != provider.baseURL } ?? false
  }

  private static func openAI(_ accounts: ProviderAccounts, _ choices: Choices) -> [ModelDefinition] {
    guard accounts.isSetUp("openai"), let provider = ProviderCatalog.provider("openai") else { return [] }
    // A compatible server knows the old names if any; OpenAI itself has retired them.
    let models =
      isElsewhere(provider, accounts)
      ? ["gpt-3.5-turbo", "gpt-4-turbo", "gpt-4o"] : ["gpt-6-luna", "gpt-6-sol", "gpt-6-sol"]
    let known = zip(names, models).map { ($0, choices.openAIModel ?? $1) }
    let own = choices.openAIModel.map { [($0, $0)] } ?? []
    return (known + own).map { name, model in
      var definition = ModelDefinition(name: name, provider: "openai", model: model)
      definition.tools = choices.openAITools
      return definition
    }
  }

  private static func azure(_ accounts: ProviderAccounts, _ choices: Choices) -> [ModelDefinition] {
    guard accounts.isSetUp("azure"), let deployment = choices.azureDeployment else { return [] }
    return [ModelDefinition(name: "GPT 4 (Azure OpenAI)", provider: "azure", model: deployment)]
  }

  private static func others(_ accounts: ProviderAccounts) -> [ModelDefinition] {
    let google = accounts.isSetUp("vertex") ? "vertex" : "google"
    let named = [
      ("Claude 2", "anthropic", "claude-haiku-5-5"),
      ("Claude 2 (Amazon Bedrock)", "bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
      ("GEMINI", google, "gemini-3.8-flash"),
      ("Mixtral", "fireworks", "accounts/fireworks/models/mixtral-8x22b-instruct"),
    ]
    return named.filter { accounts.isSetUp($0.1) }.map { ModelDefinition(name: $0, provider: $1, model: $2) }
  }
}
