package import Transport

/// The embedding models this program can ask for vectors, one case a vendor.
package enum EmbeddingVendor: String, Sendable, CaseIterable, Codable {
  case openAI = "openai"
  case azure
  case google
  case ollama

  /// What it is reached at unless told.
  fileprivate var address: String? {
    switch self {
    case .openAI: "https://api.openai.com/v1"
    case .azure: nil
    case .google: "https://generativelanguage.googleapis.com"
    case .ollama: "http://127.0.0.1:11434"
    }
  }

  /// What is asked for unless told.
  fileprivate var model: String? {
    switch self {
    case .openAI: "text-embedding-3-small"
    case .azure: nil
    case .google: "gemini-embedding-001"
    case .ollama: "nomic-embed-text"
    }
  }
}

/// Which embedding model is asked, and where. As JSON it is without its key.
package struct EmbeddingChoice: Sendable, Codable {
  package var vendor: EmbeddingVendor
  package var model: String?
  /// Nil for a model whose width is known.
  package var dimensions: Int?
  package var baseURL: String?
  package var key: String?
  /// Of Azure's interface.
  package var apiVersion: String?
  package var proxy: String?

  package init(vendor: EmbeddingVendor) {
    self.vendor = vendor
  }

  private enum CodingKeys: String, CodingKey {
    case vendor, model, dimensions, proxy
    case baseURL = "base_url"
    case apiVersion = "api_version"
  }

  /// What widely used models make, and whether they can be told to make less.
  private static let known: [String: (dimensions: Int, isFlexible: Bool)] = [
    "text-embedding-3-small": (1536, true), "text-embedding-3-large": (3072, true),
    "text-embedding-ada-002": (1536, false), "gemini-embedding-001": (3072, true),
    "text-embedding-004": (768, true), "nomic-embed-text": (768, false), "mxbai-embed-large": (1024, false),
    "bge-m3": (1024, false), "all-minilm": (384, false), "snowflake-arctic-embed2": (1024, false),
    "embeddinggemma": (768, false), "qwen3-embedding": (4096, false),
  ]

  /// The model that is asked.
  /// - Throws: `.misconfigured` with the setting that is missing.
  package func model(client: HTTPClient) throws(ModelError) -> any EmbeddingModel {
    guard let address = baseURL ?? vendor.address else {
      throw .misconfigured("embedding.base_url is missing: where the \(vendor.rawValue) embedding model is.")
    }
    guard let model = model ?? vendor.model else {
      throw .misconfigured("embedding.model is missing: which model of \(vendor.rawValue) makes vectors.")
    }
    let known = Self.known[model.prefix { $0 != ":" }.description]
    guard let width = dimensions ?? known?.dimensions else {
      throw .misconfigured("embedding.dimensions is missing: how many numbers \(model) makes of a text.")
    }
    let server = EmbeddingServer(baseURL: address, key: key, proxy: proxy)
    switch vendor {
    case .openAI:
      return OpenAIEmbeddings(
        model: model, dimensions: width,
        sendsDimensions: known?.isFlexible == true && width != known?.dimensions,
        server: server, client: client)
    case .azure:
      return AzureEmbeddings(
        deployment: model, version: apiVersion ?? "2024-10-21", dimensions: width, server: server,
        client: client)
    case .google: return GoogleEmbeddings(model: model, dimensions: width, server: server, client: client)
    case .ollama: return OllamaEmbeddings(model: model, dimensions: width, server: server, client: client)
    }
  }
}
