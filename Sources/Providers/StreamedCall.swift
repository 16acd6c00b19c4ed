import Conversation
import Metering
import Transport

/// Understands one vendor's stream: turns its frames into pieces of a reply. A value, so that it can be held
/// against recorded bytes.
protocol StreamReader: Sendable {
  associatedtype Framing: StreamFraming

  /// The vendor has said that nothing follows.
  var isDone: Bool { get }

  /// - Throws: `.malformed`, or what an error in the stream amounts to.
  mutating func read(_ frame: Framing.Frame) throws(ModelError) -> [ModelEvent]

  /// What is left to say when the stream has ended.
  /// - Throws: `.cut`, when it ended before the reply did.
  mutating func end() throws(ModelError) -> [ModelEvent]
}

/// One call of a model over HTTP: sends, reads as bytes come, and tells what went wrong in our words.
struct StreamedCall<Reader: StreamReader>: Sendable {
  let client: HTTPClient
  let refusals: Refusals
  /// Bytes of one frame; more only for vendors that send pictures in one.
  var maxFrameBytes = TransportLimits.eventBytes

  func run(
    _ request: HTTPRequest, _ reader: Reader, receive: (ModelEvent) async -> Void
  ) async throws(ModelError) {
    do {
      try await read(request, reader, receive: receive)
    } catch let error as TransportError {
      throw refusals.error(for: error)
    } catch let error as ModelError {
      throw refusals.hidingKeys(error)
    } catch {
      throw .malformed("\(error)")
    }
  }

  private func read(
    _ request: HTTPRequest, _ reader: Reader, receive: (ModelEvent) async -> Void
  ) async throws {
    var reader = reader
    var framing = Reader.Framing(maxFrameBytes: maxFrameBytes)
    let span = ActiveSpan.current
    let response = try await client.stream(request, contentTypes: Reader.Framing.contentTypes) { notice in
      span.event("retry", notice.traced)
      ModelWait.tell(notice)
    }
    for try await bytes in response.body {
      for frame in try framing.feed(bytes) where !reader.isDone {
        for piece in try reader.read(frame) { await receive(piece) }
      }
      if reader.isDone { break }
    }
    if !reader.isDone {
      for frame in try framing.end() {
        for piece in try reader.read(frame) { await receive(piece) }
      }
    }
    for piece in try reader.end() { await receive(piece) }
  }
}

extension RetryNotice {
  /// What a trace says of it.
  var traced: [String: JSON] {
    let cause: JSON =
      switch outcome {
      case .success(let head): .string("status \(head.status)")
      // The case alone: its words may name hosts of the inner network.
      case .failure(let error): .string(String("\(error)".prefix { $0 != "(" }))
      }
    return ["attempt": .integer(attempt), "wait_seconds": .number(waitSeconds), "cause": cause]
  }
}

extension HTTPRequest {
  /// A call of a model: a POST of JSON, made again only before anything of an answer came.
  static func modelCall(
    _ url: String, headers: [HTTPHeader], body: some Encodable, deadlines: Deadlines, proxy: String?
  ) throws(ModelError) -> HTTPRequest {
    guard let body = try? JSON.encoded(body) else {
      throw .malformed("the request could not be written as JSON")
    }
    return HTTPRequest(
      "POST", url: url, headers: [HTTPHeader("Content-Type", "application/json")] + headers,
      body: Array(body), deadlines: deadlines, retry: .standard, proxy: proxy)
  }
}

extension String {
  var trimmingTrailingSlashes: String {
    String(self[..<(lastIndex { $0 != "/" }.map(index(after:)) ?? startIndex)])
  }
}
