import Conversation
import Documents
import Foundation
import Transport

/// Turns what came from the web into text, in the parser's own process: a page is a stranger's file.
struct PageReader: Sendable {
  let parser: DocumentParser

  /// - Throws: `ToolError` in words for the model, or cancellation.
  func text(of reply: RemoteService.Reply) async throws -> SourceText {
    let path = FileManager.default.temporaryDirectory.appending(path: "opengpts-page-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(reply.body), attributes: [.posixPermissions: 0o600])
    else { throw ToolError("The server has no room to read the page. Try again later.") }
    do {
      return try await parser.parse(
        fileAt: path, named: Self.name(of: reply.head.url), mediaType: reply.head.contentType)
    } catch {
      throw Self.failure(error, of: reply.service)
    }
  }

  /// The last part of the path, for its ending.
  private static func name(of address: String) -> String {
    let name = URLComponents(string: address)?.path.split(separator: "/").last ?? ""
    return name.isEmpty ? "page" : String(name.suffix(100))
  }

  private static func failure(_ error: DocumentError, of service: String) -> any Error {
    switch error {
    case .cancelled: CancellationError()
    case .empty, .noText: ToolError("\(service) holds no text; it may be made by scripts or of pictures.")
    case .unsupported(let type): ToolError("\(service) is of the type \(type), which is not read.")
    case .encrypted: ToolError("\(service) is protected by a password.")
    case .tooLarge: ToolError("\(service) is too large to be read.")
    case .timedOut: ToolError("\(service) took too long to read.")
    case .busy: ToolError("Too many files are being read on this server. Try again in a minute.")
    case .malformed, .parserUnavailable, .unreadable: ToolError("\(service) could not be read as text.")
    }
  }
}
