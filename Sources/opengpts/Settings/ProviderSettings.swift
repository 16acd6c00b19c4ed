import Conversation
import Foundation
import Providers
import Transport

/// Whom models are asked of, beside OpenAI: keys and addresses by provider.
struct ProviderSettings: Sendable {
  fileprivate let values: SettingValues

  init(_ values: SettingValues) {
    self.values = values
  }

  /// The settings that hold one key each, by provider.
  private static let keys: [(provider: String, key: SettingKey)] = [
    ("anthropic", .anthropicKey), ("azure", .azureKey), ("bedrock", .bedrockKey), ("google", .googleKey),
    ("fireworks", .fireworksKey), ("mistral", .mistralKey), ("groq", .groqKey),
    ("openrouter", .openRouterKey),
    ("deepseek", .deepSeekKey), ("together", .togetherKey), ("xai", .xaiKey), ("cerebras", .cerebrasKey),
    ("perplexity", .perplexityKey), ("huggingface", .huggingFaceKey),
  ]

  private static let addresses: [(provider: String, key: SettingKey)] = [
    ("anthropic", .anthropicBaseURL), ("azure", .azureBaseURL), ("bedrock", .bedrockBaseURL),
    ("google", .googleBaseURL), ("vertex", .vertexBaseURL), ("ollama", .ollamaBaseURL),
  ]

  /// Nil when nobody is to look for it.
  var ollamaBaseURL: String? {
    values.flag(.ollamaLook) == false ? nil : values.text(.ollamaBaseURL)
  }

  func accounts(openAI: OpenAISettings, deadlines: Deadlines) -> ProviderAccounts {
    var accounts = ProviderAccounts(deadlines: deadlines)
    for (provider, key) in Self.keys { accounts[provider].apiKey = values.text(key) }
    for (provider, key) in Self.addresses { accounts[provider].baseURL = values.text(key) }
    accounts["openai"] = ProviderAccount(apiKey: openAI.apiKey?.revealed, baseURL: openAI.baseURL)
    accounts["openai"].organization = openAI.organization
    accounts["openai"].proxy = openAI.proxy
    accounts["azure"].apiVersion = values.text(.azureAPIVersion)
    accounts["bedrock"].region = values.text(.awsRegion)
    accounts["bedrock"].aws = awsCredentials
    accounts["bedrock"].awsFile = values.text(.awsCredentialsFile) ?? Self.usualCredentialsFile
    accounts["bedrock"].awsProfile = values.text(.awsProfile) ?? "default"
    accounts["vertex"].credentialsFile = values.text(.googleCredentials)
    accounts["vertex"].project = values.text(.googleProject)
    accounts["vertex"].region = values.text(.googleLocation)
    return accounts
  }

  /// What the settings amount to without any `[[model]]`.
  func standardModels(openAI: OpenAISettings) -> [ModelDefinition] {
    StandardModels.definitions(
      accounts: accounts(openAI: openAI, deadlines: .default), choices: choices(openAI: openAI))
  }

  func choices(openAI: OpenAISettings) -> StandardModels.Choices {
    var choices = StandardModels.Choices(openAIModel: openAI.model)
    choices.openAITools = openAI.callsTools ? .native : .xml
    choices.azureDeployment = values.text(.azureDeployment)
    return choices
  }

  /// The model behind the name Ollama; nil: the first that is installed.
  var ollamaModel: String? { values.text(.ollamaModel) }

  private var awsCredentials: AWSCredentials? {
    guard let id = values.text(.awsAccessKeyID), let secret = values.text(.awsSecretAccessKey) else {
      return nil
    }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: values.text(.awsSessionToken))
  }

  private static var usualCredentialsFile: String {
    FileManager.default.homeDirectoryForCurrentUser.path + "/.aws/credentials"
  }
}
