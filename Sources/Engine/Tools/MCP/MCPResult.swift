import Conversation
import Foundation

/// What a server's call came to, as the model and the page take it.
enum MCPResult {
  /// - Throws: `ToolError` with the server's words, when it says that the call failed.
  static func toolResult(_ result: JSON, of server: String) throws(ToolError) -> ToolResult {
    let blocks = result["content"]?.array ?? []
    let text = blocks.compactMap(text).joined(separator: "\n\n")
    if result["isError"]?.bool == true {
      throw ToolError(text.isEmpty ? "\(server) failed without saying why." : text)
    }
    return ToolResult(content(text: text, structured: result["structuredContent"]), artifact: picture(blocks))
  }

  /// The structured result alone where the text only repeats it; both where it says more.
  private static func content(text: String, structured: JSON?) -> JSON {
    guard let structured, !structured.isNull else { return .string(text) }
    if text.isEmpty || (try? JSON(parsing: text)) == structured { return structured }
    return .string("\(text)\n\n\(structured.text)")
  }

  /// A block in words. What only a person could look at is named, not repeated.
  private static func text(_ block: JSON) -> String? {
    switch block["type"]?.string {
    case "text": return block["text"]?.string
    case "resource_link":
      let name = block["title"]?.string ?? block["name"]?.string ?? ""
      return block["uri"]?.string.map { "\(name): \($0)" }
    case "resource": return contents(block["resource"] ?? [:])
    case "image": return "[An image. The person sees it beside this result.]"
    case "audio": return "[A sound, which cannot be played here.]"
    case _: return nil
    }
  }

  /// A resource's contents: its text, or a word about bytes that are none.
  static func contents(_ resource: JSON) -> String {
    let uri = resource["uri"]?.string ?? ""
    if let text = resource["text"]?.string { return uri.isEmpty ? text : "\(uri)\n\(text)" }
    let type = resource["mimeType"]?.string ?? "bytes"
    return "[\(uri): \(type.cut(toCharacters: 100)), which is no text.]"
  }

  /// The first picture, in the shape in which the page shows one.
  private static func picture(_ blocks: [JSON]) -> JSON? {
    for block in blocks where block["type"] == "image" {
      guard let data = block["data"]?.string, let type = block["mimeType"]?.string,
        ["image/png", "image/jpeg", "image/webp"].contains(type)
      else { continue }
      return ["type": "image", "media_type": .string(type), "data": .string(data)]
    }
    return nil
  }
}
