import Documents
import Foundation

/// The checks of `doctor`, each a question with an answer and, where it is needed, a remedy.
enum DoctorChecks {
  /// Below this the daemon refuses uploads.
  private static let leastFreeBytes: UInt64 = 256 << 20
  /// Below this a person should look after the disk: room for a few large uploads and a backup.
  private static let comfortableFreeBytes: UInt64 = 2 << 30

  /// - Parameter reads: read all that is stored too.
  static func all(_ settings: Settings, reads: Bool = false) -> [Finding] {
    let data = [
      dataDirectory(settings), permissions(settings), freeSpace(settings), fileSystem(settings),
      flush(settings),
      database(settings), backup(settings),
    ]
    let machine = [
      sqlite(), blas(), embeddingModel(settings), pdf(), oldWord(), confinement(), memory(), openFiles(),
      clock(),
    ]
    let surroundings = [
      port(settings), certificate(settings), languageModel(settings), settingsGiven(settings),
      readableSecrets(settings),
    ]
    return data + (reads ? [contents(settings)] : []) + machine + surroundings + parts(settings)
      + withoutCounterpart(ProcessInfo.processInfo.environment)
  }

  static func dataDirectory(_ settings: Settings) -> Finding {
    let path = settings.dataDirectory
    let check = "data directory"
    let remedy = "create it, or let this user write to it, or set data_dir"
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      guard access(nearestDirectory(path), W_OK | X_OK) == 0 else {
        return .fail(check, "\(path) cannot be created", fix: remedy)
      }
      return .ok(check, "\(path) will be created")
    }
    guard isDirectory.boolValue else { return .fail(check, "\(path) is not a directory", fix: remedy) }
    let probe = "\(path)/.doctor-\(UUID().uuidString)"
    let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return .fail(check, "\(path): \(lastSystemError())", fix: remedy) }
    defer {
      close(descriptor)
      unlink(probe)
    }
    guard fsync(descriptor) == 0 else {
      return .fail(
        check, "\(path) does not keep what it is given: \(lastSystemError())", fix: "check the disk")
    }
    return .ok(check, "\(path) can be written")
  }

  static func freeSpace(_ settings: Settings) -> Finding {
    let check = "free space"
    let path = nearestDirectory(settings.dataDirectory)
    var info = statvfs()
    guard statvfs(path, &info) == 0 else {
      return .warn(check, "unknown: \(lastSystemError())", fix: "check the disk of \(path)")
    }
    let (free, overflow) = UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize))
    let detail = "\(free >> 20) MB on the disk of \(path)"
    if overflow || free >= comfortableFreeBytes { return .ok(check, detail) }
    let remedy = "make room, or move data_dir to a larger disk"
    return free < leastFreeBytes ? .fail(check, detail, fix: remedy) : .warn(check, detail, fix: remedy)
  }

  /// The path itself, or the first thing above it that is there.
  static func nearestDirectory(_ path: String) -> String {
    var url = URL(filePath: path).standardized
    while url.pathComponents.count > 1, !FileManager.default.fileExists(atPath: url.path) {
      url.deleteLastPathComponent()
    }
    return url.path
  }

  static func sqlite() -> Finding {
    let remedy = "install libsqlite3-0 of Debian 12 or later"
    guard let version = LoadedLibraries.sqliteVersion() else {
      return .fail("sqlite", "no SQLite in this program", fix: remedy)
    }
    guard LoadedLibraries.sqliteHasFullText() == true else {
      return .fail("sqlite", "\(version) without full-text search (FTS5)", fix: remedy)
    }
    return .ok("sqlite", "\(version) with full-text search")
  }

  static func blas() -> Finding {
    let remedy = "install libopenblas0-serial: it takes the place of the library in use"
    guard let configuration = LoadedLibraries.openBLASConfiguration() else {
      return .warn("blas", "the reference library, about 30 times slower than OpenBLAS", fix: remedy)
    }
    let threads = LoadedLibraries.openBLASThreads() ?? 1
    guard threads <= 1 else {
      return .warn(
        "blas", "OpenBLAS with \(threads) threads, slow on busy cores: \(configuration)", fix: remedy)
    }
    return .ok("blas", configuration)
  }

  static func embeddingModel(_ settings: Settings) -> Finding {
    let check = "embedding model"
    let remedy = "`opengpts model install FILE|URL`; until then search uses words alone"
    let directory = settings.modelDirectory
    do {
      switch try EmbeddingModelFiles.status(in: directory) {
      case .known: return .ok(check, "all-MiniLM-L6-v2, unchanged, in \(directory)")
      case .vouchedFor: return .ok(check, "another model, as it was installed, in \(directory)")
      case .missing(let files):
        return .warn(check, "no \(files.joined(separator: ", ")) in \(directory)", fix: remedy)
      case .altered(let files):
        return .fail(check, "\(files.joined(separator: ", ")) in \(directory) has changed", fix: remedy)
      }
    } catch {
      return .fail(check, "\(error)", fix: remedy)
    }
  }

  static func pdf(path: String = ProcessInfo.processInfo.environment["PATH"] ?? "") -> Finding {
    let programs = path.split(separator: ":").map { "\($0)/pdftotext" }
    guard let program = programs.first(where: { access($0, X_OK) == 0 }) else {
      return .warn("pdf", "no pdftotext: PDF files are refused", fix: "install poppler-utils")
    }
    return .ok("pdf", program)
  }

  static func oldWord() -> Finding {
    guard DOC.isInstalled else {
      return .warn(
        "old Word files", "no \(DOC.program): .doc files are refused", fix: "install \(DOC.debianPackage)")
    }
    return .ok("old Word files", DOC.program)
  }
}
