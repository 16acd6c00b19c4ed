import Conversation
import Foundation
import Testing

/// What the daemon has acknowledged.
actor Ledger {
  /// Threads with the number of messages whose turn was seen to end.
  private var threads: [String: Int]
  private var files: [String: String]

  init(threads: [String: Int] = [:], files: [String: String] = [:]) {
    self.threads = threads
    self.files = files
  }

  /// What it holds now.
  var copy: Ledger { Ledger(threads: threads, files: files) }

  var count: Int { threads.values.reduce(0, +) + files.count }

  /// Four writers at once, until the daemon is gone.
  nonisolated func write(cycle: Int, client: Client) async {
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<3 { group.addTask { try? await self.talk(client, "c\(cycle) w\(writer)") } }
      group.addTask { try? await self.upload(client, "c\(cycle)") }
    }
  }

  private nonisolated func talk(_ client: Client, _ name: String) async throws {
    let thread = try await client.thread(client.assistant(["type": "chatbot"]), named: name)
    await note(thread, messages: 0)
    for turn in 1... {
      let answer = try await client.turn(thread, "[[say turn \(turn)]]")
      guard answer.isComplete, answer.error == nil else { return }
      await note(thread, messages: 2 * turn)
    }
  }

  private nonisolated func upload(_ client: Client, _ name: String) async throws {
    let assistant = try await client.assistant(["type": "chat_retrieval"])
    for number in 0... {
      let text = "\(name) file \(number): the password is swordfish\(number)."
      let namespace: JSON = ["assistant_id": .string(assistant)]
      let reply = try await client.ingest([("\(name)-\(number).txt", Array(text.utf8))], into: namespace)
      guard reply.status == 200 else { return }
      await note(file: "\(name)-\(number).txt", of: assistant)
    }
  }

  private func note(_ thread: String, messages: Int) {
    threads[thread] = messages
  }

  private func note(file: String, of assistant: String) {
    files[file] = assistant
  }

  func check(against client: Client, cycle: Int) async throws {
    for (thread, messages) in threads {
      let found = try await client.messages(thread).count
      #expect(found >= messages, "cycle \(cycle): thread \(thread) has \(found) of \(messages) messages")
    }
    for (assistant, names) in Dictionary(grouping: files.keys, by: { files[$0] ?? "" }) {
      let listed = try await client.get("/assistants/\(assistant)/files").json.array ?? []
      let indexed = Set(listed.filter { $0["status"] == "indexed" }.compactMap { $0["name"]?.string })
      #expect(indexed.isSuperset(of: names), "cycle \(cycle): files are missing")
    }
  }
}
