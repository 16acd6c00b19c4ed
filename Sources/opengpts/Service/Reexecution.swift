import ArgumentParser
import Foundation

/// The program in its own place: the same process, arguments and environment, everything else anew.
enum Reexecution {
  /// Does not return, unless it fails.
  static func begin() throws -> Never {
    // What was ignored or blocked would stay so.
    for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, SIG_DFL) }
    var none = sigset_t()
    sigemptyset(&none)
    sigprocmask(SIG_SETMASK, &none, nil)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    // By its name, under which it is listed; by the link where an upgrade has taken the file away.
    execv((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "", arguments)
    execv("/proc/self/exe", arguments)
    FileHandle.standardError.write(Data("cannot begin anew: \(lastSystemError())\n".utf8))
    throw ExitCode.failure
  }
}
