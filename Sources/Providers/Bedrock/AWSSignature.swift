import Crypto
import Foundation
import Transport

/// Who asks Amazon.
package struct AWSCredentials: Sendable, Equatable {
  package var accessKeyID: String
  package var secretAccessKey: String
  /// Of temporary credentials.
  package var sessionToken: String?

  package init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
  }
}

/// Signature Version 4.
/// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, November 2026.
struct AWSSignature {
  let credentials: AWSCredentials
  let region: String
  let service: String

  /// What the signature covers. `path` is as it is sent, without a query.
  struct Request {
    var method: String
    var host: String
    var path: String
    /// As it is sent, sorted by name.
    var query = ""
    var headers: [HTTPHeader] = []
    var body: [UInt8]
  }

  /// The headers to be sent beside the request's own.
  func headers(for request: Request, at date: Date) -> [HTTPHeader] {
    let time = Self.time(date)
    var added = [HTTPHeader("X-Amz-Date", time)]
    if let token = credentials.sessionToken { added.append(HTTPHeader("X-Amz-Security-Token", token)) }
    let signed = [HTTPHeader("host", request.host)] + request.headers + added
    let value = authorization(for: request, signing: signed, at: time)
    return added + [HTTPHeader("Authorization", value)]
  }

  func authorization(for request: Request, signing headers: [HTTPHeader], at time: String) -> String {
    let fields = headers.map { (name: $0.name.lowercased(), value: Self.trimmed($0.value)) }
      .sorted { $0.name < $1.name }
    let names = fields.map(\.name).joined(separator: ";")
    let canonical = [
      request.method, Self.canonical(path: request.path), request.query,
      fields.map { "\($0.name):\($0.value)\n" }.joined(), names, Self.hex(SHA256.hash(data: request.body)),
    ].joined(separator: "\n")
    let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
    let toSign = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(Self.hex(SHA256.hash(data: Data(canonical.utf8))))"
    let signature = Self.hex(Self.mac(toSign, key: signingKey(day: time.prefix(8))))
    return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
      + "SignedHeaders=\(names), Signature=\(signature)"
  }

  private func signingKey(day: Substring) -> Data {
    let first = Data("AWS4\(credentials.secretAccessKey)".utf8)
    return [String(day), region, service, "aws4_request"].reduce(first) { key, part in
      Data(Self.mac(part, key: key))
    }
  }

  private static func mac(_ text: String, key: Data) -> HMAC<SHA256>.MAC {
    HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key))
  }

  /// Every service but S3 has each segment escaped once more.
  private static func canonical(path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).map { String($0).pathEscaped }
      .joined(separator: "/")
  }

  private static func trimmed(_ value: String) -> String {
    value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }

  private static func time(_ date: Date) -> String {
    let digits = date.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
    return digits
  }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
