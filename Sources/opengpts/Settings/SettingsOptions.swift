import ArgumentParser
import Foundation

/// The flags of every command that needs settings.
struct SettingsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read this file instead of /etc/opengpts/config.toml and ./data/config.toml.", valueName: "file"))
  var config: String?
  @Option(help: ArgumentHelp("Address and port of the daemon.", valueName: "host:port"))
  var listen: String?
  @Option(name: .customLong("data"), help: ArgumentHelp("Directory of all data.", valueName: "dir"))
  var dataDirectory: String?
  @Option(
    name: .customLong("web"), help: ArgumentHelp("Serve the page from this directory.", valueName: "dir"))
  var webDirectory: String?
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any setting; `config show` lists them. May be repeated.", valueName: "key=value"))
  var assignments: [String] = []

  /// The settings with these flags on top. Prints what is wrong with them and ends with exit code 78.
  func load() throws -> Settings {
    do {
      return try Settings(from: sources(environment: ProcessInfo.processInfo.environment))
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      throw ExitCode.wrongSettings
    }
  }

  func sources(environment: [String: String]) throws -> SettingsSources {
    SettingsSources(
      flags: try flags(), environment: environment, configFile: config)
  }

  private func flags() throws -> [SettingsSources.Flag] {
    let named: [(flag: String, key: SettingKey, value: String?)] = [
      ("--listen", .listen, listen), ("--data", .dataDirectory, dataDirectory),
      ("--web", .webDirectory, webDirectory),
    ]
    let given = named.compactMap { name, key, value in
      value.map { SettingsSources.Flag(flag: name, key: key.rawValue, value: $0) }
    }
    return try given + assignments.map(flag)
  }

  private func flag(_ assignment: String) throws -> SettingsSources.Flag {
    guard let equals = assignment.firstIndex(of: "=") else {
      throw ValidationError("--set takes key=value, like --set log.level=debug.")
    }
    let value = assignment[assignment.index(after: equals)...]
    return SettingsSources.Flag(flag: "--set", key: String(assignment[..<equals]), value: String(value))
  }
}

extension ExitCode {
  /// sysexits' EX_CONFIG; the unit does not restart after it.
  static let wrongSettings = ExitCode(78)
}
