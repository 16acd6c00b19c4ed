import Foundation

/// The machine the daemon runs on.
extension DoctorChecks {
  private static let leastMemoryBytes = 480 << 20
  /// Connections, files of a large upload, and the database.
  private static let leastOpenFiles: UInt64 = 1024

  /// A clock that is off spoils sign-in by token, and the order of what people write.
  static func clock() -> Finding {
    let check = "clock"
    switch Self.output(of: "/usr/bin/timedatectl", "show", "-p", "NTPSynchronized", "--value") {
    case "yes": return .ok(check, "synchronized")
    case "no":
      return .warn(
        check, "nobody keeps it right; it says \(Date().formatted(.iso8601))",
        fix: "install systemd-timesyncd or chrony, unless the host of this machine keeps its clock")
    default: return .ok(check, "the system does not say whether it is synchronized")
    }
  }

  /// The first line a program of the system prints; nil when it is not there or fails.
  private static func output(of program: String, _ arguments: String...) -> String? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text.split(separator: "\n").first.map(String.init) : nil
  }

  static func memory() -> Finding {
    let check = "memory"
    let total = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    let detail = "\(total >> 20) MB"
    return total >= leastMemoryBytes
      ? .ok(check, detail) : .warn(check, detail, fix: "give the machine 512 MB, or add swap")
  }

  static func openFiles() -> Finding {
    let check = "open files"
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return .ok(check, "unknown")
    }
    let detail = "at most \(limit.rlim_cur)"
    return limit.rlim_cur >= leastOpenFiles
      ? .ok(check, detail) : .warn(check, detail, fix: "raise LimitNOFILE, or ulimit -n, for the daemon")
  }

  /// What confines the process that reads hostile documents.
  static func confinement(
    modules: String? = try? String(contentsOfFile: "/sys/kernel/security/lsm", encoding: .utf8)
  ) -> Finding {
    let check = "confinement"
    guard let modules else { return .ok(check, "the kernel does not say what it offers") }
    return modules.contains("landlock")
      ? .ok(check, "documents are read under Landlock and a filter of system calls")
      : .warn(
        check, "this kernel has no Landlock: documents are read under a filter of system calls alone",
        fix: "use a kernel of Debian 12 or later, with landlock among lsm=")
  }

  /// Where the configuration comes from.
  static func settingsGiven(_ settings: Settings) -> Finding {
    let files = Set(
      settings.resolved.compactMap { if case .file(let path) = $0.origin { path } else { nil } })
    return .ok(
      "settings",
      files.isEmpty ? "no configuration file is in use" : "from \(files.sorted().joined(separator: ", "))")
  }

  /// Each part of the daemon that is not well, in its own words; nothing when none runs.
  static func parts(_ settings: Settings) -> [Finding] {
    let address = settings.listen
    guard address.port != 0,
      case .success(let reply) = TCPProbe.ask(
        host: address.host, port: address.port,
        "GET /readyz HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n\r\n"),
      let body = reply.split(separator: "\r\n\r\n", maxSplits: 1).last,
      let report = try? JSONDecoder().decode(DaemonReport.self, from: Data(body.utf8))
    else { return [] }
    return report.parts.compactMap(\.finding)
  }
}

/// As much of `/readyz` as matters here.
private struct DaemonReport: Decodable {
  struct Part: Decodable {
    let name: String
    let state: String
    let detail: String

    /// What is absent is checked here by itself.
    var finding: Finding? {
      switch state {
      case "failed": .fail("daemon: \(name)", detail, fix: "see the daemon's log: journalctl -u opengpts")
      case "degraded": .warn("daemon: \(name)", detail, fix: "see the daemon's log: journalctl -u opengpts")
      default: nil
      }
    }
  }

  let parts: [Part]
}
