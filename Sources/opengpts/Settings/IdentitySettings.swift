import Conversation
import Foundation
import Server
import Transport

/// How users are told apart.
enum AuthType: String, Sendable, CaseIterable {
  /// The `opengpts_user_id` cookie is believed.
  case noop
  /// Accounts of this server's own.
  case local
  /// Tokens signed with a key this server was given.
  case jwtLocal = "jwt_local"
  /// Tokens and sign-ins of an OpenID provider.
  case jwtOIDC = "jwt_oidc"
}

/// All that says who comes in, checked.
struct IdentitySettings: Sendable {
  let type: AuthType
  let issuer: String?
  let audiences: [String]
  let algorithm: String?
  let decodeKey: Secret?
  let clientID: String?
  let clientSecret: Secret?
  let scopes: String
  let label: String
  let admins: [String]
  let newcomers: Role

  /// - Throws: what is missing or wrong, with the name of its setting.
  func identity() throws -> Identity {
    switch type {
    case .noop: .unverified
    case .local: .accounts
    case .jwtLocal: .tokens(try rules(), key: try key())
    case .jwtOIDC: .openID(try openID())
    }
  }

  private func openID() throws(IdentityProblem) -> OpenIDSettings {
    let client = HTTPClient(policy: .trusted, maxTransfers: 32)
    return OpenIDSettings(
      rules: try rules(), clientID: clientID, clientSecret: clientSecret?.revealed, scopes: scopes,
      label: label, admins: admins
    ) { try await client.fetch($0) }
  }

  private func rules() throws(IdentityProblem) -> TokenRules {
    guard let issuer else {
      throw IdentityProblem(.jwtIssuer, "is missing; auth.type \(type.rawValue) needs it")
    }
    var audiences = audiences
    if audiences.isEmpty, let clientID { audiences = [clientID] }
    guard !audiences.isEmpty else {
      throw IdentityProblem(.jwtAudience, "is missing; auth.type \(type.rawValue) needs it")
    }
    return TokenRules(issuer: issuer, audiences: audiences, newcomers: newcomers)
  }

  private func key() throws(IdentityProblem) -> TokenKey {
    guard let name = algorithm, let algorithm = TokenKey.Algorithm(rawValue: name) else {
      let names = TokenKey.Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
      throw IdentityProblem(.jwtAlgorithm, "is none of \(names)")
    }
    guard let text = decodeKey?.revealed, let bytes = Data(base64Encoded: text) else {
      throw IdentityProblem(.jwtDecodeKey, "is missing or is no base64")
    }
    do {
      return try TokenKey(bytes, algorithm: algorithm)
    } catch {
      throw IdentityProblem(.jwtDecodeKey, "\(error)")
    }
  }
}

/// One thing wrong with how people are to be told apart.
struct IdentityProblem: Error {
  let key: SettingKey
  let explanation: String

  init(_ key: SettingKey, _ explanation: String) {
    self.key = key
    self.explanation = explanation
  }
}
