import Conversation
package import Transport

/// OpenAI's Chat Completions, as OpenAI and everybody compatible with it serve them: llama.cpp, vLLM,
/// LM Studio, Ollama's `/v1` and others. Source: platform.openai.com/docs/api-reference/chat, November 2026.
package struct OpenAIChat: ChatModel {
  /// Where it is and who asks.
  package struct Endpoint: Sendable {
    /// Up to and with `/v1`.
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

  private let model: String
  private let endpoint: Endpoint
  private let client: HTTPClient

  /// - Parameters:
  ///   - model: what the server calls it.
  ///   - client: one whose egress policy allows the endpoint.
  package init(model: String, endpoint: Endpoint, client: HTTPClient) {
    self.model = model
    self.endpoint = endpoint
    self.client = client
  }

  package func reply(
    to request: ChatRequest, receive: (ModelEvent) async -> Void
  ) async throws(ModelError) {
    let http = try httpRequest(for: request)
    do {
      var reader = OpenAIStreamReader()
      for try await event in try await client.events(http) {
        for piece in try reader.read(event.data) { await receive(piece) }
        if reader.isDone { break }
      }
      for piece in try reader.end() { await receive(piece) }
    } catch let error as TransportError {
      throw OpenAIFailure.error(for: error, hiding: endpoint.apiKey)
    } catch let error as ModelError {
      throw error
    } catch {
      throw .malformed("\(error)")
    }
  }

  private func httpRequest(for request: ChatRequest) throws(ModelError) -> HTTPRequest {
    var headers = [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "text/event-stream")]
    if let key = endpoint.apiKey { headers.append(HTTPHeader("Authorization", "Bearer \(key)")) }
    if let organization = endpoint.organization {
      headers.append(HTTPHeader("OpenAI-Organization", organization))
    }
    guard let body = try? JSON.encoded(OpenAIRequest(request, model: model)) else {
      throw .malformed("the request could not be written as JSON")
    }
    return HTTPRequest(
      "POST", url: endpoint.baseURL.trimmingTrailingSlashes + "/chat/completions", headers: headers,
      body: Array(body), deadlines: endpoint.deadlines, retry: .standard, proxy: endpoint.proxy)
  }
}

extension String {
  fileprivate var trimmingTrailingSlashes: String {
    String(self[..<(lastIndex { $0 != "/" }.map(index(after:)) ?? startIndex)])
  }
}
