import Foundation
import Testing

/// The unit, as systemd itself judges it.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")))
struct ServiceUnitTests {
  private let directory: TemporaryDirectory
  private let unit: String

  init() throws {
    directory = try TemporaryDirectory()
    let source = URL(filePath: #filePath).appending(path: "../../../systemd/opengpts.service").standardized
    let text = try String(contentsOf: source, encoding: .utf8)
    // verify looks whether the program is there.
    let runnable = text.replacing("/usr/local/bin/opengpts", with: "/bin/true")
    unit = try directory.write(runnable, to: "opengpts.service")
  }

  @Test func `no line of the unit is unknown to systemd`() throws {
    // It exits with 0 on unknown keys, and says so on standard error only.
    #expect(try analyze(["verify", unit]).errors == "")
  }

  @Test func `the exposure is at most 1.5`() throws {
    let (output, _, code) = try analyze(["security", "--offline=yes", "--threshold=15", unit])
    print(output.split(separator: "\n").last ?? "no verdict")
    #expect(code == 0)
  }

  private func analyze(_ arguments: [String]) throws -> (output: String, errors: String, code: Int32) {
    let process = Process()
    let output = Pipe()
    let errors = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/systemd-analyze")
    process.arguments = arguments
    process.environment = ["SYSTEMD_PAGER": "cat", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // Errors are a few lines, far below what a pipe holds; the table is read while it is written.
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (text, complaint, process.terminationStatus)
  }
}
