import Conversation
package import Transport

/// Makes of a definition something that can be asked.
package struct ModelFactory: Sendable {
  package let accounts: ProviderAccounts
  let client: HTTPClient
  private let vertex: VertexTokens?
  private let vertexProblem: ModelError?
  private let vertexProject: String?

  private static let regionDefault = "us-west-2"
  private static let locationDefault = "global"

  /// - Parameter client: one whose egress policy allows every provider's address.
  package init(accounts: ProviderAccounts, client: HTTPClient) {
    self.accounts = accounts
    self.client = client
    let account = accounts["vertex"]
    var (tokens, problem, project): (VertexTokens?, ModelError?, String?) = (nil, nil, account.project)
    if let path = account.credentialsFile {
      do throws(ModelError) {
        let credentials = try GoogleCredentials(contentsOf: path)
        tokens = VertexTokens(credentials: credentials, client: client)
        project = project ?? credentials.project
      } catch {
        problem = error
      }
    }
    (vertex, vertexProblem, vertexProject) = (tokens, problem, project)
  }

  /// - Parameter apiKey: the definition's own; without it the provider's, if the definition stays at its address.
  /// - Throws: `.misconfigured` with what to set.
  func chat(for definition: ModelDefinition, apiKey: String?) throws(ModelError) -> any ChatModel {
    guard let provider = ProviderCatalog.provider(definition.provider) else {
      let known = ProviderCatalog.providers.map(\.id).joined(separator: ", ")
      throw .misconfigured("There is no provider called \"\(definition.provider)\". Known are: \(known).")
    }
    let parameters = ModelParameters(definition)
    switch provider.wire {
    case .openAI(let dialect):
      let endpoint = try endpoint(of: definition, provider, apiKey)
      if provider.id == "openai", endpoint.baseURL == provider.baseURL,
        GPTFamily(definition.model).wantsResponses
      {
        return OpenAIResponses(parameters, endpoint: endpoint, client: client)
      }
      return OpenAIChat(parameters, endpoint: endpoint, dialect: dialect, client: client)
    case .azure: return try azure(definition, provider, apiKey)
    case .anthropic:
      return AnthropicChat(
        parameters, endpoint: try endpoint(of: definition, provider, apiKey), client: client)
    case .gemini:
      let endpoint = try endpoint(of: definition, provider, apiKey)
      return GeminiChat(parameters, endpoint: endpoint, access: .apiKey, client: client)
    case .vertex: return try vertexChat(definition, provider)
    case .bedrock: return try bedrock(definition, provider, apiKey)
    case .ollama:
      return OllamaChat(parameters, endpoint: try endpoint(of: definition, provider, apiKey), client: client)
    }
  }

  /// Where the model is; a key goes only to the server it was given for.
  private func endpoint(
    of definition: ModelDefinition, _ provider: Provider, _ apiKey: String?, default address: String? = nil
  ) throws(ModelError) -> Endpoint {
    let account = accounts[provider.id]
    let usual = account.baseURL ?? address ?? provider.baseURL
    guard let baseURL = definition.baseURL ?? usual else {
      throw .misconfigured("\(provider.title) needs an address: set \(provider.setting).")
    }
    let key = apiKey ?? (definition.baseURL == nil || definition.baseURL == usual ? account.apiKey : nil)
    if provider.needsKey, key == nil, baseURL == provider.baseURL {
      throw .misconfigured("\(provider.title) needs a key: set \(provider.setting).")
    }
    return Endpoint(
      baseURL: baseURL, apiKey: key, organization: account.organization, proxy: account.proxy,
      deadlines: accounts.deadlines)
  }

  private func azure(
    _ definition: ModelDefinition, _ provider: Provider, _ apiKey: String?
  ) throws(ModelError) -> any ChatModel {
    var endpoint = try endpoint(of: definition, provider, apiKey)
    guard endpoint.apiKey != nil else {
      throw .misconfigured("Azure OpenAI needs a key: set azure_openai.api_key.")
    }
    let version = accounts[provider.id].apiVersion
    endpoint.baseURL = AzureOpenAI.baseURL(
      of: endpoint.baseURL, deployment: definition.model, apiVersion: version)
    return OpenAIChat(
      ModelParameters(definition), endpoint: endpoint, dialect: .azure(apiVersion: version), client: client)
  }

  private func vertexChat(
    _ definition: ModelDefinition, _ provider: Provider
  ) throws(ModelError) -> any ChatModel {
    if let vertexProblem { throw vertexProblem }
    guard let vertex else {
      throw .misconfigured(
        "Vertex AI needs a service account: set google.application_credentials to its file.")
    }
    guard let vertexProject else { throw .misconfigured("Vertex AI needs a project: set google.project.") }
    let location = accounts[provider.id].region ?? Self.locationDefault
    let host = location == "global" ? "aiplatform.googleapis.com" : "\(location)-aiplatform.googleapis.com"
    // A token opens all of the project, so it goes to Google or where the administrator's settings say.
    let usual = accounts[provider.id].baseURL ?? "https://\(host)"
    let path =
      "/v1/projects/\(vertexProject.pathEscaped)/locations/\(location.pathEscaped)/publishers/google"
    let endpoint = Endpoint(
      baseURL: usual.trimmingTrailingSlashes + path, apiKey: nil, deadlines: accounts.deadlines)
    return GeminiChat(
      ModelParameters(definition), endpoint: endpoint, access: .vertex(vertex), client: client)
  }

  private func bedrock(
    _ definition: ModelDefinition, _ provider: Provider, _ apiKey: String?
  ) throws(ModelError) -> any ChatModel {
    let account = accounts[provider.id]
    let region = account.region ?? Self.regionDefault
    let usual = "https://bedrock-runtime.\(region).amazonaws.com"
    let endpoint = try endpoint(of: definition, provider, apiKey, default: usual)
    return BedrockChat(
      ModelParameters(definition), endpoint: endpoint,
      access: .init(region: region) { account.awsCredentials }, client: client)
  }
}
