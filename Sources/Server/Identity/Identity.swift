import Conversation
import Hummingbird
import Store

/// How a request says whose it is: the one funnel through which every route learns its user.
package enum Identity: Sendable {
  /// Nobody proves anything: the value of a cookie is taken at its word, and everybody may do everything with
  /// what is theirs. For one person, or people who trust one another, on one machine.
  case unverified

  private static let cookie = "opengpts_user_id"
  private static let defaultSubject = "static-default-user-id"

  /// Who sent the request.
  func caller(of request: Request, in store: Store) async throws -> Caller {
    switch self {
    case .unverified:
      let user = try await store.user(subject: Self.subject(of: request))
      return Caller(user: user, role: .admin, credential: .unverified)
    }
  }

  private static func subject(of request: Request) throws(Refusal) -> String {
    guard let value = request.cookies[cookie]?.value, !value.isEmpty else { return defaultSubject }
    guard value.utf8.count <= HTTPLimits.subjectBytes else {
      throw Refusal(.badRequest, "The cookie \(cookie) is longer than \(HTTPLimits.subjectBytes) bytes")
    }
    return value
  }
}
