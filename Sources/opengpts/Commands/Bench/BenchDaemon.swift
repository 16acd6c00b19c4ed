import ArgumentParser
import Foundation
import Transport

/// This program, started as a daemon over a data directory of its own, to be measured from outside.
final class BenchDaemon {
  private let process = Process()
  let client: DaemonClient
  /// Scheme, host and port.
  let base: String
  /// From the start of the process until it said that it is ready.
  let startSeconds: Double

  /// - Parameter environment: settings by their variables; without any, no model can be reached.
  init(data: URL, http: HTTPClient, environment: [String: String] = [:]) async throws {
    // Below those the kernel gives to connections, of which a measurement makes many.
    let port = Int.random(in: 20_000..<32_000)
    base = "http://127.0.0.1:\(port)"
    client = DaemonClient(base: base, http: http)
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      "serve", "--listen", "127.0.0.1:\(port)", "--data", data.path, "--set", "log.level=error",
    ]
    process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    let start = ContinuousClock.now
    try process.run()
    let end = start + .seconds(60)
    while await !client.isReady {
      guard ContinuousClock.now < end, process.isRunning else {
        throw CommandFailure(message: "The daemon to be measured did not start.")
      }
      try await Task.sleep(for: .milliseconds(2))
    }
    startSeconds = (ContinuousClock.now - start) / .seconds(1)
  }

  /// Megabytes of memory the process holds.
  var residentMegabytes: Double {
    Double(figure("VmRSS:", in: "status")) / 1024
  }

  /// Bytes the process has caused to be written to storage.
  var writtenBytes: Int {
    figure("write_bytes:", in: "io")
  }

  /// The number behind that name in a file of `/proc`.
  private func figure(_ name: String, in file: String) -> Int {
    let text =
      (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/\(file)", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}

/// A folder for what is measured; it goes when the work is done.
func withTemporaryFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: "opengpts-bench-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}

extension [Double] {
  /// The middle value; nil when there is none.
  var median: Double? {
    isEmpty ? nil : sorted()[count / 2]
  }
}
