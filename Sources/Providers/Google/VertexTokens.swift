import Conversation
import Foundation
import Transport

/// The token under which Vertex AI is asked: fetched when first needed, kept until shortly before it ends, and
/// fetched once though many ask.
actor VertexTokens {
  private let credentials: GoogleCredentials
  private let client: HTTPClient
  private var token: (text: String, until: ContinuousClock.Instant)?
  private var fetch: Task<(text: String, seconds: Double), any Error>?

  /// A token is given up this long before its end, for the calls that take long to begin.
  private static let reserveSeconds = 120.0

  init(credentials: GoogleCredentials, client: HTTPClient) {
    self.credentials = credentials
    self.client = client
  }

  func token() async throws(ModelError) -> String {
    if let token, token.until > .now { return token.text }
    let task = fetch ?? Task { [credentials, client] in try await Self.fetched(credentials, client) }
    fetch = task
    let result = await task.result
    // Others may have come here meanwhile: they took the same task, and set the same token.
    if fetch == task { fetch = nil }
    switch result {
    case .success(let fetched):
      token = (fetched.text, .now + .seconds(max(0, fetched.seconds - Self.reserveSeconds)))
      return fetched.text
    case .failure(let error as ModelError): throw error
    case .failure(let error): throw .unreachable(cause: "\(error)")
    }
  }

  private static func fetched(
    _ credentials: GoogleCredentials, _ client: HTTPClient
  ) async throws -> (text: String, seconds: Double) {
    let refusals = Refusals()
    let head: HTTPHead
    let body: [UInt8]
    do {
      (head, body) = try await client.fetch(credentials.tokenRequest())
    } catch let error as TransportError {
      throw refusals.error(for: error)
    }
    guard head.status == 200 else {
      // What Google says there names the account, and never the key.
      throw head.status == 400 || head.status == 401
        ? ModelError.unauthorized : refusals.error(for: .status(head.status, body: body))
    }
    guard let reply = try? JSON(parsing: body), let token = reply["access_token"]?.string else {
      throw ModelError.malformed("the answer to the request for a token holds none")
    }
    return (token, reply["expires_in"]?.number ?? 300)
  }
}
