import ArgumentParser
import Conversation
import Foundation

struct IngestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest", abstract: "Give files or folders to an assistant.")

  @Argument(help: "Files and folders.") var paths: [String]
  @Option(help: ArgumentHelp("Who is to know them.", valueName: "name")) var assistant: String
  @Flag(help: "Make the assistant if there is none of that name: one that answers from its files.")
  var create = false
  @OptionGroup var options: SettingsOptions

  func run() async throws {
    let files = try paths.flatMap(Self.files)
    let settings = try options.load()
    let (name, create) = (assistant, create)
    try await DaemonClient.with(settings) { client in
      let assistant = try await Self.assistant(named: name, create: create, client: client)
      try await Self.ingest(files, into: assistant, client: client)
    }
  }

  private static func assistant(named name: String, create: Bool, client: DaemonClient) async throws -> String
  {
    do {
      return try await client.assistant(named: name)["assistant_id"]?.string ?? ""
    } catch let failure as CommandFailure {
      guard create else { throw failure }
      let made = try await client.fetch(
        "POST", "/assistants",
        json: ["name": .string(name), "config": ["configurable": ["type": "chat_retrieval"]]])
      return made["assistant_id"]?.string ?? ""
    }
  }

  /// One line a file; those that fail do not keep the others.
  private static func ingest(_ files: [URL], into assistant: String, client: DaemonClient) async throws {
    var failures = 0
    for file in files {
      do {
        let chunks = try await client.ingest(file, into: assistant)
        print("\(file.relativePath): \(chunks) passages")
      } catch {
        failures += 1
        print("\(file.relativePath): \(error)")
      }
    }
    if failures > 0 {
      throw CommandFailure(message: "\(failures) of \(files.count) files were not taken in.")
    }
  }

  /// The file itself, or every file below the folder that is not hidden, in the order of their paths.
  private static func files(at path: String) throws -> [URL] {
    let url = URL(filePath: path)
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw ValidationError("There is no file \(path).")
    }
    guard isDirectory.boolValue else { return [url] }
    let found = FileManager.default.enumerator(
      at: url, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
    let files = (found?.compactMap { $0 as? URL } ?? []).filter {
      (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
    }
    return files.sorted { $0.path < $1.path }
  }
}
