import Foundation
import Loopback
import Testing

@testable import Transport

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: TLSServer.openssl)))
struct TLSTests {
  @Test func aCertificateNobodyVouchesForIsRefused() async throws {
    let server = try TLSServer(name: "localhost")
    await refuses(server.url, HTTPClient(policy: .trusted))
  }

  @Test func aCertificateForAnotherNameIsRefused() async throws {
    let server = try TLSServer(name: "model.example")
    await refuses(server.url, HTTPClient(policy: .trusted, authoritiesFile: server.certificate))
  }

  @Test func aCertificateOfANamedAuthorityIsAccepted() async throws {
    let server = try TLSServer(name: "localhost")
    let client = HTTPClient(policy: .trusted, authoritiesFile: server.certificate)
    #expect(try await client.fetch(HTTPRequest(url: server.url)).head.status == 200)
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(try await response.body.collect(limitBytes: 1 << 20).isEmpty == false)
  }

  private func refuses(
    _ url: String, _ client: HTTPClient, sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    do throws(TransportError) {
      _ = try await client.fetch(HTTPRequest(url: url, retry: RetryPolicy(attempts: 3)))
      Issue.record("accepted", sourceLocation: sourceLocation)
    } catch {
      guard case .tls = error else {
        Issue.record("\(error)", sourceLocation: sourceLocation)
        return
      }
    }
  }
}

/// `openssl s_server` on a free port of loopback, with a certificate it signed itself.
final class TLSServer {
  static let openssl = "/usr/bin/openssl"

  private(set) var port = 0
  private let signed: SelfSigned
  private let process = Process()

  init(name: String) throws {
    signed = try SelfSigned(name)
    try start(key: signed.key)
  }

  var url: String { "https://localhost:\(port)/" }
  var certificate: String { signed.certificate }

  private func start(key: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Self.openssl)
    process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardOutput = output
    try process.run()
    var text = ""
    while !text.contains("ACCEPT 127.0.0.1:") || !text.hasSuffix("\n") {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else { throw POSIXError(.ECONNREFUSED) }
      text += String(decoding: piece, as: UTF8.self)
    }
    let number = text.components(separatedBy: "ACCEPT 127.0.0.1:").last ?? ""
    port = Int(number.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  deinit {
    process.terminate()
  }
}
