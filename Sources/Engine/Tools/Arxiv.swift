import Conversation
import Providers

/// Looks papers up in arXiv.
///
/// Sends one `GET /api/query`: by `id_list` when every word of the query is an arXiv number, else by
/// `search_query` over all fields. Gives up to three papers with date, title, authors, address and abstract,
/// 4,000 characters in all. Queries are cut at 300 characters. arXiv asks for three seconds between requests.
/// Source: info.arxiv.org/help/api/user-manual.html, November 2026.
struct Arxiv: Tool {
  let service: RemoteService

  /// Seconds between requests that arXiv asks for.
  static let intervalSeconds = 3.0
  private static let papers = 3
  private static let queryCharacters = 300
  private static let resultCharacters = 4_000

  static func type(_ service: RemoteService) -> ToolType {
    ToolType(
      type: "arxiv", name: "Arxiv", description: "Finds scientific papers in [arXiv](https://arxiv.org/).",
      make: { _, _ in [Arxiv(service: service)] })
  }

  var specification: ToolSpecification {
    ToolSpecification(
      name: "arxiv",
      description:
        "Finds papers in arXiv and gives their dates, titles, authors and abstracts. Covers physics, "
        + "mathematics, computer science, biology, finance, statistics, engineering and economics.",
      parameters: .textArgument("query", "A topic, a title, an author, or arXiv numbers such as 1706.03762."))
  }

  var isRepeatable: Bool { true }

  func call(_ arguments: JSON) async throws -> ToolResult {
    let query = String(try arguments.text("query").prefix(Self.queryCharacters))
    let selection = Self.selection(for: query)
    let reply = try await service.get(
      "/api/query", [selection, ("start", "0"), ("max_results", "\(Self.papers)")])
    guard let feed = XMLTree(reply.body), feed.name == "feed" else { throw reply.unexpected }
    let entries = feed.children("entry").prefix(Self.papers)
    if let problem = entries.first(where: { $0.first("id").contains("/api/errors") }) {
      throw ToolError("arXiv did not accept the query: \(problem.first("summary").cut(toCharacters: 300))")
    }
    guard !entries.isEmpty else { return ToolResult("arXiv has no paper that fits this query.") }
    let text = entries.map(Self.text).joined(separator: "\n\n")
    return ToolResult(.string(text.cut(toCharacters: Self.resultCharacters)))
  }

  /// `:` and `-` would be operators.
  private static func selection(for query: String) -> (String, String) {
    let words = query.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map(String.init)
    if !words.isEmpty, words.allSatisfy(isNumber) { return ("id_list", words.joined(separator: ",")) }
    let plain = query.map { ":-\"()".contains($0) ? " " : String($0) }.joined().onOneLine
    return ("search_query", plain)
  }

  /// `1706.03762`, `1706.03762v2`, or as before 2007 `hep-th/9901001` and `9901001`.
  private static func isNumber(_ word: String) -> Bool {
    let modern = /\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?/
    let early = /(?:[a-z\-]+(?:\.[A-Z]{2})?\/)?\d{2}(?:0[1-9]|1[0-2])\d{3}(?:v\d+)?/
    return word.wholeMatch(of: modern) != nil || word.wholeMatch(of: early) != nil
  }

  private static func text(of entry: XMLTree) -> String {
    let authors = entry.elements("author", "name").map(\.text)
    return """
      Published: \(entry.first("published").prefix(10))
      Title: \(entry.first("title"))
      Authors: \(authors.joined(separator: ", ").cut(toCharacters: 300))
      Address: \(entry.first("id"))
      Summary: \(entry.first("summary"))
      """
  }
}

extension XMLTree {
  /// The words of the first element that the names lead to; empty when there is none.
  func first(_ name: String) -> String { children(name).first?.text ?? "" }
}
