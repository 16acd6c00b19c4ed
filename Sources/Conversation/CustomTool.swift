/// A service that somebody described by an OpenAPI document, whose operations their assistants may call.
///
/// Its secret is no part of it: it can be set and never read.
package struct CustomTool: Sendable, Equatable {
  package var id: Identifier<CustomTool>
  package var userID: Identifier<User>
  package var name: String
  /// Where its paths begin, without a slash at the end.
  package var baseURL: String
  /// Ids of the operations that assistants may call.
  package var operations: [String]
  package var authentication: Authentication
  package var hasSecret: Bool
  package var createdAt: Timestamp
  package var updatedAt: Timestamp

  /// How a request shows who asks; the secret stands where it says.
  package struct Authentication: Codable, Sendable, Equatable {
    package var type: Kind
    /// Of the header or the query's member, with `.apiKeyInHeader` and `.apiKeyInQuery`; the user's name with
    /// `.basic`.
    package var name: String?

    package enum Kind: String, Codable, Sendable, CaseIterable {
      case none
      case bearer
      case basic
      case apiKeyInHeader = "api_key_header"
      case apiKeyInQuery = "api_key_query"

      package var needsName: Bool {
        switch self {
        case .none, .bearer: false
        case .basic, .apiKeyInHeader, .apiKeyInQuery: true
        }
      }
    }

    package init(type: Kind = .none, name: String? = nil) {
      self.type = type
      self.name = name
    }
  }

  package init(
    id: Identifier<CustomTool> = .timeOrdered(), userID: Identifier<User>, name: String, baseURL: String,
    operations: [String] = [], authentication: Authentication = Authentication(), hasSecret: Bool = false,
    createdAt: Timestamp = .now, updatedAt: Timestamp = .now
  ) {
    self.id = id
    self.userID = userID
    self.name = name
    self.baseURL = baseURL
    self.operations = operations
    self.authentication = authentication
    self.hasSecret = hasSecret
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

extension CustomTool: Encodable {
  package enum CodingKeys: String, CodingKey {
    case id = "tool_id"
    case userID = "user_id"
    case name, operations, authentication
    case baseURL = "base_url"
    case hasSecret = "has_secret"
    case createdAt = "created_at"
    case updatedAt = "updated_at"
  }
}
