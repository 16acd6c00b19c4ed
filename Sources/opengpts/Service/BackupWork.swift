import Backup
import Conversation
import Dispatch
import Foundation
import Logging
import Server
import Store
import Synchronization

/// Makes and proves backups, one at a time, and tells how far it has come.
final class BackupWork: Sendable {
  typealias Job = BackupControl.Job

  private struct State {
    var job: Job?
    var isCancelled = false
    var lastFailure: Date?
  }

  private let backup: Backup
  private let settings: BackupSettings
  private let store: Store
  private let logger: Logger
  private let state = Mutex(State())
  private let orders: AsyncStream<Job>
  private let order: AsyncStream<Job>.Continuation

  var folder: BackupFolder { BackupFolder(settings.directory, keep: settings.keep) }
  /// When the last backup failed; nil when it did not.
  var lastFailure: Date? { state.withLock { $0.lastFailure } }

  init(backup: Backup, settings: BackupSettings, store: Store, logger: Logger) {
    self.backup = backup
    self.settings = settings
    self.store = store
    self.logger = logger
    (orders, order) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Does what is ordered, until its task is cancelled.
  func run() async {
    for await job in orders {
      await withTaskCancellationHandler {
        await perform(job)
      } onCancel: {
        cancel()
      }
    }
  }

  /// Orders a backup, or the proof of the one of that name.
  /// - Returns: nil when something is under way already.
  func begin(_ kind: Job.Kind, _ name: String?) -> Job? {
    state.withLock { state in
      guard !(state.job?.isUnderWay ?? false) else { return nil }
      let job = Job(kind: kind, state: kind == .backup ? .writing : .verifying, name: name)
      (state.job, state.isCancelled) = (job, false)
      order.yield(job)
      return job
    }
  }

  func cancel() {
    state.withLock { $0.isCancelled = true }
  }

  private func perform(_ job: Job) async {
    do {
      let detail = try await onOwnThread { [self] in
        switch job.kind {
        case .backup: try make()
        case .verify: try verify(job.name ?? "")
        }
      }
      // What was deleted while the backup was made has kept its bytes.
      if job.kind == .backup { try? await store.sweepBlobs() }
      end(.done, detail, of: job)
    } catch BackupError.cancelled {
      end(.cancelled, "\(BackupError.cancelled)", of: job)
    } catch {
      end(.failed, "\(error)", of: job)
      let message = job.kind == .backup ? "no backup was made" : "a backup could not be verified"
      logger.error("\(message)", metadata: ["cause": "\(error)"])
    }
  }

  private func end(_ outcome: Job.State, _ detail: String, of job: Job) {
    state.withLock { state in
      state.job?.state = outcome
      state.job?.detail = detail
      state.job?.endedAt = .now
      guard job.kind == .backup, outcome != .cancelled else { return }
      state.lastFailure = outcome == .failed ? Date() : nil
    }
  }

  /// Both take as long as the disk does.
  private func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
    -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global(qos: .utility).async { continuation.resume(with: Result { try work() }) }
    }
  }
}

// MARK: The work itself

extension BackupWork {
  /// Writes one, reads it back, and removes the oldest.
  private func make() throws -> String {
    let passphrase = settings.passphrase?.revealed
    let path = try folder.newPath(isEncrypted: passphrase != nil)
    tell { $0.name = URL(filePath: path).lastPathComponent }
    let made = try backup.write(to: path, passphrase: passphrase, onProgress: progress)
    tell { ($0.state, $0.doneBytes) = (.verifying, 0) }
    do {
      _ = try contents(of: path)
    } catch {
      // Not to be taken for one that can be restored.
      unlink(path)
      throw error
    }
    let removed = folder.prune()
    logger.info(
      "backup made",
      metadata: ["bytes": "\(made.sizeBytes)", "removed": "\(removed)", "folder": "\(settings.directory)"])
    for hash in made.damagedBlobs {
      logger.error(
        "a file is damaged on the disk; an older backup may have it", metadata: ["blob": "\(hash)"])
    }
    return "It holds \(made.manifest.holdings), and was read back."
  }

  private func verify(_ name: String) throws -> String {
    let (found, manifest) = try contents(of: "\(settings.directory)/\(name)")
    guard found.damagedBlobs.isEmpty, found.missingBlobs.isEmpty else {
      throw BackupError.damaged(
        "\(found.damagedBlobs.count) files in it are damaged and \(found.missingBlobs.count) are missing")
    }
    return "It is whole: \(manifest.holdings)."
  }

  private func contents(of path: String) throws -> (BackupReader.Contents, BackupManifest) {
    let passphrase = settings.passphrase?.revealed
    let reader = try BackupReader(path) { () throws(BackupError) in passphrase }
    return (try Restore(reader).verify(in: backup.directory, onProgress: progress), reader.manifest)
  }

  /// Notes how far it has come, and ends the work when somebody wants that.
  private var progress: BackupProgress {
    { [self] done, total throws(BackupError) in
      tell { ($0.doneBytes, $0.totalBytes) = (done, total) }
      let isCancelled = state.withLock { $0.isCancelled }
      if isCancelled { throw .cancelled }
    }
  }

  private func tell(_ change: (inout Job) -> Void) {
    state.withLock { state in
      guard var job = state.job else { return }
      change(&job)
      state.job = job
    }
  }
}

// MARK: For administrators

extension BackupWork {
  var control: BackupControl {
    BackupControl(
      plan: .init(
        everySeconds: settings.everySeconds.map { Int($0) }, keep: settings.keep,
        directory: settings.directory,
        isEncrypted: settings.passphrase != nil),
      list: { [self] in folder.list().map(BackupControl.Item.init) },
      job: { [self] in state.withLock { $0.job } }, begin: begin, cancel: cancel,
      delete: { [self] name in unlink("\(settings.directory)/\(name)") == 0 })
  }
}

extension BackupControl.Item {
  fileprivate init(_ item: BackupFolder.Item) {
    self.init(
      name: URL(filePath: item.path).lastPathComponent,
      takenAt: Timestamp(microseconds: Int64(item.takenAt.timeIntervalSince1970) * 1_000_000),
      sizeBytes: item.sizeBytes, isEncrypted: item.path.hasSuffix(".age"))
  }
}
