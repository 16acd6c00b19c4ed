import Conversation
import Transport

extension Refusals {
  /// OpenAI's, and those of everybody compatible.
  /// Source: platform.openai.com/docs/guides/error-codes, November 2026.
  static func openAI(key: String?) -> Refusals {
    Refusals(secrets: key.map { [$0] } ?? []) { status, body, message in
      let error = body["error"]
      let code = error?["code"]?.string ?? error?["type"]?.string
      switch code {
      case "context_length_exceeded": return .contextTooLong
      // Waiting does not help when the money is used up.
      case "insufficient_quota": return .rejected(status: 429, message: message)
      // Some answer a wrong key with 400 (xAI, November 2026).
      case "invalid_api_key": return .unauthorized
      default: return isAboutLength(message) && status == 400 ? .contextTooLong : nil
      }
    }
  }

  /// Compatible servers have no code for it: vLLM, llama.cpp, Mistral and Groq say it in these words.
  private static func isAboutLength(_ message: String) -> Bool {
    let words = message.lowercased()
    return [
      "maximum context length", "exceeds the available context size", "context window", "too many tokens",
    ]
    .contains { words.contains($0) }
  }

  /// An error object in the middle of a stream.
  static func openAI(inStream error: JSON) -> ModelError {
    let words = error["message"]?.string ?? error.string ?? "no reason given"
    if error["code"] == "rate_limit_exceeded" || error["code"] == 429 {
      return .rateLimited(retryAfterSeconds: RetryHint.seconds(inWords: words))
    }
    return .cut(cause: "the server reported: \(words.prefix(messageCharacters))")
  }
}
