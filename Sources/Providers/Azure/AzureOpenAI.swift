import Transport

extension OpenAIDialect {
  /// Azure's: the key in a header of its own. Source:
  /// learn.microsoft.com/azure/ai-foundry/openai/reference, November 2026.
  static func azure(apiVersion: String?) -> OpenAIDialect {
    OpenAIDialect(
      query: apiVersion.map { "?api-version=\($0.queryEscaped)" } ?? "",
      keyHeader: { HTTPHeader("api-key", $0) }, knowsReasoning: true)
  }
}

enum AzureOpenAI {
  /// Under which address of a resource a deployment answers: with a version of the API the classic one, else
  /// the one without versions, where the deployment stands in the body alone.
  static func baseURL(of resource: String, deployment: String, apiVersion: String?) -> String {
    let resource = resource.trimmingTrailingSlashes
    guard apiVersion != nil else {
      return resource.hasSuffix("/openai/v1") ? resource : resource + "/openai/v1"
    }
    return "\(resource)/openai/deployments/\(deployment.pathEscaped)"
  }
}
