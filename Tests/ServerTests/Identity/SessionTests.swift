import Conversation
import Engine
import Foundation
import HTTPTypes
import Store
import Testing

@testable import Server

@Suite struct SessionTests {
  private static func signIn(
    _ server: TestServer, _ login: String, _ password: String = TestServer.password,
    headers: [(String, String)] = []
  ) async throws -> Reply {
    try await server.ask(
      "POST", "/auth/sign-in", ["login": .string(login), "password": .string(password)], with: headers)
  }

  private static func cookie(_ reply: Reply) throws -> [(String, String)] {
    let field = try #require(reply.field("set-cookie"), "\(reply.text)")
    return [("Cookie", String(field.prefix { $0 != ";" }))]
  }

  @Test func `the first-run link makes the first account, once, and hands over what was there`() async throws
  {
    try await TestServer.run(identity: .accounts) { server in
      let before = try await server.engine.store.user(subject: "static-default-user-id")
      let path = server.folder.path + "/first-run-link"
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let link = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(
        in: .whitespacesAndNewlines)
      #expect(link.hasPrefix("http://127.0.0.1:\(server.port)/#/first-run?token="))
      let token = link.split(separator: "=").last.map(String.init) ?? ""
      #expect(try await server.ask("GET", "/auth", with: []).json["first_run"] == true)
      func take(_ token: String, password: String = TestServer.password) async throws -> Reply {
        try await server.ask(
          "POST", "/auth/first-run",
          ["token": .string(token), "login": "Anna", "password": .string(password)], with: [])
      }
      #expect(try await take("made up").status == 403)
      #expect(try await take(token, password: "short").status == 422)
      let made = try await take(token)
      #expect(made.status == 200, "\(made.text)")
      let account = try await server.ask("GET", "/account", with: Self.cookie(made))
      #expect(account.json["role"] == "admin" && account.json["login"] == "anna")
      #expect(account.json["user_id"]?.string == before.id.description)
      #expect(try await take(token).status == 403)
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(try await server.ask("GET", "/auth", with: []).json["first_run"] == false)
    }
  }

  @Test func `a session is a cookie no script reads, and is kept as a hash alone`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      _ = try await server.personWithPassword("anna")
      let reply = try await Self.signIn(server, " ANNA ")
      let field = try #require(reply.field("set-cookie"))
      #expect(field.hasPrefix("opengpts_session=") && !field.contains("Secure"))
      for part in ["HttpOnly", "SameSite=Lax", "Path=/"] { #expect(field.contains(part)) }
      let secret = field.dropFirst("opengpts_session=".count).prefix { $0 != ";" }
      #expect(secret.utf8.count == 43)
      for name in ["opengpts.sqlite", "opengpts.sqlite-wal"] {
        let bytes = try Data(contentsOf: server.folder.appending(path: name))
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
        #expect(bytes.range(of: Data(TestServer.password.utf8)) == nil, "\(name)")
      }
      let cookie = try Self.cookie(reply)
      #expect(try await server.ask("GET", "/threads", with: cookie).status == 200)
      #expect(try await server.ask("POST", "/auth/sign-out", with: cookie).status == 200)
      #expect(try await server.ask("GET", "/threads", with: cookie).status == 401)
    }
  }

  @Test func `signing in opens a session of its own, whatever cookie was planted before`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      _ = try await server.personWithPassword("anna")
      let eve = try await server.person("eve")
      let planted = [("Cookie", "opengpts_session=\(String(repeating: "p", count: 43))")]
      for before in [planted, eve.asSession] {
        let reply = try await server.ask(
          "POST", "/auth/sign-in", ["login": "anna", "password": .string(TestServer.password)], with: before)
        let after = try Self.cookie(reply)
        #expect(reply.status == 200 && after.first?.1 != before.first?.1)
        #expect(try await server.ask("GET", "/account", with: after).json["login"] == "anna")
      }
      #expect(try await server.ask("GET", "/account", with: planted).status == 401)
      let account = try await server.ask("GET", "/account", with: eve.asSession)
      #expect(account.json["user_id"]?.string == eve.user.id.description)
    }
  }

  @Test func `guessing is slowed down, and says nothing of who has an account`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      _ = try await server.personWithPassword("anna")
      let nobody = try await Self.signIn(server, "nobody", "wrong password")
      for _ in 0..<5 {
        let reply = try await Self.signIn(server, "anna", "wrong password")
        #expect(reply.status == 401 && reply.text == nobody.text)
      }
      let slowed = try await Self.signIn(server, "anna")
      #expect(
        slowed.status == 429 && Int(slowed.field("retry-after") ?? "").map { (1...61).contains($0) } == true)
      let entries = try await server.engine.store.auditEntries(.init(action: "session.refuse"), limit: 100)
      #expect(entries.count == 6 && entries.allSatisfy { !"\($0)".contains("wrong password") })
    }
  }

  @Test func `a new password ends every other session`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let anna = try await server.personWithPassword("anna")
      let other = try Self.cookie(try await Self.signIn(server, "anna"))
      func change(_ current: String, with headers: [(String, String)]) async throws -> Int {
        try await server.ask(
          "PUT", "/account/password", ["current": .string(current), "new": "another password"], with: headers
        ).status
      }
      #expect(try await change("wrong", with: anna.asSession) == 403)
      #expect(try await change(TestServer.password, with: anna.asKey) == 403)
      #expect(try await change(TestServer.password, with: anna.asSession) == 200)
      #expect(try await server.ask("GET", "/account", with: anna.asSession).status == 200)
      #expect(try await server.ask("GET", "/account", with: other).status == 401)
      #expect(try await Self.signIn(server, "anna").status == 401)
      #expect(try await Self.signIn(server, "anna", "another password").status == 200)
    }
  }

  @Test func `other sites' pages reach nothing, whatever cookie the browser sends along`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let anna = try await server.personWithPassword("anna")
      let writes: [(String, String, JSON?)] = [
        ("POST", "/auth/sign-in", ["login": "anna", "password": .string(TestServer.password)]),
        ("POST", "/assistants", ["name": "n", "config": [:]]), ("DELETE", "/account/sessions", nil),
        ("POST", "/account/api-keys", ["name": "n"]), ("POST", "/auth/sign-out", nil),
      ]
      for (method, path, body) in writes {
        for field in [
          ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.test"),
          ("Origin", "null"), ("Origin", "http://127.0.0.1:1"),
        ] {
          let reply = try await server.ask(method, path, body, with: anna.asSession + [field])
          #expect(reply.status == 403, "\(method) \(path) \(field)")
        }
      }
      // A name of the attacker's that points here: neither reading nor writing.
      for (method, path) in [("GET", "/threads"), ("GET", "/account"), ("POST", "/auth/sign-out")] {
        let text = try await server.raw(
          TestServer.request(
            method, path, ["Host: rebound.evil.test", "Cookie: opengpts_session=\(anna.cookie)"]))
        #expect(text.hasPrefix("HTTP/1.1 403"), "\(method) \(path)")
      }
      let form = try await server.ask(
        "POST", "/auth/sign-in", bytes: Array("login=anna".utf8), type: "application/x-www-form-urlencoded",
        as: nil)
      #expect(form.status == 415)
      #expect(try await server.ask("GET", "/account", with: anna.asSession).status == 200)
    }
  }

  @Test(arguments: ["disabled", "key revoked", "session ended", "signed out everywhere"])
  func `what is taken away ends the streams it opened`(how: String) async throws {
    try await TestServer.run(identity: .accounts) { server in
      let admin = try await server.person("cara", .admin)
      let anna = try await server.person("anna")
      let headers = how == "key revoked" ? anna.asKey : anna.asSession
      let assistant =
        try await server.ask(
          "POST", "/assistants", ["name": "A", "config": ["configurable": ["type": "chatbot"]]], with: headers
        ).json["assistant_id"] ?? nil
      let thread =
        try await server.ask(
          "POST", "/threads", ["name": "T", "assistant_id": assistant], with: headers
        ).json["thread_id"]?.string ?? ""
      let connection = try RawConnection(port: server.port)
      connection.send(
        TestServer.request(
          "POST", "/runs/stream", ["Host: localhost"] + headers.map { "\($0.0): \($0.1)" },
          body: TestServer.run(thread, "hold").text))
      _ = await connection.read(until: "Before")
      let user = "/admin/users/\(anna.user.id)"
      let taken = ContinuousClock.now
      let reply =
        switch how {
        case "disabled":
          try await server.ask("PUT", user, ["name": "A", "disabled": true], with: admin.asSession)
        case "key revoked":
          try await server.ask("DELETE", "\(user)/api-keys/\(anna.key.id)", with: admin.asSession)
        case "session ended":
          try await server.ask("DELETE", "/account/sessions/\(anna.session.id)", with: anna.asKey)
        default: try await server.ask("DELETE", "\(user)/sessions", with: admin.asSession)
        }
      #expect(reply.status == 200, "\(reply.text)")
      _ = await connection.read()
      #expect(connection.isClosed && ContinuousClock.now - taken < .seconds(5))
      try await server.eventually("the run is stopped") { server.model.waiting == 0 }
    }
  }

  @Test(arguments: ["", " \t"]) func `nobody is called by nothing`(name: String) async throws {
    try await TestServer.run { server in
      let before = try await server.ask("GET", "/account").json["name"]
      let reply = try await server.ask("PUT", "/account", ["name": .string(name)])
      #expect(reply.status == 422 && reply.json["detail"]?[0]?["loc"] == ["body", "name"])
      #expect(try await server.ask("GET", "/account").json["name"] == before)
      #expect(try await server.ask("POST", "/admin/groups", ["name": .string(name)]).status == 422)
    }
  }

  @Test func `a key is shown once, does no more than it is for, and makes no others`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let anna = try await server.person("anna")
      let made = try await server.ask(
        "POST", "/account/api-keys", ["name": "script", "scope": "viewer", "expires_in_days": 30],
        with: anna.asSession)
      let text = try #require(made.json["key"]?.string, "\(made.text)")
      #expect(text.hasPrefix("ogk_"))
      for headers in [[("X-API-Key", text)], [("Authorization", "Bearer \(text)")]] {
        #expect(try await server.ask("GET", "/threads", with: headers).status == 200)
        #expect(
          try await server.ask("POST", "/assistants", ["name": "n", "config": [:]], with: headers).status
            == 403)
        #expect(try await server.ask("POST", "/account/api-keys", ["name": "n"], with: headers).status == 403)
      }
      let list = try await server.ask("GET", "/account/api-keys", with: anna.asSession)
      #expect(!list.text.contains(text) && list.json[0]?["used_at"]?.string != nil)
      let more = try await server.ask(
        "POST", "/account/api-keys", ["name": "n", "scope": "admin"], with: anna.asSession)
      #expect(more.status == 422)
      let all = list.json.array?.count ?? 0
      for (query, count) in [("limit=1", 1), ("offset=1", all - 1), ("limit=0", 0)] {
        let page = try await server.ask("GET", "/account/api-keys?\(query)", with: anna.asSession)
        #expect(page.json.array?.count == count, "\(query)")
      }
      let id = list.json[0]?["key_id"]?.string ?? ""
      #expect(try await server.ask("DELETE", "/account/api-keys/\(id)", with: anna.asSession).status == 200)
      #expect(try await server.ask("GET", "/threads", with: [("X-API-Key", text)]).status == 401)
    }
  }
}
