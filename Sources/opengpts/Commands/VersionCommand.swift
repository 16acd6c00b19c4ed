import ArgumentParser

/// The version of this program, as the changelog counts.
enum ApplicationVersion {
  static let number = "0.1.0"
}

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the versions of program and libraries.")

  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let report = VersionReport()
    print(json ? try JSONText.of(report) : report.text)
  }
}

/// What `version` prints.
struct VersionReport: Encodable {
  let opengpts = ApplicationVersion.number
  let sqlite = LoadedLibraries.sqliteVersion() ?? "not loaded"
  let blas = LoadedLibraries.openBLASConfiguration() ?? "reference"

  var text: String { "opengpts \(opengpts)\nsqlite \(sqlite)\nblas \(blas)" }
}
