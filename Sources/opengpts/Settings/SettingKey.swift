/// Names one setting; the raw value is its key in the configuration file.
///
/// `OPENGPTS_` and the key in capitals, dots as underscores, is its environment variable.
enum SettingKey: String, CaseIterable, Sendable {
  case listen
  case dataDirectory = "data_dir"
  case webDirectory = "web_dir"
  case allowedHosts = "allowed_hosts"

  case logLevel = "log.level"

  case authType = "auth.type"
  case jwtIssuer = "auth.jwt_issuer"
  case jwtAudience = "auth.jwt_audience"
  case jwtAlgorithm = "auth.jwt_algorithm"
  case jwtDecodeKey = "auth.jwt_decode_key"

  case openAIKey = "openai.api_key"
  case openAIBaseURL = "openai.base_url"
  case openAIModel = "openai.model"
  case openAITools = "openai.tools"
  case openAIOrganization = "openai.organization"
  case openAIProxy = "openai.proxy"

  case modelConnectSeconds = "limits.model_connect_seconds"
  case modelFirstByteSeconds = "limits.model_first_byte_seconds"
  case modelIdleSeconds = "limits.model_idle_seconds"
  case modelTotalSeconds = "limits.model_total_seconds"

  case azureKey = "azure_openai.api_key"
  case azureBaseURL = "azure_openai.base_url"
  case azureAPIVersion = "azure_openai.api_version"
  case azureDeployment = "azure_openai.deployment"
  case azureEmbeddingsDeployment = "azure_openai.embeddings_deployment"
  case anthropicKey = "anthropic.api_key"
  case anthropicBaseURL = "anthropic.base_url"
  case awsAccessKeyID = "aws.access_key_id"
  case awsSecretAccessKey = "aws.secret_access_key"
  case awsSessionToken = "aws.session_token"
  case googleCredentials = "google.application_credentials"
  case fireworksKey = "fireworks.api_key"
  case ollamaBaseURL = "ollama.base_url"
  case ollamaModel = "ollama.model"

  case allowedNetworks = "tools.allowed_networks"
  case contact = "tools.contact"
  case tavilyKey = "tavily.api_key"
  case tavilyURL = "tavily.url"
  case youKey = "you.api_key"
  case youURL = "you.url"
  case duckDuckGoURL = "duckduckgo.url"
  case wikipediaURL = "wikipedia.url"
  case arxivURL = "arxiv.url"
  case pubMedURL = "pubmed.url"
  case edgarSearchURL = "sec.search_url"
  case edgarArchiveURL = "sec.archive_url"
  case imagesBaseURL = "images.base_url"
  case imagesKey = "images.api_key"
  case imagesModel = "images.model"
  case conneryURL = "connery.url"
  case conneryKey = "connery.api_key"
  case langSmithTracing = "langsmith.tracing"
  case langSmithProject = "langsmith.project"
  case langSmithKey = "langsmith.api_key"
  case langSmithURL = "langsmith.url"

  var environmentName: String {
    "OPENGPTS_" + rawValue.uppercased().replacing(".", with: "_")
  }
}
