import Hummingbird

/// How a request says whose it is: the one funnel through which every route learns its user.
package enum Identity: Sendable {
  /// Nobody proves anything: the value of a cookie is taken at its word. For one person, or people who trust
  /// one another, on one machine.
  case unverified

  private static let cookie = "opengpts_user_id"
  private static let defaultSubject = "static-default-user-id"

  /// Who sent the request.
  func subject(of request: Request) throws(Refusal) -> String {
    switch self {
    case .unverified:
      guard let value = request.cookies[Self.cookie]?.value, !value.isEmpty else {
        return Self.defaultSubject
      }
      guard value.utf8.count <= HTTPLimits.subjectBytes else {
        throw Refusal(
          .badRequest, "The cookie \(Self.cookie) is longer than \(HTTPLimits.subjectBytes) bytes")
      }
      return value
    }
  }
}
