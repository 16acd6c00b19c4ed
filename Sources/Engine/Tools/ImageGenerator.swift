import Conversation
import Foundation
import Providers

/// Makes an image from a description, with OpenAI's image models or a server that speaks like OpenAI.
///
/// Type and function keep the name of DALL-E, which OpenAI shut down in May 2026. Sends
/// `POST /images/generations` for one square image of 1024 pixels; it is charged for, and so sent once. The
/// GPT image models give the image itself: the page gets it as the result's artifact
/// `{type: "image", media_type, data}` with the data as base64, at most 4 MB; the model gets a sentence.
/// Servers that give an address have it passed on as text, as in the original. Descriptions are at most
/// 32,000 characters; what OpenAI refuses comes back in its own words.
/// Source: developers.openai.com/api/docs/guides/image-generation and /api/docs/deprecations, November 2026.
struct ImageGenerator: Tool {
  let service: RemoteService
  let model: String

  private static let promptCharacters = 32_000
  private static let imageBytes = 4 << 20
  /// The image as base64, in JSON.
  static let replyBytes = 8 << 20

  static func type(_ service: RemoteService?, model: String) -> ToolType {
    ToolType(
      type: "dall_e", name: "Generate Image (Dall-E)",
      description: "Makes images from descriptions with OpenAI's image models.",
      make: { _, _ in
        guard let service else {
          throw ToolError(
            "Making images needs a key of OpenAI. An administrator can set it as openai.api_key in the "
              + "configuration, or as the environment variable OPENAI_API_KEY.")
        }
        return [ImageGenerator(service: service, model: model)]
      })
  }

  var specification: ToolSpecification {
    ToolSpecification(
      name: "Dall-E-Image-Generator",
      description: "Makes an image from a description and shows it to the person.",
      parameters: .textArgument("__arg1", "A full description of the image."))
  }

  var isRepeatable: Bool { false }

  func call(_ arguments: JSON) async throws -> ToolResult {
    let prompt = try (arguments["prompt"] ?? arguments).text("__arg1")
    guard prompt.count <= Self.promptCharacters else {
      throw ToolError("The description has more than \(Self.promptCharacters) characters. Shorten it.")
    }
    let reply = try await service.act("/images/generations", json: request(prompt))
    guard let image = try reply.json()["data"]?[0] else { throw reply.unexpected }
    if let address = image["url"]?.string, address.hasPrefix("https://") || address.hasPrefix("http://") {
      return ToolResult(.string(address), artifact: ["type": "image", "url": .string(address)])
    }
    guard let data = image["b64_json"]?.string else { throw reply.unexpected }
    return try Self.result(data, reply)
  }

  private func request(_ prompt: String) -> JSON {
    var request: [String: JSON] = [
      "model": .string(model), "prompt": .string(prompt), "n": 1, "size": "1024x1024",
    ]
    if model.hasPrefix("gpt-image") {
      // About 200 KB an image; PNG, the default, takes 2 MB.
      request["output_format"] = "jpeg"
      request["output_compression"] = 80
      request["quality"] = "medium"
    }
    return .object(request)
  }

  private static func result(_ data: String, _ reply: RemoteService.Reply) throws(ToolError) -> ToolResult {
    guard let bytes = Data(base64Encoded: data), let type = Pictures.mediaType(of: bytes) else {
      throw reply.unexpected
    }
    guard data.utf8.count <= imageBytes else { throw ToolError("The image is too large to be kept.") }
    return ToolResult(
      "The image is made, and the person sees it beside this result. Do not repeat it or link to it.",
      artifact: ["type": "image", "media_type": .string(type), "data": .string(data)])
  }
}
