import Conversation
import Crypto
import CryptoExtras
import Foundation
import Transport

/// What a credentials file of Google Cloud says, and the request that turns it into a token.
/// Source: developers.google.com/identity/protocols/oauth2/service-account, November 2026.
struct GoogleCredentials: Sendable {
  private enum Kind: Sendable {
    case serviceAccount(email: String, keyID: String?, key: String)
    /// As `gcloud auth application-default login` leaves it.
    case person(clientID: String, clientSecret: String, refreshToken: String)
  }

  private let kind: Kind
  private let tokenURL: String
  /// The project the credentials belong to, if they say.
  let project: String?

  private static let scope = "https://www.googleapis.com/auth/cloud-platform"
  private static let grantSeconds = 3_600.0
  static let fileBytes = 64 << 10

  init(contentsOf path: String) throws(ModelError) {
    guard let handle = FileHandle(forReadingAtPath: path),
      let data = try? handle.read(upToCount: Self.fileBytes)
    else { throw .misconfigured("The file of google.application_credentials cannot be read: \(path)") }
    try self.init(json: Array(data), path: path)
  }

  init(json: [UInt8], path: String) throws(ModelError) {
    guard let file = try? JSON(parsing: json) else {
      throw .misconfigured("The file of google.application_credentials is no JSON: \(path)")
    }
    project = file["project_id"]?.string ?? file["quota_project_id"]?.string
    tokenURL = file["token_uri"]?.string ?? "https://oauth2.googleapis.com/token"
    if let email = file["client_email"]?.string, let key = file["private_key"]?.string {
      kind = .serviceAccount(email: email, keyID: file["private_key_id"]?.string, key: key)
    } else if let id = file["client_id"]?.string, let secret = file["client_secret"]?.string,
      let token = file["refresh_token"]?.string
    {
      kind = .person(clientID: id, clientSecret: secret, refreshToken: token)
    } else {
      throw .misconfigured(
        "The file of google.application_credentials is neither a service account's nor a person's: \(path)")
    }
  }

  func tokenRequest(now: Date = Date()) throws(ModelError) -> HTTPRequest {
    let fields: [(String, String)]
    switch kind {
    case .serviceAccount(let email, let keyID, let key):
      let assertion = try Self.assertion(email: email, keyID: keyID, key: key, audience: tokenURL, now: now)
      fields = [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion)]
    case .person(let id, let secret, let token):
      fields = [
        ("grant_type", "refresh_token"), ("client_id", id), ("client_secret", secret),
        ("refresh_token", token),
      ]
    }
    let body = fields.map { "\($0.0)=\($0.1.queryEscaped)" }.joined(separator: "&")
    return HTTPRequest(
      "POST", url: tokenURL,
      headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")], body: Array(body.utf8),
      deadlines: Deadlines(firstByteSeconds: 15, idleSeconds: 15, totalSeconds: 30), maxBodyBytes: 64 << 10,
      retry: .standard)
  }

  /// A JWT signed RS256 (RFC 7515, 7519).
  private static func assertion(
    email: String, keyID: String?, key: String, audience: String, now: Date
  ) throws(ModelError) -> String {
    let issued = Int(now.timeIntervalSince1970)
    var header: [String: JSON] = ["alg": "RS256", "typ": "JWT"]
    if let keyID { header["kid"] = .string(keyID) }
    let claims: JSON = [
      "iss": .string(email), "scope": .string(scope), "aud": .string(audience), "iat": .integer(issued),
      "exp": .integer(issued + Int(grantSeconds)),
    ]
    let signed = [JSON.object(header), claims].map { Data($0.text.utf8).base64URL }.joined(separator: ".")
    do {
      let signature = try _RSA.Signing.PrivateKey(pemRepresentation: key)
        .signature(for: SHA256.hash(data: Data(signed.utf8)), padding: .insecurePKCS1v1_5)
      return signed + "." + signature.rawRepresentation.base64URL
    } catch {
      throw .misconfigured("The private key in the file of google.application_credentials is no RSA key.")
    }
  }
}

extension Data {
  fileprivate var base64URL: String {
    base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
