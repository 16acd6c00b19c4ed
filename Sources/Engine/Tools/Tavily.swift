import Conversation
import Providers

/// Searches the web with Tavily: either the hits, or one short answer made from them.
///
/// Sends `POST /search` with the key as bearer token, five results, the advanced depth. The hits come as a
/// list of `{url, content}`; the answer as one text. A refused query comes back in Tavily's own words; plan
/// limits are statuses 432 and 433.
/// Source: docs.tavily.com/documentation/api-reference/endpoint/search, November 2026.
struct Tavily: Tool {
  enum Kind { case hits, answer }

  let service: RemoteService
  let kind: Kind

  private static let hits = 5
  private static let queryCharacters = 400
  private static let hitCharacters = 8_000
  private static let answerCharacters = 8_000

  static func hitsType(_ service: RemoteService) -> ToolType {
    ToolType(
      type: "search_tavily", name: "Search (Tavily)",
      description: "Searches the web with [Tavily](https://app.tavily.com/) and gives the sources.",
      make: { _, _ in [Tavily(service: try service.withKey("TAVILY_API_KEY"), kind: .hits)] })
  }

  static func answerType(_ service: RemoteService) -> ToolType {
    ToolType(
      type: "search_tavily_answer", name: "Search (short answer, Tavily)",
      description: "Searches the web with [Tavily](https://app.tavily.com/) and gives one short answer, "
        + "without sources.",
      make: { _, _ in [Tavily(service: try service.withKey("TAVILY_API_KEY"), kind: .answer)] })
  }

  var specification: ToolSpecification {
    switch kind {
    case .hits:
      ToolSpecification(
        name: "search_tavily",
        description:
          "Searches the web thoroughly and gives the addresses and texts of the best pages. Good for "
          + "current events.",
        parameters: .textArgument("query", "What to search for."))
    case .answer:
      ToolSpecification(
        name: "search_tavily_answer",
        description:
          "Searches the web thoroughly and gives one short answer. Good for questions about current "
          + "events.",
        parameters: .textArgument("query", "The question."))
    }
  }

  var isRepeatable: Bool { true }

  func call(_ arguments: JSON) async throws -> ToolResult {
    let query = String(try arguments.text("query").prefix(Self.queryCharacters))
    let reply = try await service.look(
      "/search",
      json: [
        "query": .string(query), "max_results": .integer(Self.hits), "search_depth": "advanced",
        "include_answer": .bool(kind == .answer),
      ])
    let json = try reply.json()
    switch kind {
    case .hits:
      guard let results = json["results"]?.array else { throw reply.unexpected }
      return ToolResult(.array(results.prefix(Self.hits).compactMap(Self.hit)))
    case .answer:
      guard let answer = json["answer"]?.string, !answer.isEmpty else {
        return ToolResult("Tavily found no answer to this question.")
      }
      return ToolResult(.string(answer.cut(toCharacters: Self.answerCharacters)))
    }
  }

  private static func hit(_ result: JSON) -> JSON? {
    guard let address = result["url"]?.string, let content = result["content"]?.string else { return nil }
    return ["url": .string(address), "content": .string(content.cut(toCharacters: hitCharacters))]
  }
}

extension RemoteService {
  /// This service, if its key is set.
  /// - Throws: `ToolError` that says what to set.
  func withKey(_ variable: String) throws(ToolError) -> RemoteService {
    guard secret?.isEmpty == false else {
      throw ToolError(
        "\(name) needs a key. An administrator can set it as \(accessSetting ?? "a setting") in the "
          + "configuration, or as the environment variable \(variable).")
    }
    return self
  }
}
