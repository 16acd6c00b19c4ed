import Conversation
package import Transport

/// Embeddings of the Gemini API, which tell queries from passages.
/// Source: ai.google.dev/api/embeddings, November 2026.
package struct GoogleEmbeddings: EmbeddingModel {
  package let name: String
  package let dimensions: Int
  /// What `batchEmbedContents` takes.
  package let batchSize = 100

  private let model: String
  private let server: EmbeddingServer
  private let client: HTTPClient

  /// - Parameter server: `https://generativelanguage.googleapis.com`, or what stands in for it.
  package init(model: String, dimensions: Int, server: EmbeddingServer, client: HTTPClient) {
    name = "google/\(model)/\(dimensions)"
    (self.model, self.dimensions, self.server, self.client) = (model, dimensions, server, client)
  }

  package func embed(
    _ texts: [String], as purpose: EmbeddingPurpose
  ) async throws(ModelError) -> [[Float]] {
    let task: JSON = purpose == .query ? "RETRIEVAL_QUERY" : "RETRIEVAL_DOCUMENT"
    let requests = texts.map { text -> JSON in
      [
        "model": .string("models/\(model)"), "content": ["parts": [["text": .string(text)]]],
        "taskType": task, "outputDimensionality": .integer(dimensions),
      ]
    }
    let reply = try await server.ask(
      "/v1beta/models/\(model.pathEscaped):batchEmbedContents", ["requests": .array(requests)],
      for: purpose, headers: server.key.map { [HTTPHeader("x-goog-api-key", $0)] } ?? [], client: client)
    let vectors = (reply["embeddings"]?.array ?? []).map { $0["values"] ?? .null }
    return try vectors.unitVectors(count: texts.count, dimensions: dimensions)
  }
}
