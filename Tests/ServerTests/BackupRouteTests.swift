import Conversation
import Engine
import Foundation
import Synchronization
import Testing

@testable import Server

@Suite struct BackupRouteTests {
  @Test func `one thing is done at a time, can be watched and cancelled, and is on record`() async throws {
    let desk = ScriptedBackups()
    try await TestServer.run(identity: .accounts, monitoring: desk.monitoring) { server in
      let admin = try await server.person("root", .admin).asKey
      func ask(_ method: String, _ path: String) async throws -> Reply {
        try await server.ask(method, "/admin/backups\(path)", with: admin)
      }
      #expect(try await ask("POST", "/cancel").status == 409)
      #expect(try await ask("POST", "").json["state"] == "writing")
      #expect(try await ask("POST", "").status == 409)
      #expect(try await ask("POST", "/backup-2/verify").status == 409)
      desk.job.withLock { job in
        job?.doneBytes = 5
        job?.totalBytes = 10
      }
      let status = try await ask("GET", "/status").json
      #expect(status["job"]?["done_bytes"] == 5 && status["plan"]?["every_seconds"] == 86_400)
      #expect(try await ask("POST", "/cancel").status == 200)
      #expect(desk.cancelled.withLock { $0 } == 1)
      desk.job.withLock { $0?.state = .cancelled }
      #expect(try await ask("POST", "/backup-2/verify").json["name"] == "backup-2")
      #expect(try await ask("DELETE", "/backup-2").status == 409)
      #expect(try await ask("DELETE", "/backup-3").status == 200)
      #expect(desk.deleted.withLock { $0 } == ["backup-3"])
      let log = try await server.ask("GET", "/admin/audit?action=backup", with: admin).json.array ?? []
      #expect(
        log.compactMap { $0["action"]?.string } == [
          "backup.delete", "backup.verify", "backup.cancel", "backup.start",
        ])
      #expect(log[0]["object"] == "name backup-3")
    }
  }

  @Test func `backups are paged, and only what is listed has a name`() async throws {
    let desk = ScriptedBackups()
    try await TestServer.run(monitoring: desk.monitoring) { server in
      let page = try await server.ask("GET", "/admin/backups?limit=1&offset=1").json
      #expect(page.array?.count == 1 && page[0]?["name"] == "backup-2")
      for name in ["..%2F..%2Fetc%2Fpasswd", "backup-9", "%2Fetc%2Fpasswd", ".."] {
        #expect(try await server.ask("DELETE", "/admin/backups/\(name)").status >= 400, "\(name)")
        #expect(try await server.ask("POST", "/admin/backups/\(name)/verify").status >= 400, "\(name)")
      }
      #expect(desk.deleted.withLock { $0 }.isEmpty && desk.job.withLock { $0 } == nil)
    }
  }
}

/// Backups that a test says the state of.
final class ScriptedBackups: Sendable {
  let job = Mutex<BackupControl.Job?>(nil)
  let deleted = Mutex<[String]>([])
  let cancelled = Mutex(0)

  var monitoring: Monitoring {
    let items = (1...3).map { day in
      BackupControl.Item(name: "backup-\(day)", takenAt: .now, sizeBytes: day, isEncrypted: day == 1)
    }
    var monitoring = Monitoring()
    monitoring.backups = BackupControl(
      plan: .init(everySeconds: 86_400, keep: 7, directory: "/backups", isEncrypted: false),
      list: { items },
      job: { self.job.withLock { $0 } },
      begin: { kind, name in
        self.job.withLock { job in
          guard !(job?.isUnderWay ?? false) else { return nil }
          job = BackupControl.Job(kind: kind, state: kind == .backup ? .writing : .verifying, name: name)
          return job
        }
      },
      cancel: { self.cancelled.withLock { $0 += 1 } },
      delete: { name in
        self.deleted.withLock { $0.append(name) }
        return true
      })
    return monitoring
  }
}
