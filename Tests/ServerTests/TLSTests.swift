import Conversation
import Engine
import Foundation
import Loopback
import Store
import Testing
import Transport

@testable import Server

@Suite struct TLSTests {
  /// A server with a certificate, and a client that trusts it.
  private func run(
    _ authority: SelfSigned, identity: Identity = .unverified,
    _ body: @Sendable @escaping (TestServer, HTTPClient, ServerCertificate) async throws -> Void
  ) async throws {
    let certificate = try ServerCertificate(authority.files)
    let client = HTTPClient(policy: .trusted, authoritiesFile: authority.certificate)
    try await TestServer.run(identity: identity, certificate: certificate) { server in
      try await body(server, client, certificate)
    }
    await client.shutdown()
  }

  private func secure(_ server: TestServer, _ path: String, as user: String = TestServer.anna) -> HTTPRequest
  {
    HTTPRequest(
      "GET", url: "https://localhost:\(server.port)\(path)",
      headers: [HTTPHeader("Cookie", "opengpts_user_id=\(user)")])
  }

  private func streaming(_ server: TestServer, _ thread: String, _ text: String) -> HTTPRequest {
    var request = secure(server, "/runs/stream")
    request.method = "POST"
    request.headers.append(HTTPHeader("Content-Type", "application/json"))
    request.body = Array(TestServer.run(thread, text).text.utf8)
    return request
  }

  /// Over TLS, as that person.
  private func thread(_ server: TestServer, _ client: HTTPClient) async throws -> String {
    func make(_ path: String, _ body: JSON) async throws -> JSON {
      var request = secure(server, path)
      request.method = "POST"
      request.headers.append(HTTPHeader("Content-Type", "application/json"))
      request.body = Array(body.text.utf8)
      return try JSON(parsing: try await client.fetch(request).body)
    }
    let assistant = try await make(
      "/assistants", ["name": "A", "config": ["configurable": ["type": "chatbot"]]])
    let thread = try await make("/threads", ["name": "T", "assistant_id": assistant["assistant_id"] ?? nil])
    return try #require(thread["thread_id"]?.string)
  }

  @Test func `a certificate changes under a stream that runs, which loses nothing`() async throws {
    let folder = try SelfSigned("localhost")
    try await run(folder) { server, client, certificate in
      let thread = try await thread(server, client)
      let response = try await client.send(streaming(server, thread, "hold"))
      #expect(response.head.status == 200)
      try await server.eventually("the model is asked") { server.model.waiting == 1 }
      let old = certificate.pair.pin
      try folder.renew("localhost")
      guard case .taken(let pair) = certificate.refresh() else {
        Issue.record("the new pair is not taken")
        return
      }
      #expect(pair.pin != old)
      // Whoever connects now sees the new one: a client with another pool, and other trust.
      let later = HTTPClient(policy: .trusted, pinnedKey: pair.pin)
      #expect(try await later.fetch(secure(server, "/ok")).head.status == 200)
      let earlier = HTTPClient(policy: .trusted, pinnedKey: old)
      await #expect(throws: TransportError.self) { try await earlier.fetch(secure(server, "/ok")) }
      server.model.release()
      let text = String(decoding: try await response.body.collect(limitBytes: 1 << 20), as: UTF8.self)
      #expect(text.contains("Before after") && text.contains("event: end"))
      await later.shutdown()
      await earlier.shutdown()
    }
  }

  @Test func `a pair that is wrong leaves the old one in use, and says so until it is right`() async throws {
    let folder = try SelfSigned("localhost")
    try await run(folder) { server, client, certificate in
      let old = certificate.pair.pin
      let key = try String(contentsOfFile: folder.key, encoding: .utf8)
      try key.prefix(key.count / 2).write(toFile: folder.key, atomically: true, encoding: .utf8)
      guard case .refused(let problem) = certificate.refresh() else {
        Issue.record("half a key is taken")
        return
      }
      #expect(problem.path == folder.key && problem.explanation.contains("cut off"))
      #expect(certificate.status.state == .degraded && certificate.status.detail.contains(folder.key))
      guard case .none = certificate.refresh() else {
        Issue.record("the same problem is told twice")
        return
      }
      #expect(certificate.pair.pin == old)
      #expect(try await client.fetch(secure(server, "/ok")).head.status == 200)
      try key.write(toFile: folder.key, atomically: true, encoding: .utf8)
      _ = certificate.refresh()
      #expect(certificate.status.state == .ok || certificate.status.detail.contains("good"))
      #expect(!certificate.status.detail.contains("not in use"))
    }
  }

  @Test func `a client that leaves over TLS stops its run`() async throws {
    let folder = try SelfSigned("localhost")
    try await run(folder) { server, client, _ in
      let thread = try await thread(server, client)
      let leaving = HTTPClient(policy: .trusted, authoritiesFile: folder.certificate)
      let response = try await leaving.send(streaming(server, thread, "hold"))
      try await server.eventually("the model is asked") { server.model.waiting == 1 }
      await leaving.shutdown()
      withExtendedLifetime(response) {}
      try await server.eventually("the model's call is stopped") { server.model.stopped == 1 }
    }
  }

  @Test func `over TLS sessions are for https alone`()
    async throws
  {
    let folder = try SelfSigned("localhost")
    try await run(folder, identity: .accounts) { server, client, _ in
      _ = try await server.personWithPassword("anna")
      var signIn = secure(server, "/auth/sign-in")
      signIn.method = "POST"
      signIn.headers = [HTTPHeader("Content-Type", "application/json")]
      let body: JSON = ["login": "anna", "password": .string(TestServer.password)]
      signIn.body = Array(body.text.utf8)
      let head = try await client.fetch(signIn).head
      let cookie = try #require(head.headers["set-cookie"])
      #expect(cookie.hasPrefix("__Host-opengpts_session=") && cookie.contains("; Secure"))
      #expect(head.headers["strict-transport-security"] == "max-age=3600")
    }
  }

  @Test func `the certificate's names are the server's, a star for one label`() throws {
    let folder = try SelfSigned("localhost", "chat.example", "*.gpts.example")
    let pair = try CertificatePair(folder.files)
    for host in ["localhost", "chat.example", "a.gpts.example"] { #expect(pair.isFor(host), "\(host)") }
    for host in [
      "other.example", "a.b.gpts.example", "gpts.example", "*.gpts.example.evil", ".gpts.example", "",
    ] {
      #expect(!pair.isFor(host), "\(host)")
    }
  }

  @Test func `whoever speaks clear text is told, in clear text`() async throws {
    let folder = try SelfSigned("localhost")
    try await run(folder) { server, _, _ in
      let connection = try RawConnection(port: server.port)
      connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
      let reply = await connection.read()
      #expect(reply.hasPrefix("HTTP/1.1 400 ") && reply.contains(HTTPService.clearTextRefusal))
    }
  }

  @Test func `what cannot be served with is refused at the start, by its file`() throws {
    let one = try SelfSigned("localhost")
    let other = try SelfSigned("localhost")
    func problem(_ certificate: String, _ key: String) -> CertificateProblem? {
      do throws(CertificateProblem) {
        _ = try ServerCertificate(CertificateFiles(certificate: certificate, key: key))
        return nil
      } catch { return error }
    }
    let (certificate, key) = (one.certificate, one.key)
    let swapped = problem(certificate, other.key)
    #expect(swapped?.path == other.key && swapped?.explanation.contains("not the key of") == true)
    #expect(problem(key, key)?.explanation.contains("holds no certificate") == true)
    #expect(problem(certificate, certificate)?.explanation.contains("holds no private key") == true)
    #expect(problem("/nowhere", key)?.path == "/nowhere")
    try "-----BEGIN ENCRYPTED PRIVATE KEY-----\n".write(toFile: key, atomically: true, encoding: .utf8)
    #expect(problem(certificate, key)?.explanation.contains("passphrase") == true)
  }

  @Test func `a certificate that ends soon, or has ended, is spoken of`() throws {
    let folder = try SelfSigned("localhost")
    let pair = try CertificatePair(folder.files)
    let soon = pair.notAfter.addingTimeInterval(-3_600)
    #expect(pair.isGood(at: soon) && !pair.isGood(at: soon, forSeconds: ServerCertificate.lateSeconds))
    let later = pair.notAfter.addingTimeInterval(1)
    #expect(!pair.isGood(at: later))
    #expect(pair.description(at: later).contains("expired for localhost"))
    #expect(!pair.isGood(at: pair.notBefore.addingTimeInterval(-1)))
  }
}

extension SelfSigned {
  fileprivate var files: CertificateFiles { CertificateFiles(certificate: certificate, key: key) }
}
