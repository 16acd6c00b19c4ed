import Conversation
package import Transport

/// Embeddings of a model that Ollama runs.
/// Source: github.com/ollama/ollama, docs/api.md, "Generate Embeddings", November 2026.
package struct OllamaEmbeddings: EmbeddingModel {
  package let name: String
  package let dimensions: Int
  /// It works on one text after the other: more would only make a cancelled request last longer.
  package let batchSize = 16

  private let model: String
  private let server: EmbeddingServer
  private let client: HTTPClient

  package init(model: String, dimensions: Int, server: EmbeddingServer, client: HTTPClient) {
    name = "ollama/\(model)/\(dimensions)"
    (self.model, self.dimensions, self.server, self.client) = (model, dimensions, server, client)
  }

  package func embed(
    _ texts: [String], as purpose: EmbeddingPurpose
  ) async throws(ModelError) -> [[Float]] {
    let reply = try await server.ask(
      "/api/embed", ["model": .string(model), "input": .array(texts.map(JSON.string)), "truncate": true],
      for: purpose, headers: server.key.map { [HTTPHeader("Authorization", "Bearer \($0)")] } ?? [],
      client: client)
    return try (reply["embeddings"]?.array ?? []).unitVectors(count: texts.count, dimensions: dimensions)
  }
}
