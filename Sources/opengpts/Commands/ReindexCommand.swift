import ArgumentParser
import Conversation
import Foundation

/// The change from one embedding model to another, watched and steered.
struct ReindexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reindex",
    abstract: "Change the embedding model without a gap: how far it is, stop, take back.",
    discussion: """
      After embedding.* has changed, `opengpts reload` begins: vectors of the new model are made beside those that \
      serve, and take over in one step when no chunk lacks one. The former ones stay for `undo` until a third model \
      is wanted or they are dropped.
      """,
    subcommands: [Status.self, Start.self, Cancel.self, Undo.self, Drop.self], defaultSubcommand: Status.self)

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Which model's vectors are searched, and what is being made beside them.")

    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Go on until nothing is being made.") var watch = false
    @OptionGroup var options: SettingsOptions

    func run() async throws {
      let (json, watch) = (json, watch)
      try await DaemonClient.with(try options.load()) { client in
        repeat {
          let report = try await client.fetch("GET", "/embedding")
          print(json ? report.text : ReindexCommand.text(report))
          guard watch, report["beside"]?["state"]?.string == "building" else { return }
          try await Task.sleep(for: .seconds(2))
        } while true
      }
    }
  }

  struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Begin, or go on, with the model that the settings name.")
    @OptionGroup var options: SettingsOptions

    func run() async throws { try await ReindexCommand.post("start", options) }
  }

  struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stop making vectors; what is there stays for the next start.")
    @OptionGroup var options: SettingsOptions

    func run() async throws { try await ReindexCommand.post("cancel", options) }
  }

  struct Undo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Have the former model serve again, at once.")
    @OptionGroup var options: SettingsOptions

    func run() async throws { try await ReindexCommand.post("undo", options) }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget the vectors that do not serve; there is no way back to them.")
    @Flag(help: "Yes, forget them.") var yes = false
    @OptionGroup var options: SettingsOptions

    func validate() throws {
      guard yes else {
        throw ValidationError("Say --yes: the former model's vectors would have to be made anew.")
      }
    }

    func run() async throws { try await ReindexCommand.post("drop", options) }
  }

  private static func post(_ verb: String, _ options: SettingsOptions) async throws {
    try await DaemonClient.with(try options.load()) { client in
      print(text(try await client.fetch("POST", "/embedding/\(verb)")))
    }
  }

  private static func text(_ report: JSON) -> String {
    var lines = ["serving   \(report["serving"]?.string ?? "")"]
    if let beside = report["beside"], let model = beside["model"]?.string {
      let state = beside["state"]?.string ?? ""
      var line = state.padding(toLength: 10, withPad: " ", startingAt: 0) + model
      if let progress = beside["progress"], let made = progress["made"]?.integer,
        let all = progress["all"]?.integer
      {
        line +=
          ": \(made) of \(all) chunks" + (progress["indexing"]?.bool == true ? ", indexes being built" : "")
        if let problem = progress["problem"]?.string { line += "\nheld up   \(problem)" }
      }
      lines.append(line)
    }
    if let wanted = report["wanted"]?.string, wanted != report["serving"]?.string {
      lines.append("settings  \(wanted)")
    }
    return lines.joined(separator: "\n")
  }
}
