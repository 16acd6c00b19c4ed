import ArgumentParser

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check what the daemon needs, and say the fix.",
    discussion: "Ends with exit code 1 if a check failed; a warning is no failure.")

  @Flag(help: "Also read the whole database and every upload, which may take minutes.") var deep = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: SettingsOptions

  func run() throws {
    let findings = DoctorChecks.all(try options.load(), reads: deep)
    print(json ? try JSONText.of(findings) : findings.map(\.line).joined(separator: "\n"))
    if findings.contains(where: { $0.status == .fail }) { throw ExitCode.failure }
  }
}

/// What one check found.
struct Finding: Encodable, Equatable {
  enum Status: String, Encodable { case ok, warn, fail }

  let check: String
  let status: Status
  let detail: String
  /// What to do about it; nil when all is well.
  let fix: String?

  static func ok(_ check: String, _ detail: String) -> Finding {
    Finding(check: check, status: .ok, detail: detail, fix: nil)
  }

  static func warn(_ check: String, _ detail: String, fix: String) -> Finding {
    Finding(check: check, status: .warn, detail: detail, fix: fix)
  }

  static func fail(_ check: String, _ detail: String, fix: String) -> Finding {
    Finding(check: check, status: .fail, detail: detail, fix: fix)
  }

  var line: String {
    let head = status.rawValue + String(repeating: " ", count: 6 - status.rawValue.count)
    return "\(head)\(check): \(detail)" + (fix.map { "\n      \($0)" } ?? "")
  }
}
