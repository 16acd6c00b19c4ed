import Conversation
import Engine
import Foundation
import HTTPTypes
import Store
import Testing

@testable import Server

@Suite struct SharingTests {
  private static func assistant(_ server: TestServer, of person: Person) async throws -> String {
    try await server.ask(
      "POST", "/assistants",
      ["name": "A", "config": ["configurable": ["type": "chatbot", "system_message": "hush"]]],
      with: person.asSession
    ).json["assistant_id"]?.string ?? ""
  }

  @Test func `an assistant is used, changed or owned, as it was given`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let anna = try await server.person("anna")
      let uwe = try await server.person("uwe", .viewer)
      let edda = try await server.person("edda")
      let group = try await server.engine.store.saveGroup(.random(), name: "Editors")
      try await server.engine.store.setMember(edda.user.id, of: group.id, true)
      let id = try await Self.assistant(server, of: anna)
      let shares: JSON = [
        "shares": [
          ["user_id": .string(uwe.user.id.description)],
          ["group_id": .string(group.id.description), "access": "edit"],
        ]
      ]
      let set = try await server.ask("PUT", "/assistants/\(id)/shares", shares, with: anna.asSession)
      #expect(set.status == 200 && set.json.array?.count == 2, "\(set.text)")
      #expect(set.json[0]?["name"] == "Editors" && set.json[1]?["access"] == "use")

      let used = try await server.ask("GET", "/assistants/\(id)", with: uwe.asSession)
      #expect(used.status == 200 && !used.text.contains("hush"))
      let edited = try await server.ask("GET", "/assistants/\(id)", with: edda.asSession)
      #expect(edited.status == 200 && edited.text.contains("hush"))
      let listed = try await server.ask("GET", "/assistants/shared", with: edda.asSession)
      #expect(listed.json[0]?["access"] == "edit" && listed.json[0]?["assistant_id"]?.string == id)
      #expect(try await server.ask("GET", "/assistants", with: edda.asSession).json == [])

      let change: JSON = ["name": "B", "config": ["configurable": ["type": "chatbot"]], "public": true]
      #expect(try await server.ask("PUT", "/assistants/\(id)", change, with: uwe.asSession).status == 403)
      let changed = try await server.ask("PUT", "/assistants/\(id)", change, with: edda.asSession)
      #expect(changed.status == 200 && changed.json["name"] == "B" && changed.json["public"] == false)
      #expect(changed.json["user_id"]?.string == anna.user.id.description)
      #expect(try await server.ask("GET", "/assistants/\(id)/versions", with: edda.asSession).status == 200)
      #expect(try await server.upload("assistant_id", id, with: edda.asSession) != nil)
      #expect(try await server.upload("assistant_id", id, with: uwe.asSession) == nil)
      for person in [uwe, edda] {
        #expect(
          try await server.ask("PUT", "/assistants/\(id)/shares", shares, with: person.asSession).status
            >= 403)
        _ = try await server.ask("DELETE", "/assistants/\(id)", with: person.asSession)
      }

      let thread =
        try await server.ask(
          "POST", "/threads", ["name": "T", "assistant_id": .string(id)], with: uwe.asSession
        ).json["thread_id"]?.string ?? ""
      let run = try await server.ask("POST", "/runs", TestServer.run(thread, "say a"), with: uwe.asSession)
      #expect(run.status == 200, "\(run.text)")
      _ = try await server.ask("PUT", "/assistants/\(id)/shares", ["shares": []], with: anna.asSession)
      #expect(try await server.ask("GET", "/assistants/\(id)", with: uwe.asSession).status == 404)
      #expect(
        try await server.ask("POST", "/runs", TestServer.run(thread, "say a"), with: uwe.asSession).status
          == 400)
    }
  }

  @Test func `with whom to share is names and ids, of those who may come in`() async throws {
    try await TestServer.run(identity: .accounts) { server in
      let anna = try await server.person("anna")
      let cara = try await server.person("cara", .admin)
      let bert = try await server.person("bert")
      _ = try await server.engine.store.saveGroup(.random(), name: "Berlin")
      let found = try await server.ask("GET", "/directory?q=ber", with: anna.asSession)
      #expect(found.json["users"]?[0]?["user_id"]?.string == bert.user.id.description)
      #expect(found.json["groups"]?[0]?["name"] == "Berlin")
      _ = try await server.ask(
        "PUT", "/admin/users/\(bert.user.id)", ["name": "B", "disabled": true], with: cara.asSession)
      #expect(try await server.ask("GET", "/directory?q=b", with: anna.asSession).json["users"] == [])
      let nobody = UUID().uuidString.lowercased()
      let id = try await Self.assistant(server, of: anna)
      let share: JSON = ["shares": [["user_id": .string(nobody)]]]
      #expect(
        try await server.ask("PUT", "/assistants/\(id)/shares", share, with: anna.asSession).status == 404)
    }
  }
}
