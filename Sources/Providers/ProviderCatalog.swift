import Conversation
package import Transport

/// The models this program can reach, given what is set up: one line a name.
package enum ProviderCatalog {
  /// How OpenAI, or what stands in for it, is set up.
  package struct OpenAI: Sendable {
    package var endpoint: OpenAIChat.Endpoint
    /// Asked for under every OpenAI name, when the server knows none of OpenAI's models.
    package var model: String?
    /// Whether the model calls tools by itself; if not, the agent speaks XML with it.
    package var callsTools: Bool

    package init(endpoint: OpenAIChat.Endpoint, model: String?, callsTools: Bool = true) {
      self.endpoint = endpoint
      self.model = model
      self.callsTools = callsTools
    }
  }

  /// The original's names, in its order, and OpenAI's model behind those that are OpenAI's.
  private static let names: [(name: String, openAIModel: String?)] = [
    ("GPT 3.5 Turbo", "gpt-3.5-turbo"),
    ("GPT 4 Turbo", "gpt-4-turbo"),
    ("GPT 4o", "gpt-4o"),
    ("GPT 4 (Azure OpenAI)", nil),
    ("Claude 2", nil),
    ("Claude 2 (Amazon Bedrock)", nil),
    ("GEMINI", nil),
    ("Mixtral", nil),
    ("Ollama", nil),
  ]

  /// Every name a configuration may hold, set up or not.
  package static func modelNames(openAI: OpenAI?) -> [String] {
    names.map(\.name) + (openAI?.model.map { [$0] } ?? [])
  }

  /// The models that are set up.
  /// - Parameter client: one whose egress policy allows the endpoints.
  package static func entries(openAI: OpenAI?, client: HTTPClient) -> [ModelCatalog.Entry] {
    guard let openAI else { return [] }
    let known = names.compactMap { name, model in model.map { (name, openAI.model ?? $0) } }
    let own = openAI.model.map { [($0, $0)] } ?? []
    return (known + own).map { name, model in
      ModelCatalog.Entry(
        name: name, model: OpenAIChat(model: model, endpoint: openAI.endpoint, client: client),
        callsTools: openAI.callsTools)
    }
  }
}
