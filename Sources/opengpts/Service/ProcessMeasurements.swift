import Foundation
import Metering

/// What the process itself takes, as the kernel counts it.
enum ProcessMeasurements {
  static func measure(into exposition: inout Exposition) {
    exposition.gauge(
      "build_info", "The version of the program.", [.init(1, ["version": ApplicationVersion.number])])
    var usage = rusage()
    if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
      let seconds = [usage.ru_utime, usage.ru_stime].reduce(0) {
        $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
      }
      exposition.counter("process_cpu_seconds_total", "Processor time.", [.init(seconds)])
    }
    exposition.gauge("process_resident_bytes", "Memory the process holds.", residentBytes)
    exposition.gauge("process_open_files", "Open files and connections.", openFiles)
    exposition.gauge("process_threads", "Threads.", threads)
  }

  private static var residentBytes: Int {
    let pages = text("/proc/self/statm").split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  private static var openFiles: Int {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).count
  }

  /// The number of threads is the eighteenth field behind the name, which may hold spaces.
  private static var threads: Int {
    let fields = text("/proc/self/stat").split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 17 ? Int(fields[17]) ?? 0 : 0
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
