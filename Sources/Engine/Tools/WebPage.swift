import Conversation
import Documents
import Foundation
import Providers
import Transport

/// Reads a page of the web, or a document there, as text.
///
/// Sends one `GET` to the address, follows up to three redirects, takes up to 10 MB, and reads what the
/// Documents room reads: HTML without navigation, text, PDF, office files. Gives title, address, and 20,000
/// characters from `start` on. Only public addresses and those of `tools.allowed_networks` are reached,
/// judged on the address that is connected to, at each hop.
struct WebPage: Tool {
  let client: HTTPClient
  let reader: PageReader

  private static let pageBytes = 10 << 20
  private static let characters = 20_000
  private static let addressCharacters = 2_000

  static func type(client: HTTPClient, reader: PageReader) -> ToolType {
    ToolType(
      type: "web_page", name: "Web Page",
      description: "Reads a page of the web, or a document there, as text.",
      make: { _, _ in [WebPage(client: client, reader: reader)] })
  }

  var specification: ToolSpecification {
    ToolSpecification(
      name: "web_page",
      description:
        "Reads the web page or document at an address and gives its text. Use it for addresses that the "
        + "person or another tool named.",
      parameters: [
        "type": "object", "required": ["url"],
        "properties": [
          "url": ["type": "string", "description": "The address, with http:// or https://."],
          "start": [
            "type": "integer", "description": "The character to begin at, to read on in a long page.",
          ],
        ],
      ])
  }

  var isRepeatable: Bool { true }
  var reach: ToolReach { .anywhere }

  func call(_ arguments: JSON) async throws -> ToolResult {
    let address = try Self.address(arguments.text("url"))
    let start = max(0, arguments["start"]?.integer ?? 0)
    let page = RemoteService(
      name: "The page", baseURL: address, client: client,
      headers: [HTTPHeader("Accept", "text/html, application/xhtml+xml, text/*;q=0.9, */*;q=0.5")],
      maxBodyBytes: Self.pageBytes)
    let reply = try await page.get("")
    let source = try await reader.text(of: reply)
    let title = source.title.map { "\($0.onOneLine.cut(toCharacters: 300))\n" } ?? ""
    return ToolResult(
      .string("\(title)\(reply.head.url)\n\n\(try Self.excerpt(of: source.text, from: start))"))
  }

  private static func address(_ text: String) throws(ToolError) -> String {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard trimmed.count <= addressCharacters else { throw ToolError("The address is too long.") }
    let scheme = trimmed.firstRange(of: "://").map { trimmed[..<$0.lowerBound].lowercased() }
    switch scheme {
    case nil: return "https://\(trimmed)"
    case "http", "https": return trimmed
    case _: throw ToolError("Only addresses that begin with http:// or https:// can be read.")
    }
  }

  private static func excerpt(of text: String, from start: Int) throws(ToolError) -> String {
    guard let first = text.index(text.startIndex, offsetBy: start, limitedBy: text.endIndex),
      first < text.endIndex
    else { throw ToolError("The page has fewer than \(start) characters.") }
    let end = text.index(first, offsetBy: characters, limitedBy: text.endIndex) ?? text.endIndex
    let excerpt = String(text[first..<end])
    guard end < text.endIndex else { return excerpt }
    return excerpt + "\n\n[The page goes on. Call again with start \(start + characters) to read on.]"
  }
}
