import Conversation
import Documents
import Foundation
import Store
import Transport

/// Fetches pages and documents of the web into blobs, and asks whether they have changed.
///
/// A person names the address, so only public ones and those of `tools.allowed_networks` are reached, judged on
/// the address that is connected to, at each hop.
struct WebFetcher: Sendable {
  private static let deadlines = Deadlines(
    connectSeconds: 10, firstByteSeconds: 30, idleSeconds: 30, totalSeconds: 300)
  private static let retry = RetryPolicy(attempts: 2, baseSeconds: 0.5, maxRetryAfterSeconds: 5)
  /// UTF-8 bytes of `ETag` or `Last-Modified` that are kept: they are sent back as they came.
  private static let validatorBytes = 1_000

  let client: HTTPClient
  let blobs: Blobs

  /// The page's bytes as they are now; nil when its server says that they have not changed.
  /// - Parameter report: told how many bytes have come, and of how many where the server says.
  /// - Throws: `IngestError` in words for the person, or cancellation.
  func fetch(
    _ file: File, from origin: WebOrigin, report: (Int, Int?) async -> Void
  ) async throws -> (File.Content?, WebOrigin) {
    do {
      let response = try await client.send(Self.request(for: file, origin))
      var origin = origin
      origin.fetchedAt = .now
      if response.status == 304, file.isSearchable { return (nil, origin) }
      guard (200..<300).contains(response.status) else { throw Self.refusal(response.status, file) }
      origin.entityTag = Self.validator("etag", of: response)
      origin.lastModified = Self.validator("last-modified", of: response)
      return (try await content(of: response, report: report), origin)
    } catch let error as TransportError {
      throw Self.failure(error, file)
    }
  }

  private static func request(for file: File, _ origin: WebOrigin) -> HTTPRequest {
    var headers = [HTTPHeader("Accept", "text/html, application/xhtml+xml, text/*;q=0.9, */*;q=0.5")]
    if file.isSearchable {
      if let tag = origin.entityTag { headers.append(HTTPHeader("If-None-Match", tag)) }
      if let date = origin.lastModified { headers.append(HTTPHeader("If-Modified-Since", date)) }
    }
    return HTTPRequest(
      url: origin.url, headers: headers, deadlines: deadlines, maxBodyBytes: DocumentLimits().fileBytes,
      retry: retry)
  }

  private static func validator(_ name: String, of response: HTTPResponse) -> String? {
    response.headers[name].flatMap { $0.utf8.count <= validatorBytes ? $0 : nil }
  }

  private func content(
    of response: HTTPResponse, report: (Int, Int?) async -> Void
  ) async throws -> File.Content {
    let total = response.headers["content-length"].flatMap { Int($0) }
    let blob = try blobs.create()
    for try await piece in response.body {
      try blob.append(piece)
      await report(blob.sizeBytes, total)
    }
    let sizeBytes = blob.sizeBytes
    let type = response.head.contentType
    return File.Content(
      hash: try await blob.finish(), sizeBytes: sizeBytes,
      mediaType: type.isEmpty ? "application/octet-stream" : type)
  }

  // MARK: Failures

  private static func refusal(_ status: Int, _ file: File) -> IngestError {
    let reason =
      switch status {
      case 401, 403: "The page wants somebody to sign in (status \(status)). Download it and add the file."
      case 404, 410: "There is no page at this address (status \(status)). Check the address."
      case 429: "The page's server has been asked too often (status 429). Try again later."
      case 500...: "The page's server has a problem of its own (status \(status)). Try again later."
      case _: "The page's server did not hand the page out (status \(status))."
      }
    return IngestError(fileName: file.name, reason)
  }

  /// The address a name led to is left out: it would tell outsiders about the network this server stands in.
  private static func failure(_ error: TransportError, _ file: File) -> any Error {
    let reason: String
    switch error {
    case .cancelled: return CancellationError()
    case .invalidRequest, .invalidURL: reason = "The address is not one that can be fetched."
    case .blocked:
      reason =
        "The address leads into a private network, where this server does not go. An administrator can allow it "
        + "by the setting tools.allowed_networks."
    case .unreachable: reason = "The page's server cannot be reached. Check the address, or try again later."
    case .tls: reason = "The page's server could not prove who it is, so nothing was fetched."
    case .timedOut: reason = "The page's server took too long. Try again later."
    case .tooLarge(let limit): reason = "The page has more than \(limit >> 20) MB, which is too much."
    case .cut: reason = "The page's server broke off in the middle. Try again."
    case .tooManyRedirects: reason = "The page sends from one address to the next without end."
    case .malformedResponse, .notEventStream, .status: reason = "The page's server sent what is no page."
    case .rateLimited: reason = "The page's server has been asked too often. Try again later."
    case .busy: reason = "Too many requests are under way on this server. Try again in a moment."
    }
    return IngestError(fileName: file.name, reason)
  }
}
