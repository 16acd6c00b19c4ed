import Conversation
import Providers

/// Looks a topic up in Wikipedia, or in any MediaWiki with the TextExtracts extension.
///
/// Sends `list=search` for up to three pages, then `prop=extracts` for each, since a full extract comes for
/// one page at a time. Gives each page's title, address and up to 4,000 characters of plain text; a page that
/// cannot be read is left out. Queries are cut at 300 characters, MediaWiki's bound.
/// Source: www.mediawiki.org/wiki/API:Search and Extension:TextExtracts, November 2026.
struct Wikipedia: Tool {
  let service: RemoteService

  private static let pages = 3
  private static let pageCharacters = 4_000
  private static let queryCharacters = 300

  static func type(_ service: RemoteService) -> ToolType {
    ToolType(
      type: "wikipedia", name: "Wikipedia",
      description: "Looks topics up in [Wikipedia](https://www.wikipedia.org/).",
      make: { _, _ in [Wikipedia(service: service)] })
  }

  var specification: ToolSpecification {
    ToolSpecification(
      name: "wikipedia",
      description:
        "Looks up a topic in Wikipedia and gives the beginnings of the articles that fit best. Good "
        + "for facts about people, places, things, events and ideas.",
      parameters: .textArgument("query", "The topic, in a few words."))
  }

  var isRepeatable: Bool { true }

  func call(_ arguments: JSON) async throws -> ToolResult {
    let query = try arguments.text("query").cut(toCharacters: Self.queryCharacters)
    let found = try await search(query)
    guard !found.isEmpty else { return ToolResult("Wikipedia has no page that fits this query.") }
    let texts = try await inOrder(found) { try await text(ofPage: $0) }
    return ToolResult(.string(texts.joined(separator: "\n\n")))
  }

  private func search(_ query: String) async throws -> [Int] {
    let reply = try await ask(["list": "search", "srsearch": query, "srlimit": "\(Self.pages)", "srprop": ""])
    guard let hits = reply["query"]?["search"]?.array else { throw unreadable }
    return hits.compactMap { $0["pageid"]?.integer }.prefix(Self.pages).map { $0 }
  }

  private func text(ofPage id: Int) async throws -> String {
    let reply = try await ask([
      "prop": "extracts|info", "inprop": "url", "explaintext": "1", "exsectionformat": "plain",
      "pageids": "\(id)",
    ])
    guard let page = reply["query"]?["pages"]?[0], let title = page["title"]?.string,
      let extract = page["extract"]?.string, !extract.isEmpty
    else { throw unreadable }
    let address = page["fullurl"]?.string.map { "\n\($0)" } ?? ""
    return "\(title)\(address)\n\(extract.cut(toCharacters: Self.pageCharacters))"
  }

  private func ask(_ query: [String: String]) async throws -> JSON {
    let all = query.merging(["action": "query", "format": "json", "formatversion": "2"]) { first, _ in first }
    let reply = try await service.get("/w/api.php", all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
      .json()
    if let problem = reply["error"]?["info"]?.string {
      throw ToolError("\(service.name) did not accept the query: \(problem.cut(toCharacters: 300))")
    }
    return reply
  }

  private var unreadable: ToolError { ToolError("\(service.name) sent a reply that could not be read.") }
}

/// The values for all items at once, in the items' order, without those that fail.
/// - Throws: the last failure, when every item failed; cancellation.
func inOrder<Item: Sendable, Value: Sendable>(
  _ items: [Item], _ work: @escaping @Sendable (Item) async throws -> Value
) async throws -> [Value] {
  let outcomes = await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
    for (place, item) in items.enumerated() {
      group.addTask {
        do { return (place, .success(try await work(item))) } catch { return (place, .failure(error)) }
      }
    }
    var all = [Int: Result<Value, any Error>]()
    for await (place, outcome) in group { all[place] = outcome }
    return items.indices.compactMap { all[$0] }
  }
  try Task.checkCancellation()
  let values = outcomes.compactMap { try? $0.get() }
  if values.isEmpty, let last = outcomes.last { return [try last.get()] }
  return values
}
