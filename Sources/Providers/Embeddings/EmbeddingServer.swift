import Conversation
import Transport

/// Where an embedding model is asked, and what every vendor's has in common: one request, the checks of its reply.
package struct EmbeddingServer: Sendable {
  /// The vendor's address, as its own documentation begins it.
  package var baseURL: String
  /// Nil for a server that wants none.
  package var key: String?
  package var proxy: String?
  /// Somebody waits for the answer to a question, which words alone can find too.
  var queryDeadlines = Deadlines(connectSeconds: 3, firstByteSeconds: 8, idleSeconds: 8, totalSeconds: 10)

  /// A large batch takes a small server's processor many seconds.
  private static let passageDeadlines = Deadlines(firstByteSeconds: 120, idleSeconds: 60, totalSeconds: 240)
  private static let queryRetry = RetryPolicy(attempts: 3, baseSeconds: 0.2, maxRetryAfterSeconds: 1)
  /// 2,048 vectors of 4,096 numbers of 20 characters would be 160 MB; batches here are smaller by far.
  private static let replyBytes = 64 << 20

  package init(baseURL: String, key: String?, proxy: String? = nil) {
    self.baseURL = baseURL
    self.key = key
    self.proxy = proxy
  }

  /// Sends JSON and hands the JSON of the reply back. What passes by itself (429, 503, a lost connection) is
  /// tried again as long as the server asks for, within bounds; for a question these are a few seconds.
  func ask(
    _ path: String, _ body: JSON, for purpose: EmbeddingPurpose, headers: [HTTPHeader], client: HTTPClient
  ) async throws(ModelError) -> JSON {
    let request = HTTPRequest(
      "POST", url: baseURL.trimmingTrailingSlashes + path,
      headers: [HTTPHeader("Content-Type", "application/json")] + headers, body: Array(body.text.utf8),
      deadlines: purpose == .query ? queryDeadlines : Self.passageDeadlines,
      maxBodyBytes: Self.replyBytes, retry: purpose == .query ? Self.queryRetry : .standard, proxy: proxy)
    let refusals = Refusals(secrets: key.map { [$0] } ?? [])
    let reply: (head: HTTPHead, body: [UInt8])
    do throws(TransportError) {
      reply = try await client.fetch(request)
    } catch {
      throw refusals.error(for: error)
    }
    switch reply.head.status {
    case 200: break
    case 429: throw .rateLimited(retryAfterSeconds: reply.head.retryAfterSeconds)
    case let status: throw refusals.error(for: .status(status, body: reply.body))
    }
    guard let json = try? JSON(parsing: reply.body) else {
      throw .malformed("the embedding server's reply is no JSON")
    }
    return json
  }
}

extension [JSON] {
  /// The vectors, checked and brought to length one.
  /// - Parameter count: how many texts they are for.
  func unitVectors(count: Int, dimensions: Int) throws(ModelError) -> [[Float]] {
    guard self.count == count else {
      throw .malformed("\(self.count) vectors came for \(count) texts")
    }
    var vectors: [[Float]] = []
    for json in self {
      let numbers = json.array?.compactMap { $0.number.map(Float.init) } ?? []
      guard numbers.count == dimensions, numbers.count == json.array?.count else {
        throw .misconfigured(
          "The embedding model makes vectors of \(json.array?.count ?? 0) numbers, not of \(dimensions). "
            + "Set embedding.dimensions to what it makes.")
      }
      let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length.isFinite, length > 0 else { throw .malformed("a vector came that has no direction") }
      vectors.append(numbers.map { $0 / length })
    }
    return vectors
  }
}
