import Conversation
import Foundation
import Testing

/// Backups as an administrator makes them, beside a daemon that serves.
@Suite(.serialized) struct BackupJourneys {
  /// As many as one has time for; a release is tried with 50.
  private static let cycles =
    ProcessInfo.processInfo.environment["OPENGPTS_BACKUP_CYCLES"].flatMap { Int($0) } ?? 2

  @Test func `backups made under load, each restored elsewhere, hold all that was acknowledged before`()
    async throws
  {
    let folder = try TemporaryFolder()
    let model = try ScriptedModelProcess()
    let environment = ["OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model.baseURL]
    let daemon = try await DaemonProcess(data: folder.data, environment: environment)
    let ledger = Ledger()
    let port = daemon.port
    let writers = Task { await ledger.write(cycle: 0, client: Client(port: port)) }
    for cycle in 0..<Self.cycles {
      try await Task.sleep(for: .milliseconds(Int.random(in: 100...600)))
      let acknowledged = await ledger.copy
      let file = folder.url.appending(path: "backup-\(cycle)")
      let target = folder.url.appending(path: "restored-\(cycle)")
      try expectDone(["backup", "--to", file.path, "--data", folder.data.path])
      try expectDone(["restore", file.path, "--data", target.path])
      let restored = try await DaemonProcess(data: target, environment: environment)
      try await acknowledged.check(against: Client(port: restored.port), cycle: cycle)
      #expect(restored.terminate() == 0)
      for used in [file, target] { try FileManager.default.removeItem(at: used) }
    }
    #expect(await ledger.count > 0)
    daemon.kill()
    writers.cancel()
    await writers.value
  }

  @Test func `an encrypted backup through a pipe is proven with its passphrase, and refused without`()
    async throws
  {
    let folder = try TemporaryFolder()
    let daemon = try await DaemonProcess(data: folder.data)
    let client = Client(port: daemon.port)
    _ = try await client.thread(client.assistant(["type": "chatbot"]))
    let file = folder.url.appending(path: "backup").path
    let secret = folder.url.appending(path: "passphrase").path
    try Data("open sesame\n".utf8).write(to: URL(filePath: secret))
    let program = DaemonProcess.program.path
    let pipe = try run(
      URL(filePath: "/bin/sh"),
      [
        "-c",
        "'\(program)' backup --to - --passphrase-file '\(secret)' --data '\(folder.data.path)' > '\(file)'",
      ])
    #expect(pipe.code == 0, "\(pipe.output)")
    try expectDone(["verify", file, "--passphrase-file", secret])
    let refused = try run(DaemonProcess.program, ["verify", file])
    #expect(refused.code == 1 && refused.output.contains("--passphrase-file"), "\(refused)")
    #expect(daemon.terminate() == 0)
  }

  @Test func `a backup that is long due is told, and the newest are kept`() async throws {
    let folder = try TemporaryFolder()
    let backups = folder.url.appending(path: "backups")
    let daemon = try await DaemonProcess(
      data: folder.data,
      environment: [
        "OPENGPTS_BACKUP_EVERY": "60s", "OPENGPTS_BACKUP_KEEP": "2",
        "OPENGPTS_BACKUP_DIRECTORY": backups.path,
      ])
    try FileManager.default.createDirectory(at: backups, withIntermediateDirectories: true)
    for day in 1...3 {
      try Data().write(to: backups.appending(path: "opengpts-2026010\(day)-000000.tar.zst"))
    }
    let parts = try await Client(port: daemon.port).get("/readyz").json["parts"]?.array ?? []
    let backup = try #require(parts.first { $0["name"] == "backup" })
    #expect(backup["state"] == "degraded", "\(backup)")
    #expect(daemon.terminate() == 0)
    try expectDone([
      "backup", "--data", folder.data.path, "--set", "backup.keep=2", "--set",
      "backup.directory=\(backups.path)",
    ])
    let left = try FileManager.default.contentsOfDirectory(atPath: backups.path).sorted()
    #expect(left.count == 2 && left.first == "opengpts-20260103-000000.tar.zst", "\(left)")
  }

  @Test func `administrators make, prove and delete backups while the daemon serves`() async throws {
    let folder = try TemporaryFolder()
    let daemon = try await DaemonProcess(data: folder.data)
    let client = Client(port: daemon.port)
    _ = try await client.thread(client.assistant(["type": "chatbot"]))
    func outcome() async throws -> JSON {
      let end = ContinuousClock.now + .seconds(20)
      while ContinuousClock.now < end {
        let job = try await client.get("/admin/backups/status").json["job"] ?? nil
        if job["ended_at"] != nil { return job }
        try await Task.sleep(for: .milliseconds(20))
      }
      return nil
    }
    #expect(try await client.send("POST", "/admin/backups").status == 200)
    let made = try await outcome()
    #expect(made["state"] == "done" && made["detail"]?.string?.contains("1 threads") == true, "\(made)")
    let name = try #require(try await client.get("/admin/backups").json[0]?["name"]?.string)
    #expect(name == made["name"]?.string)
    #expect(try await client.send("POST", "/admin/backups/\(name)/verify").status == 200)
    #expect(try await outcome()["state"] == "done")
    let file = folder.data.appending(path: "backups/\(name)")
    try Data(Data(contentsOf: file).dropLast(100)).write(to: file)
    _ = try await client.send("POST", "/admin/backups/\(name)/verify")
    let failed = try await outcome()
    #expect(failed["state"] == "failed" && failed["detail"]?.string?.contains("damaged") == true, "\(failed)")
    #expect(try await client.send("DELETE", "/admin/backups/\(name)").status == 200)
    #expect(try await client.get("/admin/backups").json == [])
    #expect(daemon.terminate() == 0)
  }

  private func expectDone(_ arguments: [String]) throws {
    let (code, output) = try run(DaemonProcess.program, arguments)
    #expect(code == 0, "\(arguments.first ?? ""): \(output)")
  }
}
