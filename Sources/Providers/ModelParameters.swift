import Conversation
package import Transport

/// Where a vendor's server is, and who asks.
package struct Endpoint: Sendable {
  /// As far as the provider catalogue says.
  package var baseURL: String
  /// Nil for a server that wants none.
  package var apiKey: String?
  package var organization: String?
  package var proxy: String?
  package var deadlines: Deadlines

  package init(
    baseURL: String, apiKey: String?, organization: String? = nil, proxy: String? = nil,
    deadlines: Deadlines = .default
  ) {
    self.baseURL = baseURL
    self.apiKey = apiKey
    self.organization = organization
    self.proxy = proxy
    self.deadlines = deadlines
  }
}

/// What of a model's definition goes into a request.
struct ModelParameters: Sendable {
  /// What the vendor calls it.
  var model: String
  var maxOutputTokens: Int?
  var contextTokens: Int?
  var effort: String?
  var thinking = false
}

extension ModelParameters {
  init(_ definition: ModelDefinition) {
    self.init(
      model: definition.model, maxOutputTokens: definition.maxOutputTokens,
      contextTokens: definition.contextTokens, effort: definition.effort, thinking: definition.thinking)
  }
}
