import Conversation
import Foundation

/// What a server's call came to, as the model and the page take it.
enum MCPResult {
  /// - Parameter promised: the schema that the tool's structured results keep to.
  /// - Throws: `ToolError` with the server's words, when it says that the call failed; or with what is wrong, when
  ///   the result is not what the tool promises.
  static func toolResult(
    _ result: JSON, promised: JSON? = nil, of server: String
  ) throws(ToolError) -> ToolResult {
    let blocks = result["content"]?.array ?? []
    let text = blocks.compactMap(text).joined(separator: "\n\n")
    if result["isError"]?.bool == true {
      throw ToolError(text.isEmpty ? "\(server) failed without saying why." : text)
    }
    if let promised { try check(result["structuredContent"], keeps: promised, of: server) }
    return ToolResult(content(text: text, structured: result["structuredContent"]), artifact: picture(blocks))
  }

  /// A result that breaks its promise would be read as if it kept it (2025-11-25, Tools, "Output Schema").
  private static func check(_ structured: JSON?, keeps schema: JSON, of server: String) throws(ToolError) {
    guard let structured, !structured.isNull else {
      throw ToolError("\(server) sent no structured result, although the tool promises one.")
    }
    if let problem = SchemaCheck.problem(in: structured, by: schema) {
      throw ToolError("\(server) sent a result that is not what the tool promises: \(problem).")
    }
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

  /// The first picture, in the shape in which the page shows one; the model is shown it too, unless the server says
  /// that it is for people alone.
  private static func picture(_ blocks: [JSON]) -> JSON? {
    for block in blocks where block["type"] == "image" {
      // A model's vendor refuses a turn for a picture that is not what it is called.
      guard let data = block["data"]?.string, let bytes = Data(base64Encoded: data),
        let type = Pictures.mediaType(of: bytes)
      else { continue }
      let audience = block["annotations"]?["audience"]?.array
      return [
        "type": "image", "media_type": .string(type), "data": .string(data),
        "for_model": .bool(audience?.contains("assistant") ?? true),
      ]
    }
    return nil
  }
}
