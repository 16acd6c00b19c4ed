import ArgumentParser
import Documents

/// The second mode of the program: it reads one file, in a process that a hostile file may ruin.
struct DocumentWorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read-document", abstract: "Read one file for the daemon.", shouldDisplay: false)

  /// How the daemon starts it: itself, whatever it was started as.
  static let command = ["/proc/self/exe", "read-document"]

  func run() {
    DocumentWorker.run()
  }
}
