import Backup
import Engine
import Foundation
import Logging
import Metering
import Server
import ServiceLifecycle
import Store

/// Makes a backup every so often, and whenever somebody wants one.
///
/// When the next one is due is read off the newest that lies in the folder, so that restarts, and backups made by
/// hand, count. Time is looked at every minute, because a machine may sleep and a clock may be put right.
final class BackupSchedule: Service {
  private static let lookSeconds = 60.0
  /// After a failure the next try comes so soon, or after the usual time where that is shorter.
  private static let retrySeconds = 3600.0

  let work: BackupWork
  private let settings: BackupSettings

  init(backup: Backup, settings: BackupSettings, store: Store, logger: Logger) {
    work = BackupWork(backup: backup, settings: settings, store: store, logger: logger)
    self.settings = settings
  }

  func run() async throws {
    await cancelWhenGracefulShutdown { [self] in
      await withTaskGroup { group in
        group.addTask { await self.work.run() }
        if let every = settings.everySeconds { group.addTask { await self.look(every) } }
      }
    }
  }

  private func look(_ every: Double) async {
    while (try? await Task.sleep(for: .seconds(min(every, Self.lookSeconds)))) != nil {
      if isDue(Date(), every) { _ = work.begin(.backup, nil) }
    }
  }

  private func isDue(_ now: Date, _ every: Double) -> Bool {
    if let failed = work.lastFailure, now.timeIntervalSince(failed) < min(every, Self.retrySeconds) {
      return false
    }
    guard let newest = work.folder.list().first else { return true }
    return now.timeIntervalSince(newest.takenAt) >= every
  }
}

// MARK: State

extension BackupSchedule {
  /// For `/readyz`.
  var status: PartStatus {
    let newest = work.folder.list().first
    let last = newest.map { "The newest is of \($0.takenAt.formatted(.iso8601))." } ?? "There is none yet."
    if work.lastFailure != nil {
      return PartStatus(name: "backup", state: .degraded, detail: "The last one failed; see the log. \(last)")
    }
    guard let every = settings.everySeconds else {
      return PartStatus(
        name: "backup", state: .absent, detail: "None is made by itself (backup.every). \(last)")
    }
    let isLate = newest.map { Date().timeIntervalSince($0.takenAt) > 2 * every } ?? false
    return PartStatus(name: "backup", state: isLate ? .degraded : .ok, detail: last)
  }

  func measure(into exposition: inout Exposition) {
    guard let newest = work.folder.list().first else { return }
    exposition.gauge(
      "backup_newest_timestamp_seconds", "When the newest backup was taken.",
      newest.takenAt.timeIntervalSince1970)
    exposition.gauge("backup_newest_bytes", "Its size.", newest.sizeBytes)
  }
}
