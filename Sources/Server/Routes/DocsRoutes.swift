import Conversation
import Hummingbird

/// The description of all routes; the page at `/docs` reads it.
struct DocsRoutes: Sendable {
  let version: String

  func openAPI(_ call: Call) async throws -> Response {
    try .json(OpenAPIDocument(version: version).json)
  }
}
