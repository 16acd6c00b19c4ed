import Conversation
import Engine
import Foundation
import HTTPTypes
import Store
import Testing

@testable import Server

/// Who may do what, generated from the route table: a route that somebody adds is held to it by itself.
@Suite struct AccessMatrixTests {
  /// What anna owns.
  private struct Objects {
    var ids: [String: String]
    /// Ids that nothing has, of the same names.
    let none: [String: String]
  }

  private static func objects(of anna: Person, _ server: TestServer) async throws -> Objects {
    let headers = anna.asSession
    let assistant = try await server.ask(
      "POST", "/assistants", ["name": "secret plan", "config": ["configurable": ["type": "chatbot"]]],
      with: headers
    ).json["assistant_id"]?.string
    let thread = try await server.ask(
      "POST", "/threads", ["name": "secret talk", "assistant_id": .string(assistant ?? "")], with: headers
    ).json["thread_id"]?.string
    let run = try await server.ask(
      "POST", "/runs",
      ["thread_id": .string(thread ?? ""), "input": [["role": "user", "content": "say a"]]],
      with: headers
    ).json["run_id"]?.string
    let file = try await server.upload("thread_id", thread ?? "", with: headers)
    let collection = try await server.ask("POST", "/collections", ["name": "secret"], with: headers)
      .json["collection_id"]?.string
    let tool = try await server.ask(
      "POST", "/tools", ["document": ToolRouteTests.document], with: headers
    ).json["tool_id"]?.string
    let checkpoint = try await server.ask("GET", "/threads/\(thread ?? "")/history", with: headers)
      .json[0]?["config"]?["configurable"]?["checkpoint_id"]?.string
    let group = try await server.engine.store.saveGroup(.random(), name: "Board of \(anna.user.id)")
    var ids: [String: String] = [
      "user_id": anna.user.id.description, "session_id": anna.session.id.description,
      "key_id": anna.key.id.description, "group_id": group.id.description,
    ]
    for (name, id) in [
      ("assistant_id", assistant), ("thread_id", thread), ("run_id", run), ("file_id", file),
      ("checkpoint_id", checkpoint), ("collection_id", collection), ("tool_id", tool),
    ] {
      let id: String = try #require(id, "no \(name)")
      ids[name] = id
    }
    return Objects(ids: ids, none: ids.mapValues { _ in UUID().uuidString.lowercased() })
  }

  /// A body good enough to come past its own checks; ids in it are those given.
  private static func body(of route: Route, _ ids: [String: String]) -> JSON? {
    guard route.method == .post || route.method == .put || route.method == .patch else { return nil }
    let thread: JSON = .string(ids["thread_id"] ?? "")
    switch route.path {
    case "/threads", "/threads/{thread_id}":
      return ["name": "n", "assistant_id": .string(ids["assistant_id"] ?? "")]
    case "/runs", "/runs/stream":
      return ["thread_id": thread, "input": [["role": "user", "content": "say b"]]]
    case "/threads/{thread_id}/state": return ["values": [["role": "user", "content": "b"]]]
    case "/assistants/{assistant_id}/shares": return ["shares": []]
    default: return ["name": "n", "config": [:], "text": "n"]
    }
  }

  private static func path(_ route: Route, _ ids: [String: String]) -> String {
    route.path.split(separator: "/").map { part in
      guard part.hasPrefix("{") else { return "/\(part)" }
      let name = String(part.dropFirst().dropLast())
      return "/\(ids[name] ?? "9cdfa121-7dc7-5065-82ea-057a6adec591")"
    }.joined()
  }

  private static func routes(of server: TestServer) -> [Route] {
    Router(engine: server.engine, version: "").routes
  }

  @Test func `nobody comes in without what is good now`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let anna = try await server.person("anna", .admin)
      let objects = try await Self.objects(of: anna, server)
      let expired = try await server.person("erna", .admin, sessionSeconds: -1, keySeconds: -1)
      let revoked = try await server.person("rita", .admin)
      _ = try await server.engine.store.revoke(revoked.key.id, of: revoked.user.id)
      let disabled = try await server.person("dora", .admin)
      let again = try await server.person("dina", .admin)
      for person in [disabled, again] {
        _ = try await server.engine.store.setUser(
          person.user.id, name: "", role: .admin, isDisabled: true)
      }
      let shown: [(String, [(String, String)])] = [
        ("nobody", []), ("an expired session", expired.asSession), ("an expired key", expired.asKey),
        ("a revoked key", revoked.asKey), ("a disabled user's session", disabled.asSession),
        ("a disabled user's key", again.asKey), ("the cookie of noop", [("Cookie", "opengpts_user_id=anna")]),
        ("a made-up session", [("Cookie", "opengpts_session=\(OpaqueSecret().text)")]),
        ("a made-up key", [("Authorization", "Bearer \(OpaqueSecret(prefix: "ogk_").text)")]),
        ("a bad key beside a good session", anna.asSession + [("X-API-Key", "ogk_x")]),
        ("two keys", anna.asKey + [("Authorization", "Bearer \(anna.keyText)")]),
      ]
      for route in Self.routes(of: server) where route.leastRole != nil {
        for (name, headers) in shown {
          let reply = try await server.ask(
            route.method.rawValue, Self.path(route, objects.ids), Self.body(of: route, objects.ids),
            with: headers)
          #expect(
            [400, 401, 403].contains(reply.status), "\(name): \(route.method) \(route.path) \(reply.status)")
          #expect(!reply.text.contains("secret"), "\(name): \(route.method) \(route.path)")
        }
      }
    }
  }

  @Test func `a route takes the role it names, and no less`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let admin = try await server.person("cara", .admin)
      let objects = try await Self.objects(of: admin, server)
      let people = [
        try await server.person("vera", .viewer), try await server.person("mona", .member),
        try await server.person("kim", .admin, scope: .viewer),
      ]
      for route in Self.routes(of: server) {
        guard let least = route.leastRole else { continue }
        for person in people where person.key.scope < least {
          let reply = try await server.ask(
            route.method.rawValue, Self.path(route, objects.none), Self.body(of: route, objects.none),
            with: person.asKey)
          #expect(reply.status == 403, "\(person.key.scope) \(route.method) \(route.path) \(reply.status)")
        }
      }
    }
  }

  /// Where something is made under an id of the client's choice, an id of nobody's makes it.
  private static let making: Set = [
    "PUT /assistants/{assistant_id}", "PUT /threads/{thread_id}", "PUT /collections/{collection_id}",
  ]

  @Test func `what is somebody else's is as if it were not there`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let anna = try await server.person("anna")
      let objects = try await Self.objects(of: anna, server)
      let bert = try await server.person("bert")
      for route in Self.routes(of: server) where route.path.contains("{") {
        guard let least = route.leastRole, least <= .member else { continue }
        let name = "\(route.method.rawValue) \(route.path)"
        let theirs = try await server.ask(
          route.method.rawValue, Self.path(route, objects.ids), Self.body(of: route, objects.ids),
          with: bert.asSession)
        if Self.making.contains(name) {
          #expect(theirs.status == 404, "\(name)")
          continue
        }
        let none = try await server.ask(
          route.method.rawValue, Self.path(route, objects.none), Self.body(of: route, objects.none),
          with: bert.asSession)
        #expect(theirs.status == none.status, "\(name): \(theirs.status), of none \(none.status)")
        #expect(theirs.status >= 400 || route.method == .delete, "\(name): \(theirs.status)")
        #expect(
          theirs.text.without(objects.ids) == none.text.without(objects.none), "\(name): \(theirs.text)")
        #expect(!theirs.text.contains("secret"), "\(name)")
      }
      try await Self.expectUntouched(objects, of: anna, server)
    }
  }

  @Test func `ids inside bodies are looked up as their bearer's too`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let anna = try await server.person("anna")
      let objects = try await Self.objects(of: anna, server)
      let bert = try await server.person("bert")
      let own = try await Self.objects(of: try await server.person("berta"), server)
      for route in Self.routes(of: server) where !route.path.contains("{") && route.method == .post {
        guard let least = route.leastRole, least <= .member, let body = Self.body(of: route, objects.ids),
          body["thread_id"] != nil || body["assistant_id"] != nil
        else { continue }
        let theirs = try await server.ask("POST", route.path, body, with: bert.asSession)
        let none = try await server.ask(
          "POST", route.path, Self.body(of: route, objects.none), with: bert.asSession)
        #expect(theirs.status == 404 && none.status == 404, "\(route.path) \(theirs.status)")
        #expect(theirs.text.without(objects.ids) == none.text.without(objects.none), "\(route.path)")
      }
      for owner in ["assistant_id", "thread_id"] {
        #expect(try await server.upload(owner, objects.ids[owner] ?? "", with: bert.asSession) == nil)
      }
      // A checkpoint or a thread of hers, named in a request about a thread of one's own.
      let thread = try await server.ask(
        "POST", "/assistants", ["name": "b", "config": ["configurable": ["type": "chatbot"]]],
        with: bert.asSession
      ).json["assistant_id"]
      let mine =
        try await server.ask(
          "POST", "/threads", ["name": "b", "assistant_id": thread ?? nil], with: bert.asSession
        ).json["thread_id"]?.string ?? ""
      for ids in [objects.ids, own.ids] {
        let named: JSON = [
          "configurable": [
            "checkpoint_id": .string(ids["checkpoint_id"] ?? ""),
            "thread_id": .string(ids["thread_id"] ?? ""),
          ]
        ]
        let state = try await server.ask(
          "POST", "/threads/\(mine)/state", ["values": [["role": "user", "content": "x"]], "config": named],
          with: bert.asSession)
        #expect(state.status >= 400, "\(state.text)")
        let checkpoint: JSON = ["configurable": ["checkpoint_id": .string(ids["checkpoint_id"] ?? "")]]
        let run = try await server.ask(
          "POST", "/runs", ["thread_id": .string(mine), "config": checkpoint, "input": []],
          with: bert.asSession)
        #expect(run.status == 404, "\(run.text)")
      }
      try await Self.expectUntouched(objects, of: anna, server)
    }
  }

  private static func expectUntouched(_ objects: Objects, of anna: Person, _ server: TestServer) async throws
  {
    let ids = objects.ids
    for path in [
      "/assistants/\(ids["assistant_id"] ?? "")", "/threads/\(ids["thread_id"] ?? "")/state",
      "/files/\(ids["file_id"] ?? "")/text",
      "/threads/\(ids["thread_id"] ?? "")/runs/\(ids["run_id"] ?? "")",
    ] {
      #expect(try await server.ask("GET", path, with: anna.asSession).status == 200, "\(path)")
    }
    #expect(try await server.ask("GET", "/account", with: anna.asKey).status == 200)
    let assistant = try await server.ask("GET", "/assistants/\(ids["assistant_id"] ?? "")", with: anna.asKey)
    #expect(assistant.json["name"] == "secret plan")
  }
}

extension String {
  fileprivate func without(_ ids: [String: String]) -> String {
    ids.reduce(self) { $0.replacing($1.value, with: $1.key) }
  }
}

extension TestServer {
  /// Gives an assistant or a thread a file; returns its id, nil when it was refused.
  func upload(_ owner: String, _ id: String, with headers: [(String, String)]) async throws -> String? {
    let form = """
      --b\r\nContent-Disposition: form-data; name="files"; filename="secret.txt"\r\n\r\nApples are red.\r\n\
      --b\r\nContent-Disposition: form-data; name="config"\r\n\r\n{"configurable":{"\(owner)":"\(id)"}}\r\n\
      --b--\r\n
      """
    let reply = try await ask(
      "POST", "/ingest", bytes: Array(form.utf8), type: "multipart/form-data; boundary=b", as: nil,
      headers: headers)
    guard reply.status == 200 else { return nil }
    let noun = owner == "thread_id" ? "threads" : "assistants"
    return try await ask("GET", "/\(noun)/\(id)/files", with: headers).json[0]?["file_id"]?.string
  }
}
