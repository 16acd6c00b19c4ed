import Conversation
package import Transport

/// OpenAI's Embeddings, as OpenAI and everybody compatible with it serve them.
/// Source: platform.openai.com/docs/api-reference/embeddings, November 2026.
package struct OpenAIEmbeddings: EmbeddingModel {
  package let name: String
  package let dimensions: Int
  /// Of 2,048 that OpenAI takes: its bound of 300,000 tokens a request is reached sooner, and small servers take
  /// far less.
  package let batchSize = 64

  private let model: String
  private let sendsDimensions: Bool
  private let server: EmbeddingServer
  private let client: HTTPClient

  /// - Parameters:
  ///   - sendsDimensions: whether the server is told how long vectors are to be, which only models take that can
  ///     make shorter ones.
  ///   - server: its address up to and with `/v1`.
  package init(
    model: String, dimensions: Int, sendsDimensions: Bool, server: EmbeddingServer, client: HTTPClient
  ) {
    name = "openai/\(model)/\(dimensions)"
    (self.model, self.dimensions, self.sendsDimensions) = (model, dimensions, sendsDimensions)
    (self.server, self.client) = (server, client)
  }

  package func embed(
    _ texts: [String], as purpose: EmbeddingPurpose
  ) async throws(ModelError) -> [[Float]] {
    let headers = server.key.map { [HTTPHeader("Authorization", "Bearer \($0)")] } ?? []
    var body = OpenAIEmbeddings.body(texts)
    body["model"] = .string(model)
    if sendsDimensions { body["dimensions"] = .integer(dimensions) }
    let reply = try await server.ask(
      "/embeddings", .object(body), for: purpose, headers: headers, client: client)
    return try OpenAIEmbeddings.vectors(in: reply, count: texts.count, dimensions: dimensions)
  }

  // MARK: What Azure shares

  static func body(_ texts: [String]) -> [String: JSON] {
    ["input": .array(texts.map(JSON.string)), "encoding_format": "float"]
  }

  /// In the order of their indexes, which need not be that of the list.
  static func vectors(
    in reply: JSON, count: Int, dimensions: Int
  ) throws(ModelError) -> [[Float]] {
    var vectors = [JSON](repeating: .null, count: count)
    let entries = reply["data"]?.array ?? []
    guard entries.count == count else {
      throw .malformed("\(entries.count) vectors came for \(count) texts")
    }
    for (place, entry) in entries.enumerated() {
      let index = entry["index"]?.integer ?? place
      guard vectors.indices.contains(index), vectors[index].isNull else {
        throw .malformed("a vector came for no text")
      }
      vectors[index] = entry["embedding"] ?? .null
    }
    return try vectors.unitVectors(count: count, dimensions: dimensions)
  }
}
