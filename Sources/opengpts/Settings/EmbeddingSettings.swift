import Embedding
import Engine
import Providers
import Transport

/// What makes vectors of texts.
struct EmbeddingSettings: Sendable {
  /// Nil: the model in this program.
  private let choice: EmbeddingChoice?
  private let precision: Precision

  init(_ values: SettingValues) {
    precision = values.text(.embeddingPrecision).flatMap(Precision.init(rawValue:)) ?? .float32
    choice = values.text(.embeddingProvider).flatMap(EmbeddingVendor.init(rawValue:)).map { vendor in
      var choice = EmbeddingChoice(vendor: vendor)
      let own = values.text(.embeddingBaseURL)
      let usual = Self.usual(of: vendor, values)
      choice.baseURL = own ?? usual.address
      // A key goes only to the server it was given for.
      choice.key = values.text(.embeddingKey) ?? (own == nil ? usual.key : nil)
      choice.model = values.text(.embeddingModel)
      choice.dimensions = values.integer(.embeddingDimensions).flatMap { $0 == 0 ? nil : $0 }
      if vendor == .azure {
        choice.model = choice.model ?? values.text(.azureEmbeddingsDeployment)
        choice.apiVersion = values.text(.azureAPIVersion)
      }
      if vendor == .openAI { choice.proxy = values.text(.openAIProxy) }
      return choice
    }
  }

  /// What the vendor's chat models are reached by.
  private static func usual(
    of vendor: EmbeddingVendor, _ values: SettingValues
  ) -> (address: String?, key: String?) {
    switch vendor {
    case .openAI: (values.text(.openAIBaseURL), values.text(.openAIKey))
    case .azure: (values.text(.azureBaseURL), values.text(.azureKey))
    case .google: (values.text(.googleBaseURL), values.text(.googleKey))
    case .ollama: (values.text(.ollamaBaseURL), nil)
    }
  }

  /// The model that is wanted, and the way to any.
  /// - Parameters:
  ///   - directory: where the model in this program lies, or will.
  ///   - client: one whose egress policy allows the servers.
  func setup(directory: String, client: HTTPClient) -> EmbeddingSetup {
    EmbeddingSetup(wanted: choice.map(EmbeddingDefinition.remote) ?? .builtIn(precision)) { definition in
      switch definition {
      case .builtIn(let precision): .builtIn(directory: directory, precision: precision)
      case .remote(let choice): .remote(try choice.model(client: client))
      }
    }
  }

  /// What makes the vectors of the model that is wanted.
  /// - Throws: `ModelError.misconfigured` with the setting that is missing.
  func source(directory: String, client: HTTPClient) throws -> Embedder.Source {
    let setup = setup(directory: directory, client: client)
    return try setup.source(setup.wanted)
  }
}
