import Backup
import CoreFoundation
import Foundation
import Store

/// What the data lies on, and in which state it is.
extension DoctorChecks {
  /// Flushes of which the median is taken.
  private static let flushes = 15
  /// No medium that keeps what it is given answers faster than this; the fastest, with a battery behind its memory,
  /// take about twice as long.
  private static let leastFlushMicroseconds = 12.0
  /// Above this every turn of a conversation feels the disk.
  private static let slowFlushMicroseconds = 50_000.0

  /// A disk, or a virtual machine's idea of one, that says "done" too early loses acknowledged data in a power cut.
  static func flush(_ settings: Settings) -> Finding {
    let check = "flush"
    guard let microseconds = flushMicroseconds(in: nearestDirectory(settings.dataDirectory)) else {
      return .warn(check, "could not be measured", fix: "let this user write to the data directory")
    }
    let detail = "a flush takes \(Int(microseconds)) µs"
    if microseconds < leastFlushMicroseconds {
      return .warn(
        check, "\(detail), less than any disk needs: a power cut may take what was acknowledged",
        fix:
          "turn the disk's write cache off, or set the virtual disk's cache to writethrough, or move data_dir"
      )
    }
    if microseconds > slowFlushMicroseconds {
      return .warn(check, "\(detail): each message waits for it", fix: "move data_dir to a solid-state disk")
    }
    return .ok(check, detail)
  }

  private static func flushMicroseconds(in directory: String) -> Double? {
    let probe = "\(directory)/.doctor-\(UUID().uuidString)"
    let file = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return nil }
    defer {
      close(file)
      unlink(probe)
    }
    let page = [UInt8](repeating: 0x2a, count: 4096)
    var times: [Double] = []
    for _ in 0..<flushes {
      guard write(file, page, page.count) == page.count else { return nil }
      let start = ContinuousClock.now
      guard fsync(file) == 0 else { return nil }
      times.append((ContinuousClock.now - start) / .microseconds(1))
    }
    return times.median
  }

  private static let volatileFileSystems: Set = ["tmpfs", "ramfs"]
  private static let networkFileSystems: Set = ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs"]

  static func fileSystem(_ settings: Settings) -> Finding {
    let check = "file system"
    let directory = URL(filePath: nearestDirectory(settings.dataDirectory)).resolvingSymlinksInPath().path
    let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
    guard let type = fileSystemType(of: directory, in: mounts) else {
      return .ok(check, "the kernel does not say")
    }
    if volatileFileSystems.contains(type) {
      return .warn(
        check, "\(type): everything is gone after a restart of the machine", fix: "move data_dir to a disk")
    }
    if networkFileSystems.contains(type) {
      return .warn(
        check, "\(type), on whose locks SQLite cannot rely",
        fix: "move data_dir to a local disk, and put backup.directory on the network instead")
    }
    return .ok(check, type)
  }

  /// - Parameter mounts: as proc(5) tells them: the fifth field of a line is where, the one behind the dash what. Of two
  ///   that fit, the longer path counts, and of two at the same place the later.
  static func fileSystemType(of path: String, in mounts: String) -> String? {
    var best: (point: String, type: String)?
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count > 4, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { continue }
      let point = fields[4]
      guard point == "/" || path == point || path.hasPrefix(point + "/") else { continue }
      if point.count >= best?.point.count ?? 0 { best = (point, fields[dash + 1]) }
    }
    return best?.type
  }

  /// Who else could read the data, and whether its owner can.
  static func permissions(_ settings: Settings) -> Finding {
    let check = "permissions"
    let directory = settings.dataDirectory
    let database = "\(directory)/\(DatabaseFile.name)"
    var (folder, file) = (stat(), stat())
    guard stat(directory, &folder) == 0 else { return .ok(check, "nothing is there yet") }
    guard stat(database, &file) == 0 else { return .ok(check, "there is no database yet") }
    if folder.st_mode & 0o077 != 0, file.st_mode & 0o077 != 0 {
      return .fail(
        check, "other users of this machine can read \(database)",
        fix: "chmod 700 \(directory); chmod 600 \(database)")
    }
    guard folder.st_uid == file.st_uid else {
      return .fail(
        check, "\(directory) and its database belong to different users",
        fix: "chown -R --reference=\(directory) \(directory)")
    }
    return .ok(check, "only the owner (user \(file.st_uid)) reads the data")
  }

  static func database(_ settings: Settings) -> Finding {
    let check = "database"
    let directory = settings.dataDirectory
    do {
      let report = try MigrationReport(directory: directory)
      return report.state == .tooNew
        ? .fail(check, report.verdict, fix: "start the newer version, or `opengpts migrate back`")
        : .ok(check, report.verdict)
    } catch {
      return .fail(
        check, "\(error)", fix: "`opengpts restore` a backup, or see whether this user may read it")
    }
  }

  /// Reads all of the database and of the uploads: as long as the disk takes.
  static func contents(_ settings: Settings) -> Finding {
    let check = "contents"
    let directory = settings.dataDirectory
    guard FileManager.default.fileExists(atPath: "\(directory)/\(DatabaseFile.name)") else {
      return .ok(check, "nothing is there yet")
    }
    do {
      let state = try StoredContents(directory: directory)
      guard state.missing.isEmpty, state.damaged.isEmpty else {
        return .fail(
          check, "\(state.damaged.count) uploads are damaged and \(state.missing.count) missing",
          fix: "take them from a backup: \((state.damaged + state.missing).prefix(3).joined(separator: ", "))"
        )
      }
      return .ok(check, "the database is sound, and so are \(state.count) uploads")
    } catch {
      return .fail(check, "\(error)", fix: "`opengpts restore` a backup")
    }
  }

  static func backup(_ settings: Settings, now: Date = Date()) -> Finding {
    let check = "backup"
    let folder = BackupFolder(settings.backup.directory, keep: settings.backup.keep)
    let newest = folder.list().first
    let detail = newest.map { item in
      "the newest is \(SettingKind.roughly(now.timeIntervalSince(item.takenAt))) old: \(item.path)"
    }
    guard let every = settings.backup.everySeconds else {
      return .warn(
        check, "none is made by itself" + (detail.map { "; \($0)" } ?? ""), fix: "set backup.every, like 24h")
    }
    guard let newest, let detail else {
      return FileManager.default.fileExists(atPath: "\(settings.dataDirectory)/\(DatabaseFile.name)")
        ? .warn(check, "there is none in \(folder.directory)", fix: "start the daemon, or `opengpts backup`")
        : .ok(check, "there is nothing to back up yet")
    }
    guard now.timeIntervalSince(newest.takenAt) <= 2 * every else {
      return .warn(check, detail, fix: "see why in the log of the daemon, or `opengpts backup`")
    }
    return isOnSameDisk(folder.directory, settings.dataDirectory)
      ? .warn(
        check, "\(detail); it lies on the disk of the data",
        fix: "set backup.directory to another disk, or fetch it")
      : .ok(check, detail)
  }

  private static func isOnSameDisk(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(one, &first) == 0, stat(other, &second) == 0 else { return false }
    return first.st_dev == second.st_dev
  }
}
