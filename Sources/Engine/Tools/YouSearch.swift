import Conversation
import Providers

/// Searches the web with You.com.
///
/// Sends `GET /v1/search` with the key as `X-API-Key`. Gives for up to eight pages title, address and at most
/// three snippets each, or the description of a page without any.
/// Source: you.com/docs/api-reference/search/v1-search, November 2026.
struct YouSearch: Tool {
  let service: RemoteService

  private static let hits = 8
  private static let snippetsPerHit = 3
  private static let snippetCharacters = 2_000
  private static let queryCharacters = 400

  static func type(_ service: RemoteService) -> ToolType {
    ToolType(
      type: "you_search", name: "You.com Search",
      description: "Searches the web with [You.com](https://you.com/), whose snippets are made for language "
        + "models.",
      make: { _, _ in [YouSearch(service: try service.withKey("YDC_API_KEY"))] })
  }

  var specification: ToolSpecification {
    ToolSpecification(
      name: "you_search",
      description:
        "Searches the web with You.com and gives snippets of the pages that fit. Good for current events.",
      parameters: .textArgument("query", "What to search for."))
  }

  var isRepeatable: Bool { true }

  func call(_ arguments: JSON) async throws -> ToolResult {
    let query = String(try arguments.text("query").prefix(Self.queryCharacters))
    let reply = try await service.get("/v1/search", [("query", query), ("count", "\(Self.hits)")])
    guard let results = try reply.json()["results"]?.object else { throw reply.unexpected }
    let pages = (results["web"]?.array ?? []) + (results["news"]?.array ?? [])
    let texts = pages.prefix(Self.hits).compactMap(Self.text)
    guard !texts.isEmpty else { return ToolResult("You.com found nothing for this query.") }
    return ToolResult(.string(texts.joined(separator: "\n\n")))
  }

  private static func text(of page: JSON) -> String? {
    guard let address = page["url"]?.string else { return nil }
    let snippets = (page["snippets"]?.array ?? []).compactMap(\.string).prefix(snippetsPerHit)
    let lines = snippets.isEmpty ? [page["description"]?.string].compactMap { $0 } : Array(snippets)
    guard !lines.isEmpty else { return nil }
    let cut = lines.map { $0.cut(toCharacters: snippetCharacters) }
    return ([page["title"]?.string ?? "", address] + cut).joined(separator: "\n")
  }
}
