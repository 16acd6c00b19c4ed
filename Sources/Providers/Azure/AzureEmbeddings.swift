import Conversation
package import Transport

/// Embeddings of a deployment of Azure OpenAI.
/// Source: learn.microsoft.com/azure/ai-services/openai/reference, November 2026.
package struct AzureEmbeddings: EmbeddingModel {
  package let name: String
  package let dimensions: Int
  package let batchSize = 64

  private let deployment: String
  private let version: String
  private let server: EmbeddingServer
  private let client: HTTPClient

  /// - Parameter server: the resource's address, e.g. `https://NAME.openai.azure.com`.
  package init(
    deployment: String, version: String, dimensions: Int, server: EmbeddingServer, client: HTTPClient
  ) {
    name = "azure/\(deployment)/\(dimensions)"
    (self.deployment, self.version, self.dimensions) = (deployment, version, dimensions)
    (self.server, self.client) = (server, client)
  }

  package func embed(
    _ texts: [String], as purpose: EmbeddingPurpose
  ) async throws(ModelError) -> [[Float]] {
    let path =
      "/openai/deployments/\(deployment.pathEscaped)/embeddings?api-version=\(version.pathEscaped)"
    let headers = server.key.map { [HTTPHeader("api-key", $0)] } ?? []
    let reply = try await server.ask(
      path, .object(OpenAIEmbeddings.body(texts)), for: purpose, headers: headers, client: client)
    return try OpenAIEmbeddings.vectors(in: reply, count: texts.count, dimensions: dimensions)
  }
}
