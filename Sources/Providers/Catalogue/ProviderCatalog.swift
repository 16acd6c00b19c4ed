import Conversation
import Transport

/// Somebody who serves models: how to speak with them, and where.
package struct Provider: Sendable {
  /// What definitions and settings call it.
  package let id: String
  /// What people call it.
  package let title: String
  let wire: Wire
  /// Nil where each installation has its own.
  package let baseURL: String?
  /// Whether nothing can be asked without a key.
  package let needsKey: Bool
  /// The setting that holds its key, or what else it cannot do without; for messages.
  package let setting: String
  /// What is offered in its name as soon as it is set up, beside the names of the original.
  let models: [String]

  enum Wire: Sendable {
    case openAI(OpenAIDialect)
    case azure, anthropic, gemini, vertex, bedrock, ollama
  }

  init(
    _ id: String, _ title: String, _ wire: Wire, at baseURL: String? = nil, needsKey: Bool = true,
    setting: String? = nil, models: [String] = []
  ) {
    self.id = id
    self.title = title
    self.wire = wire
    self.baseURL = baseURL
    self.needsKey = needsKey
    self.setting = setting ?? "\(id).api_key"
    self.models = models
  }
}

/// Everybody this program can speak with: one line each. Addresses as of November 2026.
package enum ProviderCatalog {
  package static let providers: [Provider] = [
    Provider(
      "openai", "OpenAI", .openAI(.openAI), at: "https://api.openai.com/v1",
      models: ["gpt-6-sol", "gpt-6-luna"]),
    Provider("azure", "Azure OpenAI", .azure, setting: "azure_openai.base_url"),
    Provider(
      "anthropic", "Anthropic", .anthropic, at: "https://api.anthropic.com",
      models: ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"]),
    Provider("bedrock", "Amazon Bedrock", .bedrock, needsKey: false, setting: "aws.access_key_id"),
    Provider(
      "google", "Google Gemini", .gemini, at: "https://generativelanguage.googleapis.com/v1beta",
      models: ["gemini-3.8-flash"]),
    Provider(
      "vertex", "Google Vertex AI", .vertex, needsKey: false, setting: "google.application_credentials"),
    Provider(
      "ollama", "Ollama", .ollama, at: "http://localhost:11434", needsKey: false, setting: "ollama.base_url"),
    Provider("fireworks", "Fireworks", compatible, at: "https://api.fireworks.ai/inference/v1"),
    Provider(
      "mistral", "Mistral", compatible, at: "https://api.mistral.ai/v1",
      models: ["mistral-large-latest", "mistral-small-latest"]),
    Provider(
      "groq", "Groq", compatible, at: "https://api.groq.com/openai/v1", models: ["llama-3.3-70b-versatile"]),
    Provider(
      "openrouter", "OpenRouter", .openAI(OpenAIDialect(maxFrameBytes: 16 << 20)),
      at: "https://openrouter.ai/api/v1", models: ["openrouter/auto"]),
    Provider(
      "deepseek", "DeepSeek", .openAI(OpenAIDialect(returnsThoughts: true)),
      at: "https://api.deepseek.com/v1",
      models: ["deepseek-chat"]),
    Provider("together", "Together", compatible, at: "https://api.together.xyz/v1"),
    Provider("xai", "xAI", compatible, at: "https://api.x.ai/v1", models: ["grok-4"]),
    Provider("cerebras", "Cerebras", compatible, at: "https://api.cerebras.ai/v1"),
    Provider("perplexity", "Perplexity", compatible, at: "https://api.perplexity.ai"),
    Provider("huggingface", "Hugging Face", compatible, at: "https://router.huggingface.co/v1"),
    Provider("lmstudio", "LM Studio", compatible, at: "http://localhost:1234/v1", needsKey: false),
    Provider("llamacpp", "llama.cpp", compatible, at: "http://localhost:8080/v1", needsKey: false),
    Provider("vllm", "vLLM", compatible, at: "http://localhost:8000/v1", needsKey: false),
    Provider(
      "compatible", "A server that speaks like OpenAI", compatible, needsKey: false, setting: "base_url"),
  ]

  private static let compatible = Provider.Wire.openAI(OpenAIDialect())

  package static func provider(_ id: String) -> Provider? {
    providers.first { $0.id == id }
  }
}
