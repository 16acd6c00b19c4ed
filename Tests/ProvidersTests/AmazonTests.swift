import Foundation
import Testing
import Transport

@testable import Providers

/// Amazon's signature against Amazon's own vectors, and its binary stream.
@Suite struct AmazonTests {
  /// Vectors of aws-sig-v4-test-suite, all signed at 2015-08-30T12:36:00Z.
  @Test(arguments: [
    ("GET", "/", "", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("POST", "/", "", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    (
      "GET", "/", "Param1=value1&Param2=value2", "", "",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    ),
    ("GET", "/ሴ", "", "", "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    (
      "POST", "/", "", "application/x-www-form-urlencoded", "Param1=value1",
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
    ),
  ])
  func `requests are signed as Amazon signs them`(
    method: String, path: String, query: String, type: String, body: String, signature: String
  ) throws {
    let credentials = AWSCredentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    let signing = AWSSignature(credentials: credentials, region: "us-east-1", service: "service")
    let request = AWSSignature.Request(
      method: method, host: "example.amazonaws.com", path: path, query: query,
      headers: type.isEmpty ? [] : [HTTPHeader("Content-Type", type)], body: Array(body.utf8))
    let date = try Date("2015-08-30T12:36:00Z", strategy: .iso8601)
    let headers = signing.headers(for: request, at: date)
    #expect(headers["x-amz-date"] == "20150830T123600Z")
    let names = type.isEmpty ? "host;x-amz-date" : "content-type;host;x-amz-date"
    #expect(
      headers["authorization"]
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        + "SignedHeaders=\(names), Signature=\(signature)")
  }

  @Test func `a model's name is escaped once on the wire and twice under the signature`() {
    #expect("anthropic.claude-v2:1".pathEscaped == "anthropic.claude-v2%3A1")
    #expect("anthropic.claude-v2:1".pathEscaped.pathEscaped == "anthropic.claude-v2%253A1")
  }

  @Test func `temporary credentials send their token, and it is signed`() {
    let credentials = AWSCredentials(accessKeyID: "A", secretAccessKey: "S", sessionToken: "T")
    let headers = AWSSignature(credentials: credentials, region: "r", service: "s")
      .headers(for: .init(method: "GET", host: "h", path: "/", body: []), at: Date())
    #expect(headers["x-amz-security-token"] == "T")
    #expect(headers["authorization"]?.contains("host;x-amz-date;x-amz-security-token") == true)
  }

  @Test func `credentials are read from the profile that was asked for`() {
    let file = """
      # mine
      [default]
      aws_access_key_id = A
      aws_secret_access_key=S=/x

      [work]
      aws_access_key_id=B
      aws_secret_access_key=T
      aws_session_token = U
      [broken]
      aws_access_key_id=C
      """
    #expect(
      AWSCredentials.parsed(file, profile: "default")
        == AWSCredentials(accessKeyID: "A", secretAccessKey: "S=/x"))
    #expect(
      AWSCredentials.parsed(file, profile: "work")
        == AWSCredentials(accessKeyID: "B", secretAccessKey: "T", sessionToken: "U"))
    #expect(AWSCredentials.parsed(file, profile: "broken") == nil)
    #expect(AWSCredentials.parsed(file, profile: "none") == nil)
    #expect(AWSCredentials.inFile(at: "/nowhere", profile: "default") == nil)
  }

  // MARK: The binary stream

  /// The checksum of "123456789" is what every table of checksums gives.
  @Test func `the checksum is the usual one`() {
    #expect(CRC32.checksum(of: Array("123456789".utf8)) == 0xCBF4_3926)
  }

  /// Written by Amazon: "An example payload" of the format's specification has no published bytes, so this is
  /// the one of botocore's tests: no headers, no payload.
  @Test func `the empty message of Amazon's own tests is read`() throws {
    let bytes: [UInt8] = [
      0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x05, 0xC2, 0x48, 0xEB, 0x7D, 0x98, 0xC8, 0xFF,
    ]
    var stream = AWSEventStream(maxFrameBytes: 1 << 20)
    #expect(try stream.feed(bytes) == [AWSEvent(headers: [:], payload: [])])
  }

  @Test func `a byte changed anywhere is noticed`() throws {
    let frame = AWSFrame.event("contentBlockDelta", #"{"delta":{"text":"x"}}"#)
    for place in frame.indices {
      var bytes = frame
      bytes[place] ^= 0x10
      var stream = AWSEventStream(maxFrameBytes: 1 << 20)
      #expect(throws: TransportError.self, "byte \(place)") {
        _ = try stream.feed(bytes)
        // A length that still fits the checksum cannot be; one that waits for more would be a hole.
        throw TransportError.malformedResponse("\(try stream.feed(frame))")
      }
    }
  }

  @Test func `exceptions in the stream are told as what can be done`() throws {
    for (type, message, kind) in [
      ("throttlingException", "slow", "rateLimited"),
      ("validationException", "Input is too long", "contextTooLong"),
      ("validationException", "bad", "rejected"), ("modelStreamErrorException", "x", "cut"),
      ("serviceUnavailableException", "x", "unavailable"),
    ] {
      let error = #expect(throws: ModelError.self) {
        try BedrockStreamReader.hear(
          AWSFrame.exception(type, message), with: BedrockStreamReader(), bytesAtOnce: 5)
      }
      #expect("\(String(describing: error))".contains(kind), "\(type)")
    }
  }
}
