import Conversation
import Foundation
import Testing

/// With no key and no network.
@Suite(.serialized) struct OfflineJourneys {
  @Test(arguments: ["chat_retrieval", "agent"])
  func `a file is taken in and a question answered with its very words`(type: String) async throws {
    let folder = try TemporaryFolder()
    let daemon = try await DaemonProcess(data: folder.data)
    let client = Client(port: daemon.port)
    let assistant = try await client.assistant([
      "type": .string(type), "type==agent/tools": [["type": "retrieval"]],
    ])
    let text = "Zoos open at nine.\n\nBears eat honey and salmon. Tickets cost ten euros."
    let taken = try await client.ingest(
      [("zoo.txt", Array(text.utf8))], into: ["assistant_id": .string(assistant)])
    #expect(taken.status == 200 && taken.json[0]?.array?.count == 1)
    let thread = try await client.thread(assistant)
    let turn = try await client.turn(thread, "What do bears eat?")
    #expect(turn.answer.contains("Bears eat honey and salmon."))
    let citation = try #require(turn.messages.last?["additional_kwargs"]?["citations"]?[0])
    let file = try #require(citation["file_id"]?.string)
    let (from, to) = (try #require(citation["start"]?.integer), try #require(citation["end"]?.integer))
    let passage = try await client.get("/files/\(file)/text?from=\(from)&to=\(to)").json
    #expect(passage["text"] == citation["quote"])
    #expect(daemon.terminate() == 0)
  }

  @Test func `bad input is refused clearly and the daemon stays up`() async throws {
    let folder = try TemporaryFolder()
    let daemon = try await DaemonProcess(data: folder.data)
    let client = Client(port: daemon.port)
    let assistant = try await client.assistant([:])
    let thread = try await client.thread(assistant)
    let before = daemon.residentBytes
    let cases: [(String, String, [UInt8]?, ClosedRange<Int>)] = [
      ("POST", "/assistants", Array("{\"name\": ".utf8), 422...422),
      ("POST", "/assistants", Array("{\"name\": 5, \"config\": {}}".utf8), 422...422),
      ("POST", "/assistants", Array("[1]".utf8), 422...422),
      ("POST", "/assistants", Array(repeating: UInt8(ascii: "["), count: 1_000_000), 400...422),
      ("POST", "/threads", Array("{\"name\": \"x\", \"assistant_id\": \"\(UUID())\"}".utf8), 404...404),
      ("GET", "/threads/\(UUID())/state", nil, 404...404),
      ("GET", "/threads/not-an-id/state", nil, 404...422),
      ("POST", "/runs/stream", Array("{\"thread_id\": \"\(UUID())\", \"input\": []}".utf8), 404...404),
      (
        "POST", "/runs/stream",
        Array("{\"thread_id\": \"\(thread)\", \"input\": [{\"type\": \"martian\"}]}".utf8), 422...422
      ),
      ("POST", "/assistants", Array(repeating: UInt8(ascii: "x"), count: 8 << 20), 413...413),
      ("POST", "/ingest", Array("no multipart".utf8), 400...422),
      ("DELETE", "/health", nil, 405...405),
      ("GET", "/no/such/thing", nil, 404...404),
    ]
    for (method, path, body, statuses) in cases {
      let reply = try await client.send(method, path, raw: body)
      #expect(statuses.contains(reply.status), "\(method) \(path): \(reply)")
      #expect(reply.json["detail"] != nil, "\(method) \(path): \(reply)")
    }
    #expect(try await client.get("/ok").json == ["ok": true])
    #expect(daemon.residentBytes - before < 64 << 20)
  }

  @Test func `broken and hostile files are named with the reason, the others are kept`() async throws {
    let folder = try TemporaryFolder()
    let daemon = try await DaemonProcess(data: folder.data)
    let client = Client(port: daemon.port)
    let assistant = try await client.assistant(["type": "chat_retrieval"])
    let namespace: JSON = ["assistant_id": .string(assistant)]
    let files: [(String, [UInt8])] = [
      ("good.txt", Array("A good file with words.".utf8)), ("broken.pdf", Array("%PDF-1.7\nrubbish".utf8)),
      ("empty.txt", []), ("picture.png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]),
      ("odd.docx", Array("PK\u{3}\u{4}rubbish".utf8)),
    ]
    for (name, bytes) in files {
      let reply = try await client.ingest([(name, bytes)], into: namespace)
      if name == "good.txt" {
        #expect(reply.status == 200)
      } else {
        #expect((400..<500).contains(reply.status), "\(name): \(reply)")
        #expect(reply.json["detail"]?.string?.contains(name) == true, "\(name): \(reply)")
      }
    }
    let listed = try await client.get("/assistants/\(assistant)/files").json.array ?? []
    #expect(listed.count { $0["status"] == "indexed" } == 1)
    #expect(try await client.get("/ok").status == 200)
  }

  @Test func `what belongs to somebody else is not there`() async throws {
    let folder = try TemporaryFolder()
    let daemon = try await DaemonProcess(data: folder.data)
    let mine = Client(port: daemon.port, user: "me")
    let other = Client(port: daemon.port, user: "other")
    let assistant = try await mine.assistant([:])
    let thread = try await mine.thread(assistant)
    for path in [
      "/assistants/\(assistant)", "/threads/\(thread)", "/threads/\(thread)/state",
      "/threads/\(thread)/history", "/threads/\(thread)/files", "/assistants/\(assistant)/files",
    ] {
      #expect(try await other.get(path).status == 404, "\(path)")
    }
    let takeover: JSON = ["name": "mine now", "config": [:], "public": false]
    #expect(try await other.send("PUT", "/assistants/\(assistant)", takeover).status == 404)
    #expect(
      try await other.ingest([("a.txt", Array("x y z".utf8))], into: ["assistant_id": .string(assistant)])
        .status == 404)
    #expect(try await mine.get("/assistants/\(assistant)").json["name"] == "J")
  }
}
