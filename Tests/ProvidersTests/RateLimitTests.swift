import Conversation
import Loopback
import Synchronization
import Testing
import Transport

@testable import Providers

/// How long a vendor asks for patience, in all the ways vendors say so, and that it is told.
@Suite struct RateLimitTests {
  @Test(arguments: [
    // Google's RetryInfo, alone and in a list; OpenAI's, Groq's, Azure's, Gemini's sentences.
    (
      #"{"error":{"code":429,"details":[{"@type":"x"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.07s"}]}}"#,
      34.07
    ),
    (#"[{"error":{"details":[{"retryDelay":"2s"}]}}]"#, 2),
    (
      #"{"error":{"message":"Rate limit reached for gpt-x on tokens per min. Please try again in 1m2.5s. Visit"}}"#,
      62.5
    ),
    (#"{"error":{"message":"Please try again in 120ms."}}"#, 0.12),
    (#"{"error":{"message":"Please retry after 6 seconds."}}"#, 6),
    (#"{"error":{"message":"Please retry after 500 milliseconds."}}"#, 0.5),
    (#"{"error":{"message":"Please retry after 99999999999999999999 hours."}}"#, 31_622_400),
    (#"{"error":{"message":"Quota exceeded. Please retry in 12.5s."}}"#, 12.5),
    (#"{"message":"Too many requests, try again in 2h"}"#, 7_200),
  ])
  func `a wait in the body is found`(body: String, seconds: Double) {
    #expect(RetryHint.seconds(in: Array(body.utf8)) == seconds)
  }

  @Test(arguments: [
    "", "soon", "{}", #"{"error":{"message":"Try again later."}}"#,
    #"{"error":{"message":"try again in s"}}"#,
  ])
  func `none is made up`(body: String) {
    #expect(RetryHint.seconds(in: Array(body.utf8)) == nil)
  }

  @Test func `the header counts before the body, also where the vendor names the error`() {
    let body = Array(#"{"error":{"message":"Please try again in 9s"}}"#.utf8)
    for refusals in [
      Refusals.openAI(key: nil), .anthropic(key: nil), .gemini(secret: nil), .bedrock(secrets: []),
    ] {
      for (header, seconds) in [(3.5, 3.5), (nil, 9)] as [(Double?, Double)] {
        guard
          case .rateLimited(seconds) = refusals.error(
            for: .rateLimited(retryAfterSeconds: header, body: body))
        else {
          Issue.record("not \(seconds)")
          continue
        }
      }
    }
  }

  @Test func `in the middle of a stream it is told too`() {
    let errors: [ModelError] = [
      .init(
        Refusals.openAI(inStream: ["code": "rate_limit_exceeded", "message": "Please try again in 7.66s"])),
      .init(Refusals.anthropic(inStream: ["type": "rate_limit_error", "message": "Try again in 7.66s"])),
      .init(Refusals.gemini(inStream: ["code": 429, "details": [["retryDelay": "7.66s"]]])),
      .init(Refusals.bedrock(exception: "throttlingException", message: "try again in 7.66s")),
    ]
    for error in errors {
      guard case .rateLimited(7.66) = error else {
        Issue.record("\(error)")
        continue
      }
    }
  }

  @Test func `who waits for the reply is told while it is waited for`() async throws {
    let waits = Mutex<[ModelWait]>([])
    let server = try LoopbackServer { peer, _ in
      peer.reply(429, ["retry-after-ms: 1050", "Retry-After: 2"], "{}")
      _ = peer.readRequest()
      peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
      peer.send(Dialect.openAI.answer)
      return .close
    }
    let chat = Dialect.openAI.chat(server.url(""), Deadlines())
    var heard = Heard()
    try await ModelWait.$waiting.withValue(.init(tell: { wait in waits.withLock { $0.append(wait) } })) {
      try await chat.reply(to: ChatRequest(messages: [.human("hi")])) { heard.take($0) }
    }
    #expect(heard.reason == "stop")
    #expect(waits.withLock { $0 } == [ModelWait(seconds: 1.05, reason: .rateLimited)])
  }
}

extension ModelError {
  /// So that a list of them has its type from the first.
  fileprivate init(_ error: ModelError) { self = error }
}
