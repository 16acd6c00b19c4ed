import Conversation

/// The wait that a vendor asks for in the body of a refusal, where no header names one.
enum RetryHint {
  /// Google's `RetryInfo` (`"retryDelay": "34.07s"`), else what the error's sentence says.
  static func seconds(in body: [UInt8]) -> Double? {
    guard let json = try? JSON(parsing: body) else { return nil }
    return seconds(in: json)
  }

  static func seconds(in body: JSON) -> Double? {
    let error = body["error"] ?? body[0]?["error"] ?? body
    let delay = error["details"]?.array?.lazy.compactMap { $0["retryDelay"]?.string }.first
    return delay.flatMap(duration) ?? seconds(inWords: Refusals.words(in: body))
  }

  /// "Please try again in 1m2.5s" (OpenAI, Groq), "Please retry after 6 seconds" (Azure), "Please retry in 34.07s"
  /// (Gemini).
  static func seconds(inWords words: String?) -> Double? {
    guard let words else { return nil }
    let pattern = /(?:try again|retry) (?:in|after) ((?:[0-9.]+ ?(?:milliseconds|ms|h|m|s))+)/.ignoresCase()
    return (try? pattern.firstMatch(in: words.prefix(1_000))).flatMap { duration(String($0.output.1)) }
  }

  /// `34.07s`, `1m2.5s`, `120ms`, `2h`: as Go and Google's protocols write a time; nil for what is none.
  private static func duration(_ text: String) -> Double? {
    let units = ["h": 3_600.0, "m": 60, "s": 1, "ms": 0.001, "milliseconds": 0.001]
    let parts = text.matches(of: /([0-9]+(?:\.[0-9]+)?) ?(milliseconds|ms|h|m|s)/)
    let seconds = parts.reduce(0.0) { $0 + (Double($1.output.1) ?? 0) * (units[String($1.output.2)] ?? 0) }
    return parts.isEmpty || !seconds.isFinite ? nil : min(seconds, 366 * 86_400)
  }
}
