import ArgumentParser
import Engine
import Foundation

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show the settings, or print an example file.",
    subcommands: [Show.self, Example.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show each setting and where its value came from; secrets only as set or not set.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let report = SettingsReport(try options.load())
      print(json ? try report.json() : report.text)
    }
  }

  struct Example: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a commented configuration file with every setting and its default.")

    @Flag(
      help: "As the service is installed with it: data in /var/lib/opengpts, and accounts with passwords.")
    var service = false

    func run() {
      print(service ? ExampleConfiguration.service : ExampleConfiguration.text, terminator: "")
    }
  }
}

/// What `config show` prints.
struct SettingsReport: Encodable {
  struct Line: Encodable {
    let key: String
    let value: String
    let origin: String
    let isSecret: Bool
  }

  let settings: [Line]

  init(_ settings: Settings) {
    self.settings =
      settings.resolved.map {
        Line(
          key: $0.setting.key.rawValue, value: $0.shown, origin: "\($0.origin)",
          isSecret: $0.setting.isSecret)
      }
      + settings.mcpServers.map { server in
        Line(
          key: "mcp.server \(server.name)", value: server.transport.shown, origin: "configuration file",
          isSecret: false)
      }
  }

  /// Three columns.
  var text: String {
    let keyWidth = settings.map(\.key.count).max() ?? 0
    let valueWidth = min(40, settings.map(\.value.count).max() ?? 0)
    return settings.map { line in
      let columns = [
        line.key.padding(toLength: keyWidth, withPad: " ", startingAt: 0),
        line.value.count < valueWidth
          ? line.value.padding(toLength: valueWidth, withPad: " ", startingAt: 0) : line.value,
        "(from \(line.origin))",
      ]
      return columns.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  func json() throws -> String { try JSONText.of(self) }
}

extension MCPConfiguration.Transport {
  /// Arguments, environment and headers may hold keys: only what is asked, not how.
  fileprivate var shown: String {
    switch self {
    case .process(let launch): launch.command.first ?? ""
    case .http(let url, _): String(url.prefix { $0 != "?" })
    }
  }
}

/// JSON for people and scripts: keys in order, indented, slashes as they are.
enum JSONText {
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
