import Conversation
import Embedding
import Engine
import Providers
import Server
import VectorIndex

extension Setting {
  /// Every setting there is, in the order of the example configuration. To add one: a case of
  /// `SettingKey`, a line here, and a property of `Settings` where it is used.
  static let catalogue: [Setting] =
    appliance + service + openAI + limits + index + vendors + embedding + tools + traces

  private static let appliance: [Setting] = [
    Setting(
      .listen, .address, default: "127.0.0.1:8100",
      "Address and port to serve on. Others than loopback need an auth.type with a sign-in, and tls.certificate or "
        + "trusted_proxies."),
    Setting(
      .dataDirectory, .path, default: "./data",
      "Directory of the database, the uploaded files, the indexes and the embedding model."),
    Setting(
      .webDirectory, .path,
      "Serve the page from this directory instead of the copy inside the program, to work on it."),
    Setting(
      .allowedHosts, .list,
      "Host names besides the loopback ones under which a browser may reach the page."),
    Setting(
      .publicURL, .url,
      "Where people reach the server, if not where it listens, like https://chat.example.com; its host is allowed."
    ),
    Setting(
      .trustedProxies, .list,
      "Addresses or networks of the proxies that speak https with the world for this server, like 127.0.0.1 or "
        + "10.0.0.0/24: what they say of their clients is believed."),
    Setting(
      .proxyFields, .choice(TrustedProxies.Fields.allCases.map(\.rawValue)),
      default: TrustedProxies.Fields.xForwarded.rawValue,
      "Where they say it: x-forwarded is X-Forwarded-For and X-Forwarded-Proto, forwarded is that of RFC 7239."
    ),
    Setting(
      .tlsCertificate, .path,
      "Serve https with the certificate in this PEM file, those that vouch for it behind it. A changed file is "
        + "noticed within ten seconds."),
    Setting(.tlsKey, .path, "The PEM file of its private key, without a passphrase."),
    Setting(
      .tlsHSTS, .duration(60...63_072_000), default: "365d",
      "How long a browser that came by https is to come no other way to this host name, or off: it holds for every "
        + "port of the host (Strict-Transport-Security)."),
    Setting(
      .logLevel, .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
      default: "info", "Least severe messages that are logged."),
    Setting(
      .authType, .choice(AuthType.allCases.map(\.rawValue)), default: "noop", legacy: ["AUTH_TYPE"],
      "How users are told apart: noop believes the opengpts_user_id cookie, and so needs loopback; local has "
        + "accounts with passwords; jwt_local takes tokens; jwt_oidc tokens and sign-ins of an OpenID provider."
    ),
    Setting(
      .jwtIssuer, .text, legacy: ["JWT_ISS"],
      "Issuer a token must name; with jwt_oidc the provider's address, as it calls itself."),
    Setting(
      .jwtAudience, .list, legacy: ["JWT_AUD"],
      "Audiences a token may name; with jwt_oidc, without any, auth.oidc_client_id."),
    Setting(.jwtAlgorithm, .text, legacy: ["JWT_ALG"], "Algorithm tokens are signed with, for jwt_local."),
    Setting(
      .jwtDecodeKey, .text, legacy: ["JWT_DECODE_KEY_B64"], secret: true,
      "Secret or public PEM key that verifies tokens, as base64, for jwt_local."),
    Setting(
      .openIDClient, .text,
      "This server's client id at the OpenID provider: people then sign in there from the page. The provider "
        + "has to allow the redirect to /auth/openid/callback at public_url."),
    Setting(.openIDSecret, .text, secret: true, "The client's secret; a public client has none."),
    Setting(.openIDScopes, .text, default: "openid profile email", "What the provider is asked to tell."),
    Setting(.openIDLabel, .text, "What the button says, e.g. the company's name."),
    Setting(
      .admins, .list,
      "Who, coming from the OpenID provider for the first time, is an administrator: subs, or e-mail addresses "
        + "that the provider has verified."),
    Setting(
      .newUserRole, .choice(Role.allCases.map(\.rawValue)), default: "member",
      "What everybody else may do who comes for the first time by token or through the provider."),
  ]

  private static let service: [Setting] = [
    Setting(
      .logFormat, .choice(["auto", "text", "json", "journal"]), default: "auto",
      "How messages are written: lines of text or of JSON, or records with fields for systemd's journal; auto is "
        + "journal under systemd, and text elsewhere."),
    Setting(
      .metricsAccess, .choice(["loopback", "anyone", "off"]), default: "loopback",
      "Who may read /metrics: programs of this machine that come without a proxy, whoever reaches the port, nobody."
    ),
    Setting(
      .backupEvery, .duration(60...31_536_000), default: "24h",
      "How often the daemon makes a backup of everything, or off."),
    Setting(.backupKeep, .count(1...1_000), default: "7", "How many of these backups are kept."),
    Setting(
      .backupDirectory, .path,
      "Where they are kept, better on another disk; without it, in backups below data_dir."),
    Setting(
      .backupPassphrase, .text, secret: true,
      "Encrypts every backup, if set. Without the passphrase an encrypted backup is worth nothing: keep it elsewhere "
        + "too."),
  ]

  private static let openAI: [Setting] = [
    Setting(
      .openAIKey, .text, legacy: ["OPENAI_API_KEY"], secret: true,
      "API key of OpenAI or of a compatible server; a server of one's own may need none."),
    Setting(
      .openAIBaseURL, .url, legacy: ["OPENAI_API_BASE", "OPENAI_BASE_URL"],
      "Address of a compatible server up to and with /v1; without it, and with a key, OpenAI's own."),
    Setting(
      .openAIModel, .text,
      "Model to ask for, whichever GPT an assistant names: what a compatible server calls its model."),
    Setting(
      .openAITools, .choice(["native", "xml"]), default: "native",
      "How the model calls tools: by itself, or as xml in its text for models that cannot."),
    Setting(.openAIOrganization, .text, legacy: ["OPENAI_ORG_ID"], "Organization that is billed."),
    Setting(
      .openAIProxy, .url, legacy: ["OPENAI_PROXY", "PROXY_URL"],
      "HTTP proxy for requests to the model, and for nothing else."),
  ]

  private static let limits: [Setting] = [
    Setting(
      .modelConnectSeconds, .seconds(0.1...60), default: "5",
      "Seconds until a connection to a model stands."),
    Setting(
      .modelFirstByteSeconds, .seconds(1...3600), default: "60",
      "Seconds until a model begins to answer; a large model on a small machine may need more."),
    Setting(
      .modelIdleSeconds, .seconds(1...3600), default: "60",
      "Seconds a model may pause within an answer."),
    Setting(
      .modelTotalSeconds, .seconds(1...86_400), default: "600",
      "Seconds one answer of a model may take, with its retries."),
    Setting(
      .filesQuota, .megabytes(0...100_000_000), default: "10240",
      "Megabytes that the files of one user may take; 0 for as much as there is room."),
    Setting(
      .chunkCharacters, .count(200...8_000), default: "1000",
      "Characters of a passage at most. Holds for files that are read from then on; a file's menu reads it anew."
    ),
    Setting(
      .chunkOverlap, .count(0...4_000), default: "200",
      "Characters that neighbouring passages share at most; no more than half a passage."),
  ]

  private static let index: [Setting] = [
    Setting(
      .indexLinks, .choice(["8", "12", "16", "24", "32", "48", "64"]), default: "16",
      "Links of a vector in the graph of a large index (M): more finds more and takes more memory. After a "
        + "change, indexes are built anew while the earlier ones serve; changed back, those serve again."),
    Setting(
      .indexBuildWidth, .choice(["50", "100", "200", "400", "800"]), default: "200",
      "Candidates looked at while a vector is linked (efConstruction): more finds more and builds longer."),
    Setting(
      .indexPrecision, .choice(VectorIndex.Parameters.Precision.allCases.map(\.rawValue)),
      default: "automatic",
      "What a graph compares: whole numbers of 4 or 8 bits, or floats; automatic looks at the data."),
    Setting(
      .indexResidentVectors, .choice(["20000", "50000", "100000", "200000", "500000", "1000000"]),
      default: "200000",
      "Vectors of all open indexes together, 1.9 KB each at most; beyond it the least recently used are closed."
    ),
  ]

  private static let vendors: [Setting] = [
    Setting(.azureKey, .text, legacy: ["AZURE_OPENAI_API_KEY"], secret: true, "API key."),
    Setting(
      .azureBaseURL, .url, legacy: ["AZURE_OPENAI_API_BASE"],
      "Address of the resource, like https://name.openai.azure.com."),
    Setting(
      .azureAPIVersion, .text, legacy: ["AZURE_OPENAI_API_VERSION"],
      "Version of the API; without it, the one without versions (/openai/v1)."),
    Setting(
      .azureDeployment, .text, legacy: ["AZURE_OPENAI_DEPLOYMENT_NAME"],
      "Deployment that answers for GPT 4 (Azure OpenAI)."),
    Setting(
      .azureEmbeddingsDeployment, .text, legacy: ["AZURE_OPENAI_EMBEDDINGS_DEPLOYMENT_NAME"],
      "Deployment that embeds, with embedding.provider azure."),
    Setting(.anthropicKey, .text, legacy: ["ANTHROPIC_API_KEY"], secret: true, "API key."),
    Setting(
      .anthropicBaseURL, .url, legacy: ["ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"],
      "Address of the API, without /v1, if not Anthropic's own."),
    Setting(.awsAccessKeyID, .text, legacy: ["AWS_ACCESS_KEY_ID"], "Access key id for Bedrock."),
    Setting(
      .awsSecretAccessKey, .text, legacy: ["AWS_SECRET_ACCESS_KEY"], secret: true,
      "Secret access key for Bedrock."),
    Setting(
      .awsSessionToken, .text, legacy: ["AWS_SESSION_TOKEN"], secret: true,
      "Session token of temporary credentials."),
    Setting(
      .awsRegion, .text, default: "us-west-2", legacy: ["AWS_REGION", "AWS_DEFAULT_REGION"],
      "Region in which Bedrock is asked."),
    Setting(
      .awsProfile, .text, default: "default", legacy: ["AWS_PROFILE"],
      "Profile of the credentials file that is used when no access key is set."),
    Setting(
      .awsCredentialsFile, .path, legacy: ["AWS_SHARED_CREDENTIALS_FILE"],
      "The credentials file, if not .aws/credentials in the home directory."),
    Setting(
      .bedrockKey, .text, legacy: ["AWS_BEARER_TOKEN_BEDROCK"], secret: true,
      "API key of Bedrock, in place of an access key."),
    Setting(.bedrockBaseURL, .url, "Address of Bedrock's runtime, if not the region's own."),
    Setting(
      .googleKey, .text, legacy: ["GEMINI_API_KEY", "GOOGLE_API_KEY"], secret: true, "API key of Gemini."),
    Setting(.googleBaseURL, .url, "Address of the Gemini API, with its version, if not Google's own."),
    Setting(
      .googleCredentials, .path, legacy: ["GOOGLE_APPLICATION_CREDENTIALS"],
      "File of a service account, for Vertex AI."),
    Setting(
      .googleProject, .text, legacy: ["GOOGLE_CLOUD_PROJECT"],
      "Project of Vertex AI, if not the one the credentials name."),
    Setting(
      .googleLocation, .text, default: "global", legacy: ["GOOGLE_CLOUD_LOCATION"], "Location of Vertex AI."),
    Setting(.vertexBaseURL, .url, "Address of Vertex AI, without a path, if not the location's own."),
    Setting(.fireworksKey, .text, legacy: ["FIREWORKS_API_KEY"], secret: true, "API key of Fireworks."),
    Setting(.mistralKey, .text, legacy: ["MISTRAL_API_KEY"], secret: true, "API key of Mistral."),
    Setting(.groqKey, .text, legacy: ["GROQ_API_KEY"], secret: true, "API key of Groq."),
    Setting(.openRouterKey, .text, legacy: ["OPENROUTER_API_KEY"], secret: true, "API key of OpenRouter."),
    Setting(.deepSeekKey, .text, legacy: ["DEEPSEEK_API_KEY"], secret: true, "API key of DeepSeek."),
    Setting(.togetherKey, .text, legacy: ["TOGETHER_API_KEY"], secret: true, "API key of Together."),
    Setting(.xaiKey, .text, legacy: ["XAI_API_KEY"], secret: true, "API key of xAI."),
    Setting(.cerebrasKey, .text, legacy: ["CEREBRAS_API_KEY"], secret: true, "API key of Cerebras."),
    Setting(.perplexityKey, .text, legacy: ["PERPLEXITY_API_KEY"], secret: true, "API key of Perplexity."),
    Setting(.huggingFaceKey, .text, legacy: ["HF_TOKEN"], secret: true, "Token of Hugging Face."),
    Setting(
      .ollamaBaseURL, .url, default: "http://localhost:11434", legacy: ["OLLAMA_BASE_URL"],
      "Address of Ollama."),
    Setting(
      .ollamaModel, .text, legacy: ["OLLAMA_MODEL"],
      "Model that answers for Ollama; without it, the first that is installed."),
    Setting(
      .ollamaLook, .flag, default: "true", "Whether Ollama is looked for, and its models offered."),
  ]

  private static let embedding: [Setting] = [
    Setting(
      .embeddingProvider, .choice(["builtin"] + EmbeddingVendor.allCases.map(\.rawValue)), default: "builtin",
      "Who makes vectors of texts: the model in this program, or one that is sent every text. After a change all "
        + "files get new vectors in the background."),
    Setting(
      .embeddingModel, .text, "Model, or Azure's deployment; without it, the provider's usual one."),
    Setting(
      .embeddingDimensions, .count(0...16_384), default: "0",
      "Numbers of a vector, for a model whose width is not known here; 0 where it is."),
    Setting(
      .embeddingBaseURL, .url, "Address, as for the provider's chat models; without it, theirs."),
    Setting(
      .embeddingKey, .text, secret: true,
      "API key; without it, the provider's, unless embedding.base_url names another server."),
    Setting(
      .embeddingPrecision, .choice(Precision.allCases.map(\.rawValue)), default: Precision.float32.rawValue,
      "Numbers the built-in model computes in; int8 is faster where the processor has AVX-512 VNNI."),
  ]

  private static let tools: [Setting] = [
    Setting(
      .allowedNetworks, .list,
      "Private networks that tools may reach, like 10.1.0.0/16; without, they reach public addresses only."),
    Setting(
      .contact, .text,
      "E-mail address that services are told, so that they can write instead of locking this server out; SEC "
        + "demands one."),
    Setting(
      .askBeforeEgress, .flag, default: "true",
      "Whether people are asked before a tool goes where the model says, or changes something, once both their "
        + "files and strangers' texts are in the conversation."),
    Setting(.tavilyKey, .text, legacy: ["TAVILY_API_KEY"], secret: true, "API key of the Tavily searches."),
    Setting(.tavilyURL, .url, default: "https://api.tavily.com", "Address of Tavily."),
    Setting(.youKey, .text, legacy: ["YDC_API_KEY"], secret: true, "API key of the You.com search."),
    Setting(.youURL, .url, default: "https://ydc-index.io", "Address of You.com's index."),
    Setting(
      .duckDuckGoURL, .url, default: "https://html.duckduckgo.com", "Address of DuckDuckGo's plain page."),
    Setting(
      .wikipediaURL, .url, default: "https://en.wikipedia.org",
      "Address of the Wikipedia to ask: in another language, or any MediaWiki with TextExtracts."
    ),
    Setting(.arxivURL, .url, default: "https://export.arxiv.org", "Address of arXiv's interface."),
    Setting(.pubMedURL, .url, default: "https://eutils.ncbi.nlm.nih.gov", "Address of NCBI's interface."),
    Setting(
      .edgarSearchURL, .url, default: "https://efts.sec.gov",
      "Address of the full-text search of SEC's EDGAR."),
    Setting(.edgarArchiveURL, .url, default: "https://www.sec.gov", "Address of the archive of SEC's EDGAR."),
    Setting(
      .imagesBaseURL, .url,
      "Address of the server that makes images, up to and with /v1; without it, where openai asks."),
    Setting(
      .imagesKey, .text, secret: true,
      "API key for images; without it, openai.api_key, unless images.base_url names another server."),
    Setting(.imagesModel, .text, default: "gpt-image-2.6-flare", "Model that makes images."),
    Setting(.conneryURL, .url, legacy: ["CONNERY_RUNNER_URL"], "Address of the Connery runner."),
    Setting(
      .conneryKey, .text, legacy: ["CONNERY_RUNNER_API_KEY"], secret: true, "API key of the Connery runner."),
  ]

  private static let traces: [Setting] = [
    Setting(
      .tracesKeepDays, .count(0...3_650), default: "14",
      "Days that traces of runs (steps, model calls, tools, searches with their times) are kept; 0 for none."),
    Setting(
      .tracesContent, .flag, default: "false",
      "Whether what was said, and what tools were given and gave, is in traces too, where they are kept and where they "
        + "are sent."),
    Setting(
      .otlpURL, .url, legacy: ["OTEL_EXPORTER_OTLP_ENDPOINT"],
      "OpenTelemetry collector that traces are sent to by OTLP over HTTP, like http://127.0.0.1:4318."),
    Setting(
      .otlpHeaders, .text, legacy: ["OTEL_EXPORTER_OTLP_HEADERS"], secret: true,
      "Headers for the collector, like authorization=Bearer%20abc,x-tenant=1."),
    Setting(
      .tracesService, .text, default: "opengpts", legacy: ["OTEL_SERVICE_NAME"],
      "Name of this service there (service.name)."),
    Setting(
      .langSmithTracing, .flag, default: "false", legacy: ["LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING"],
      "Whether runs, and what people thought of them, are reported to LangSmith."),
    Setting(
      .langSmithProject, .text, default: "default", legacy: ["LANGCHAIN_PROJECT", "LANGSMITH_PROJECT"],
      "Project runs are filed under."),
    Setting(
      .langSmithKey, .text, legacy: ["LANGCHAIN_API_KEY", "LANGSMITH_API_KEY"], secret: true, "API key."),
    Setting(
      .langSmithURL, .url, default: LangSmithDestination.standardURL,
      legacy: ["LANGCHAIN_ENDPOINT", "LANGSMITH_ENDPOINT"], "Address of the API."),
  ]

  /// Variables of the original's deployment that have no counterpart here, and why. They are no error:
  /// other programs may use them; `doctor` names those it meets.
  static let withoutCounterpart: [(name: String, reason: String)] = [
    ("POSTGRES_HOST", sqlite), ("POSTGRES_PORT", sqlite), ("POSTGRES_DB", sqlite),
    ("POSTGRES_USER", sqlite), ("POSTGRES_PASSWORD", sqlite), ("REDIS_URL", sqlite),
    ("VITE_BACKEND_URL", "the page is served by the same process"),
    ("SCARF_NO_ANALYTICS", "nothing is reported anywhere"),
    ("KAY_API_KEY", "Kay.ai is gone; SEC's own search took its place and wants no key"),
  ]

  private static let sqlite = "all data lives in SQLite, in data_dir"
}
