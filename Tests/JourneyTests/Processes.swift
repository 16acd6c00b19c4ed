import Foundation
import Testing
import Transport

let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A child process that ends with the test that started it.
class ChildProcess: @unchecked Sendable {
  // SAFETY: `process` is set up before it runs and only signalled and waited for afterwards.
  fileprivate let process = Process()
  fileprivate let output = Pipe()

  init(_ program: URL, _ arguments: [String], environment: [String: String]) throws {
    process.executableURL = program
    process.arguments = arguments
    process.environment = environment
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
  }

  var identifier: Int32 { process.processIdentifier }

  func start() throws {
    try process.run()
  }

  /// Ends it at once, as a crash or a power cut would.
  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Asks it to end, and waits until it has.
  func terminate() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  deinit {
    kill()
  }
}

/// `Tests/Support/scripted_model.py`, which says what the last question tells it to.
final class ScriptedModelProcess: ChildProcess, @unchecked Sendable {
  private(set) var port = 0

  init() throws {
    let script = packageRoot.appending(path: "Tests/Support/scripted_model.py").path
    try super.init(
      URL(filePath: "/usr/bin/env"), ["python3", script], environment: ProcessInfo.processInfo.environment)
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst("port ".count)))
  }

  var baseURL: String { "http://127.0.0.1:\(port)/v1" }
}

/// The built program, serving a data directory on a free port.
final class DaemonProcess: ChildProcess, @unchecked Sendable {
  let port: Int
  /// It then answers this file's client, who speaks clear text, that it does.
  private let speaksTLS: Bool
  private static let patience = Duration.seconds(60)

  /// Starts the program and waits until it is ready.
  init(data: URL, port: Int? = nil, environment: [String: String] = [:]) async throws {
    let chosen = try port ?? freePort()
    self.port = chosen
    speaksTLS = environment["OPENGPTS_TLS_CERTIFICATE"] != nil
    let log = data.appendingPathExtension("log").path
    try super.init(
      Self.program, ["serve", "--listen", "127.0.0.1:\(chosen)", "--data", data.path],
      environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"].merging(environment) { $1 })
    if !FileManager.default.fileExists(atPath: log) { try Data().write(to: URL(filePath: log)) }
    let handle = try #require(FileHandle(forWritingAtPath: log))
    try handle.seekToEnd()
    process.standardError = handle
    try process.run()
    try await waitUntilReady(log: log)
  }

  static var program: URL {
    ProcessInfo.processInfo.environment["OPENGPTS_BIN"].map { URL(filePath: $0) }
      ?? packageRoot.appending(path: ".build/debug/opengpts")
  }

  private func waitUntilReady(log: String) async throws {
    let end = ContinuousClock.now + Self.patience
    while ContinuousClock.now < end, process.isRunning {
      let status = await (try? Client(port: port).get("/readyz"))?.status
      if status == 200 || (speaksTLS && status == 400) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    let lines = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    Issue.record("the daemon did not become ready:\n\(lines.suffix(2_000))")
    throw CancellationError()
  }

  /// Bytes of memory the process holds, as the kernel counts them.
  var residentBytes: Int {
    let status = (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line?.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? 0) * 1024
  }
}

extension DaemonProcess {
  /// Starts the program where something is to end it, and waits until it has ended or is ready; then it is gone.
  /// - Returns: whether it became ready.
  static func startOnce(data: URL, environment: [String: String]) async throws -> Bool {
    let port = try freePort()
    let process = Process()
    process.executableURL = program
    process.arguments = [
      "serve", "--listen", "127.0.0.1:\(port)", "--data", data.path, "--set", "log.level=critical",
    ]
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var isReady = false
    while process.isRunning, !isReady {
      isReady = await (try? Client(port: port).get("/readyz"))?.status == 200
      try await Task.sleep(for: .milliseconds(10))
    }
    process.terminate()
    process.waitUntilExit()
    return isReady
  }
}

/// Runs a program to its end.
/// - Returns: its exit code, and what it wrote.
@discardableResult
func run(_ program: URL, _ arguments: [String], environment: [String: String] = [:]) throws -> (
  code: Int32, output: String
) {
  let process = Process()
  let output = Pipe()
  process.executableURL = program
  process.arguments = arguments
  process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"].merging(environment) { $1 }
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = output
  process.standardError = output
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, text)
}

/// A port that was free a moment ago.
func freePort() throws -> Int {
  let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(listener) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
    }
  }
  try #require(isBound)
  return Int(UInt16(bigEndian: address.sin_port))
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
  let url = FileManager.default.temporaryDirectory.appending(path: "opengpts-journey-\(UUID())")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  var data: URL { url.appending(path: "data") }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }
}
