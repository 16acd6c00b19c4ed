import Conversation
import Foundation
import Testing

/// A data directory of version 0.1.0 meets the program of today, which may die at any moment of the upgrade.
@Suite(.serialized) struct UpgradeJourneys {
  /// As many as one has time for; a release is tried with 50.
  private static let kills =
    ProcessInfo.processInfo.environment["OPENGPTS_UPGRADE_KILLS"].flatMap { Int($0) } ?? 4

  private let folder: TemporaryFolder
  /// `Tests/Support/crashk.c`, built.
  private let preload: URL

  init() throws {
    folder = try TemporaryFolder()
    preload = folder.url.appending(path: "crashk.so")
    let source = packageRoot.appending(path: "Tests/Support/crashk.c").path
    let built = try run(
      URL(filePath: "/usr/bin/env"), ["cc", "-shared", "-fPIC", "-O1", "-o", preload.path, source, "-ldl"])
    try #require(built.code == 0, "\(built.output)")
  }

  @Test func `killed at any point, the next start finds everything, and a copy from before`() async throws {
    let whole = try old("whole")
    let counts = folder.url.appending(path: "calls")
    let isReady = try await DaemonProcess.startOnce(
      data: whole, environment: ["LD_PRELOAD": preload.path, "CRASHK_COUNT": counts.path])
    try #require(isReady)
    let text = try String(contentsOf: counts, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    let calls = try #require(Int(text))
    let expected = try await contents(of: whole)
    #expect(
      expected.count == 38, "two users with 3 assistants, 12 threads and 4 files each: \(expected.count)")
    var died = 0
    for kill in 0..<Self.kills {
      let data = try old("killed-\(kill)")
      // Spread over the whole of it, at random within each part.
      let part = calls / Self.kills
      let point = kill * part + Int.random(in: 1...max(part, 1))
      let survived = try await DaemonProcess.startOnce(
        data: data, environment: ["LD_PRELOAD": preload.path, "CRASHK": "\(point)"])
      died += survived ? 0 : 1
      let isWhole = try await contents(of: data) == expected
      #expect(isWhole, "killed before call \(point) of \(calls)")
      try expectSnapshots(data, "killed before call \(point) of \(calls)")
      try FileManager.default.removeItem(at: data)
    }
    print("upgrade: \(calls) calls that change storage, killed in \(died) of \(Self.kills) tries")
    #expect(died > Self.kills / 2, "the kills came too late to try anything")
  }

  /// A data directory as version 0.1.0 left it.
  private func old(_ name: String) throws -> URL {
    let data = folder.url.appending(path: name)
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    let fixture = packageRoot.appending(path: "Tests/JourneyTests/Fixtures/data-0.1.0.tar.gz").path
    let unpacked = try run(URL(filePath: "/bin/tar"), ["-xzf", fixture, "-C", data.path])
    try #require(unpacked.code == 0, "\(unpacked.output)")
    return data
  }

  /// Everything that can be asked for, as text.
  private func contents(of data: URL) async throws -> [String] {
    let daemon = try await DaemonProcess(data: data)
    defer { daemon.kill() }
    var found: [String] = []
    for user in ["anna", "bert"] {
      let client = Client(port: daemon.port, user: user)
      for assistant in try await client.get("/assistants").json.array ?? [] {
        found.append("assistant \(assistant["name"]?.text ?? "")")
        let id = assistant["assistant_id"]?.string ?? ""
        for file in try await client.get("/assistants/\(id)/files").json.array ?? [] {
          let content = try await client.get("/files/\(file["file_id"]?.string ?? "")/content")
          found.append("file \(file["hash"]?.text ?? "") \(content.json.text)")
        }
      }
      for thread in try await client.get("/threads").json.array ?? [] {
        let messages = try await client.messages(thread["thread_id"]?.string ?? "")
        found.append("thread \(JSON.array(messages).text)")
      }
    }
    return found.sorted()
  }

  private func expectSnapshots(_ data: URL, _ comment: Comment) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: data.path + "/snapshots")
    let copies = names.filter { $0.hasPrefix("schema-1_") && $0.hasSuffix(".sqlite") }
    #expect((1...3).contains(copies.count), comment)
  }
}
