import Foundation

/// Where settings are looked for, strongest first: flags, `OPENGPTS_…` variables, variables of the
/// original OpenGPTs, systemd credentials, configuration files, defaults.
///
/// An empty value counts as not given, everywhere.
struct SettingsSources: Sendable {
  /// A setting given on the command line: the flag's name for messages, the dotted key, the value.
  struct Flag: Sendable {
    let flag: String
    let key: String
    let value: String
  }

  var flags: [Flag] = []
  var environment: [String: String] = [:]
  /// The file named by `--config`.
  var configFile: String?
  /// Read if they are there when none is named; the later one wins.
  var standardFiles = ["/etc/opengpts/config.toml", "./data/config.toml"]

  /// The layers, strongest first.
  func layers() -> [SettingsLayer] {
    [flagLayer(), ownVariables(), legacyVariables(), credentials()] + files().reversed()
  }

  private func flagLayer() -> SettingsLayer {
    var layer = SettingsLayer()
    for given in flags {
      let origin = SettingOrigin.flag(given.flag)
      if Setting.catalogue.contains(where: { $0.isSecret && $0.key.rawValue == given.key }) {
        // Every user of the machine can read the arguments of a process.
        layer.refuse(given.key, origin, "is a secret: give it as \(given.key)_file or in the environment")
      } else {
        layer.take(.text(given.value), named: given.key, as: .dotted, from: origin)
      }
    }
    return layer
  }

  private func ownVariables() -> SettingsLayer {
    var layer = SettingsLayer()
    for (name, value) in environment.sorted(by: { $0.key < $1.key })
    where name.hasPrefix("OPENGPTS_") && name != Self.configVariable {
      layer.take(.text(value), named: name, as: .environment, from: .environment(name))
    }
    return layer
  }

  private func legacyVariables() -> SettingsLayer {
    var layer = SettingsLayer()
    for setting in Setting.catalogue {
      let present = setting.legacyNames.first { !(environment[$0] ?? "").isEmpty }
      guard let name = present, let value = environment[name] else { continue }
      layer.set(setting.key, .text(value), .environment(name))
    }
    return layer
  }

  /// Files named like a secret's key, where systemd's LoadCredential= puts them.
  private func credentials() -> SettingsLayer {
    var layer = SettingsLayer()
    guard let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty else { return layer }
    for setting in Setting.catalogue where setting.isSecret {
      let name = setting.key.rawValue
      let path = "\(directory)/\(name)"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      do {
        let text = try TextFile.read(path, maxBytes: TextFile.secretBytes)
        layer.set(setting.key, .text(text), .credential(name))
      } catch {
        layer.refuse(name, .credential(name), error.reason)
      }
    }
    return layer
  }

  private func files() -> [SettingsLayer] {
    if let named = configFile ?? environment[Self.configVariable], !named.isEmpty {
      return [ConfigurationFile.read(named)]
    }
    return standardFiles.filter { FileManager.default.fileExists(atPath: $0) }.map(ConfigurationFile.read)
  }

  private static let configVariable = "OPENGPTS_CONFIG"
}
