import Backup
import Dispatch
import Engine
import Foundation
import Logging
import Metering
import ServiceLifecycle
import Store
import Synchronization

/// Makes a backup every so often, proves it, and removes the oldest.
///
/// When the next one is due is read off the newest that lies in the folder, so that restarts, and backups made by
/// hand, count. Time is looked at every minute, because a machine may sleep and a clock may be put right.
final class BackupSchedule: Service {
  private static let lookSeconds = 60.0
  /// After a failure the next try comes so soon, or after the usual time where that is shorter.
  private static let retrySeconds = 3600.0

  private let backup: Backup
  private let settings: BackupSettings
  private let store: Store
  private let logger: Logger
  private let lastFailure = Mutex<Date?>(nil)

  private var folder: BackupFolder { BackupFolder(settings.directory, keep: settings.keep) }

  init(backup: Backup, settings: BackupSettings, store: Store, logger: Logger) {
    self.backup = backup
    self.settings = settings
    self.store = store
    self.logger = logger
  }

  func run() async throws {
    guard let every = settings.everySeconds else { return try await gracefulShutdown() }
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: .seconds(min(every, Self.lookSeconds)))) != nil {
        if self.isDue(Date(), every) { await self.makeOne() }
      }
    }
  }

  private func isDue(_ now: Date, _ every: Double) -> Bool {
    let failed = lastFailure.withLock { $0 }
    if let failed, now.timeIntervalSince(failed) < min(every, Self.retrySeconds) { return false }
    guard let newest = folder.list().first else { return true }
    return now.timeIntervalSince(newest.takenAt) >= every
  }

  private func makeOne() async {
    do {
      let made = try await written()
      lastFailure.withLock { $0 = nil }
      let removed = folder.prune()
      // What was deleted while the backup was made has kept its bytes.
      try? await store.sweepBlobs()
      logger.info(
        "backup made",
        metadata: ["bytes": "\(made.sizeBytes)", "removed": "\(removed)", "folder": "\(settings.directory)"])
      for hash in made.damagedBlobs {
        logger.error(
          "a file is damaged on the disk; an older backup may have it", metadata: ["blob": "\(hash)"])
      }
    } catch BackupError.cancelled {
      return
    } catch {
      lastFailure.withLock { $0 = Date() }
      logger.error("no backup was made", metadata: ["cause": "\(error)"])
    }
  }

  /// Writes one and reads it back, on a thread of its own: both take as long as the disk does.
  private func written() async throws -> Backup.Made {
    let stop = Stop()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global(qos: .utility).async { [self] in
          continuation.resume(with: Result { try write(until: stop) })
        }
      }
    } onCancel: {
      stop.isSet.store(true, ordering: .relaxed)
    }
  }

  private func write(until stop: Stop) throws -> Backup.Made {
    let passphrase = settings.passphrase?.revealed
    let path = try folder.newPath(isEncrypted: passphrase != nil)
    let check: BackupProgress = { _, _ throws(BackupError) in
      if stop.isSet.load(ordering: .relaxed) { throw .cancelled }
    }
    let made = try backup.write(to: path, passphrase: passphrase, onProgress: check)
    do {
      let reader = try BackupReader(path) { () throws(BackupError) in passphrase }
      _ = try Restore(reader).verify(in: backup.directory, onProgress: check)
      return made
    } catch {
      // Not to be taken for one that can be restored.
      unlink(path)
      throw error
    }
  }

  private final class Stop: Sendable {
    let isSet = Atomic(false)
  }
}

// MARK: State

extension BackupSchedule {
  /// For `/readyz`.
  var status: PartStatus {
    let newest = folder.list().first
    let last = newest.map { "The newest is of \($0.takenAt.formatted(.iso8601))." } ?? "There is none yet."
    if lastFailure.withLock({ $0 }) != nil {
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
    guard let newest = folder.list().first else { return }
    exposition.gauge(
      "backup_newest_timestamp_seconds", "When the newest backup was taken.",
      newest.takenAt.timeIntervalSince1970)
    exposition.gauge("backup_newest_bytes", "Its size.", newest.sizeBytes)
  }
}
