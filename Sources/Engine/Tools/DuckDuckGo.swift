import Conversation
import Foundation
import Providers
import Transport

/// Searches the web with DuckDuckGo's page for browsers without scripts; there is no interface for programs.
///
/// Sends `POST /html/` with the query, any region, the past year. Gives up to five hits: title, address, and
/// the lines DuckDuckGo shows, without advertisements. DuckDuckGo shows a puzzle, with status 202, to whom it
/// takes for a robot; that is told as a failure.
/// Source: duckduckgo.com/duckduckgo-help-pages/settings/params and the page itself, November 2026.
struct DuckDuckGo: Tool {
  let service: RemoteService

  /// Seconds between requests, so that a run of searches is not taken for an attack.
  static let intervalSeconds = 1.0
  private static let hits = 5
  private static let queryCharacters = 400
  private static let hitCharacters = 1_000

  static func type(_ service: RemoteService) -> ToolType {
    ToolType(
      type: "ddg_search", name: "DuckDuckGo Search",
      description: "Searches the web with [DuckDuckGo](https://duckduckgo.com/).",
      make: { _, _ in [DuckDuckGo(service: service)] })
  }

  var specification: ToolSpecification {
    ToolSpecification(
      name: "duckduckgo_search",
      description:
        "Searches the web with DuckDuckGo. Good for current events and for what other tools do not know.",
      parameters: .textArgument("query", "What to search for, as one would type it into a search page."))
  }

  var isRepeatable: Bool { true }

  func call(_ arguments: JSON) async throws -> ToolResult {
    let query = String(try arguments.text("query").prefix(Self.queryCharacters))
    let reply = try await service.look("/html/", form: [("q", query), ("kl", "wt-wt"), ("df", "y")])
    let page = reply.text
    let hits = Self.hits(on: page)
    if hits.isEmpty { return try Self.withoutHits(page, reply) }
    let texts = hits.map { "\($0.title)\n\($0.address)\n\($0.lines)".cut(toCharacters: Self.hitCharacters) }
    return ToolResult(.string(texts.joined(separator: "\n\n")))
  }

  private static func withoutHits(
    _ page: String, _ reply: RemoteService.Reply
  ) throws(ToolError) -> ToolResult {
    if reply.head.status == 202 || page.contains("anomaly-modal") {
      throw ToolError(
        "DuckDuckGo takes this server for a robot and asks for a puzzle to be solved. Try again much later, "
          + "or use another search.")
    }
    guard page.contains("no-results") else { throw reply.unexpected }
    return ToolResult("DuckDuckGo found nothing for this query.")
  }

  private struct Hit {
    var title: String
    var address: String
    var lines = ""
  }

  /// Links of the class `result__a` open a hit; the link of the class `result__snippet` after it is its text.
  private static func hits(on page: String) -> [Hit] {
    var hits: [Hit] = []
    for piece in page.split(separator: "<a ", omittingEmptySubsequences: true).dropFirst() {
      guard let tagEnd = piece.firstIndex(of: ">") else { continue }
      let tag = piece[..<tagEnd]
      let inside = piece[piece.index(after: tagEnd)...]
      let text = MarkupText.plain(inside.firstRange(of: "</a>").map { inside[..<$0.lowerBound] } ?? inside)
      if tag.contains("result__a\"") {
        guard hits.count < self.hits else { break }
        if let address = address(in: tag) { hits.append(Hit(title: text, address: address)) }
      } else if tag.contains("result__snippet"), let last = hits.indices.last, hits[last].lines.isEmpty {
        hits[last].lines = text
      }
    }
    return hits
  }

  /// Where the link leads in the end: behind the redirect that counts clicks. Nil for advertisements.
  private static func address(in tag: Substring) -> String? {
    guard let start = tag.firstRange(of: "href=\"")?.upperBound, let end = tag[start...].firstIndex(of: "\"")
    else { return nil }
    let link = MarkupText.plain(tag[start..<end])
    guard !link.contains("duckduckgo.com/y.js") else { return nil }
    guard link.contains("/l/?") else { return link.hasPrefix("http") ? link : nil }
    return URLComponents(string: link)?.queryItems?.first { $0.name == "uddg" }?.value
  }
}
