import Conversation
import Crypto
import CryptoExtras
import Foundation
import Loopback
import Synchronization
import Testing
import Transport

@testable import Providers

@Suite struct VertexTests {
  private func account(_ key: _RSA.Signing.PrivateKey, tokenURL: String) throws -> GoogleCredentials {
    let file: JSON = [
      "type": "service_account", "project_id": "p", "private_key_id": "kid",
      "private_key": .string(key.pemRepresentation), "client_email": "me@p.example",
      "token_uri": .string(tokenURL),
    ]
    return try GoogleCredentials(json: Array(file.text.utf8), path: "file")
  }

  private func decoded(_ part: Substring) throws -> Data {
    var text = String(part).replacing("-", with: "+").replacing("_", with: "/")
    while text.count % 4 != 0 { text += "=" }
    return try #require(Data(base64Encoded: text))
  }

  @Test func `a service account signs for a token, which is fetched once for many calls`() async throws {
    let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    let server = try LoopbackServer { peer, request in
      if request.target == "/token" {
        peer.pause(seconds: 0.05)
        peer.reply(200, ["Content-Type: application/json"], #"{"access_token":"tok","expires_in":3600}"#)
        return .keep
      }
      peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
      peer.send(Dialect.gemini.answer)
      return .close
    }
    let client = HTTPClient(policy: .trusted)
    let tokens = VertexTokens(
      credentials: try account(key, tokenURL: server.url("/token")), client: client)
    let chat = GeminiChat(
      ModelParameters(model: "gemini-x"), endpoint: Endpoint(baseURL: server.url("/v1"), apiKey: nil),
      access: .vertex(tokens), client: client)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<5 {
        group.addTask {
          try? await chat.reply(to: ChatRequest(messages: [.human("hi")])) { _ in }
        }
      }
    }
    let asked = server.requests.filter { $0.target == "/token" }
    #expect(asked.count == 1)
    let calls = server.requests.filter { $0.target != "/token" }
    #expect(calls.count == 5 && calls.allSatisfy { $0["authorization"] == "Bearer tok" })
    #expect(calls.first?.target == "/v1/models/gemini-x:streamGenerateContent?alt=sse")

    let form = String(decoding: try #require(asked.first).body, as: UTF8.self)
    let parts = try #require(form.split(separator: "assertion=").last).split(separator: ".")
    #expect(form.hasPrefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&"))
    let claims = try JSON(parsing: decoded(parts[1]))
    #expect(claims["iss"] == "me@p.example" && claims["aud"] == .string(server.url("/token")))
    #expect(try JSON(parsing: decoded(parts[0])) == ["alg": "RS256", "kid": "kid", "typ": "JWT"])
    let signature = _RSA.Signing.RSASignature(rawRepresentation: try decoded(Substring(parts[2])))
    let signed = SHA256.hash(data: Data("\(parts[0]).\(parts[1])".utf8))
    #expect(key.publicKey.isValidSignature(signature, for: signed, padding: .insecurePKCS1v1_5))
  }

  @Test func `a token that is refused is said to be, and asked for again the next time`() async throws {
    let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    let asked = Mutex(0)
    let server = try LoopbackServer { peer, _ in
      let count = asked.withLock { count in
        count += 1
        return count
      }
      if count == 1 {
        peer.reply(400, [], #"{"error":"invalid_grant"}"#)
      } else {
        peer.reply(200, [], #"{"access_token":"tok","expires_in":3600}"#)
      }
      return .keep
    }
    let tokens = VertexTokens(
      credentials: try account(key, tokenURL: server.url("/token")), client: HTTPClient(policy: .trusted))
    await #expect(throws: ModelError.self) { try await tokens.token() }
    #expect(try await tokens.token() == "tok")
  }

  @Test(arguments: ["no json", "{}", #"{"client_email":"a","private_key":"no key"}"#])
  func `a file that is none says so`(text: String) {
    let error = #expect(throws: ModelError.self) {
      _ = try GoogleCredentials(json: Array(text.utf8), path: "/x").tokenRequest()
    }
    guard case .misconfigured(let words)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(words.contains("google.application_credentials"))
  }
}
