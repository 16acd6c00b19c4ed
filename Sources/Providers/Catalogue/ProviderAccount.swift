package import Transport

/// What the settings say of one provider.
package struct ProviderAccount: Sendable {
  package var apiKey: String?
  /// In place of the provider's own address.
  package var baseURL: String?
  package var organization: String?
  package var proxy: String?
  /// Azure's version of its API; nil: the one without versions.
  package var apiVersion: String?
  /// Amazon's region, or Google Cloud's location.
  package var region: String?
  /// Google Cloud's project.
  package var project: String?
  package var aws: AWSCredentials?
  /// A profile of `~/.aws/credentials`, asked when no credentials are given.
  package var awsFile: String?
  package var awsProfile = "default"
  /// A file of Google Cloud's credentials.
  package var credentialsFile: String?

  package init(apiKey: String? = nil, baseURL: String? = nil) {
    self.apiKey = apiKey
    self.baseURL = baseURL
  }

  /// Nil when there is neither.
  var awsCredentials: AWSCredentials? {
    aws ?? awsFile.flatMap { AWSCredentials.inFile(at: $0, profile: awsProfile) }
  }
}

/// The accounts by provider, and how long calls may take.
package struct ProviderAccounts: Sendable {
  private var accounts: [String: ProviderAccount]
  package var deadlines: Deadlines

  package init(_ accounts: [String: ProviderAccount] = [:], deadlines: Deadlines = .default) {
    self.accounts = accounts
    self.deadlines = deadlines
  }

  package subscript(provider: String) -> ProviderAccount {
    get { accounts[provider] ?? ProviderAccount() }
    set { accounts[provider] = newValue }
  }

  /// Whether enough is set up to ask this provider for anything.
  func isSetUp(_ id: String) -> Bool {
    let account = self[id]
    return switch id {
    case "azure": account.apiKey != nil && account.baseURL != nil
    case "bedrock": account.apiKey != nil || account.awsCredentials != nil
    case "vertex": account.credentialsFile != nil
    case "ollama": false  // Found by asking it.
    case "openai": account.apiKey != nil || account.baseURL != nil
    default: account.apiKey != nil
    }
  }
}
