import Conversation
import Foundation

/// A JSON Web Token (RFC 7519), taken apart and not yet believed.
struct SignedToken {
  let text: String
  let algorithm: String
  let keyID: String?
  let header: JSON
  let claims: JSON

  /// - Throws: what the original says of what is no token.
  init(_ text: String) throws(TokenError) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= IdentityLimits.tokenBytes else { throw TokenError("Token is too long") }
    guard parts.count >= 3 else { throw TokenError("Not enough segments") }
    guard parts.count == 3, let head = Data(base64URL: parts[0]) else {
      throw TokenError("Invalid header padding")
    }
    guard let header = try? JSON(parsing: head), header.object != nil else {
      throw TokenError("Invalid header string")
    }
    guard let body = Data(base64URL: parts[1]), let claims = try? JSON(parsing: body), claims.object != nil
    else { throw TokenError("Invalid payload padding") }
    guard !head.repeatsName, !body.repeatsName else { throw TokenError("A token says each thing once") }
    guard Data(base64URL: parts[2]) != nil else { throw TokenError("Invalid crypto padding") }
    self.text = text
    self.header = header
    self.claims = claims
    algorithm = header["alg"]?.string ?? ""
    keyID = header["kid"]?.string
  }

  /// The key is never taken from the token: `jwk`, `jku`, `x5u` and `x5c` mean nothing here. What must be
  /// understood to be judged (`crit`), and a token of another purpose, are refused.
  func checkHeader(algorithm expected: TokenKey.Algorithm) throws(TokenError) {
    guard algorithm == expected.rawValue else {
      throw TokenError("The specified alg value is not allowed")
    }
    guard header["crit"] == nil else { throw TokenError("Critical header parameters are not supported") }
    let type = header["typ"]?.string?.lowercased().replacing("application/", with: "")
    guard header["typ"] == nil || type == "jwt" || type == "at+jwt" else {
      throw TokenError("The specified typ value is not allowed")
    }
  }
}

/// Why a token is not taken, in the words of the original where it had some.
struct TokenError: Error {
  let detail: String

  init(_ detail: String) {
    self.detail = detail
  }
}

/// What a token says of its bearer, judged.
struct TokenClaims: Sendable {
  let issuer: String
  let subject: String
  let name: String
  let expiresAt: Timestamp
  let nonce: String?

  /// - Throws: what is missing or wrong, in the order of the original.
  init(_ claims: JSON, rules: TokenRules, now: Timestamp = .now) throws(TokenError) {
    for name in ["exp", "iss", "aud", "sub"] where claims[name]?.isNull ?? true {
      throw TokenError("Token is missing the \"\(name)\" claim")
    }
    if let begins = claims["nbf"], !begins.isNull {
      guard let time = Self.time(begins) else {
        throw TokenError("Not Before claim (nbf) must be an integer.")
      }
      guard time <= now.adding(seconds: IdentityLimits.clockSkewSeconds) else {
        throw TokenError("The token is not yet valid (nbf)")
      }
    }
    guard let expiry = claims["exp"].flatMap(Self.time) else {
      throw TokenError("Expiration Time claim (exp) must be an integer.")
    }
    guard expiry > now else { throw TokenError("Signature has expired") }
    guard claims["iss"] == .string(rules.issuer) else { throw TokenError("Invalid issuer") }
    guard Self.audiences(claims["aud"]).contains(where: rules.audiences.contains) else {
      throw TokenError("Audience doesn't match")
    }
    guard let subject = claims["sub"]?.string, !subject.isEmpty,
      subject.utf8.count <= HTTPLimits.subjectBytes
    else { throw TokenError("Subject must be a string") }
    issuer = rules.issuer
    self.subject = subject
    name = claims["name"]?.string ?? claims["preferred_username"]?.string ?? claims["email"]?.string ?? ""
    expiresAt = expiry
    nonce = claims["nonce"]?.string
  }

  /// A number of seconds since 1970 that a clock can show; text is none.
  private static func time(_ value: JSON) -> Timestamp? {
    guard let seconds = value.number, seconds.isFinite, (0...253_402_300_799).contains(seconds) else {
      return nil
    }
    return Timestamp(microseconds: Int64(seconds * 1_000_000))
  }

  private static func audiences(_ value: JSON?) -> [String] {
    value?.string.map { [$0] } ?? value?.array?.compactMap(\.string) ?? []
  }

  /// Who it is: two providers may each have a "42".
  var userSubject: String { "\(issuer)#\(subject)" }
}
