import Conversation
import Engine

/// A value with its source, not judged yet.
struct GivenSetting: Sendable {
  let raw: RawSetting
  let origin: SettingOrigin
}

/// What one source gives: at most one value per setting, and what was wrong with the names it used.
struct SettingsLayer: Sendable {
  private(set) var given: [SettingKey: GivenSetting] = [:]
  private(set) var models: [ModelSetting] = []
  private(set) var problems: [SettingsProblem] = []
  /// Nil where the source does not speak of them; only a file can.
  var mcpServers: [MCPConfiguration]?

  /// Takes a value under the name its source uses. `spelling` says how names are written there.
  mutating func take(
    _ raw: RawSetting, named name: String, as spelling: NameSpelling, from origin: SettingOrigin
  ) {
    switch spelling.names[name] {
    case .value(let key): set(key, raw, origin)
    case .secretFile(let key): setFromFile(key, path: raw, namedBy: origin)
    case nil: refuse(name, origin, "is not known; did you mean \(spelling.nearest(to: name))?")
    }
  }

  mutating func set(_ key: SettingKey, _ raw: RawSetting, _ origin: SettingOrigin) {
    guard given[key] == nil else {
      return refuse(key.rawValue, origin, "is given twice there; keep one")
    }
    given[key] = GivenSetting(raw: raw, origin: origin)
  }

  /// Takes the models of a configuration file, each under a name of its own.
  mutating func take(models: [ModelSetting], from origin: SettingOrigin) {
    for model in models {
      if self.models.contains(where: { $0.definition.name == model.definition.name }) {
        refuse("model \"\(model.definition.name)\"", origin, "is set up twice there; keep one")
      }
      self.models.append(model)
    }
  }

  private mutating func setFromFile(_ key: SettingKey, path: RawSetting, namedBy origin: SettingOrigin) {
    guard case .text(let path) = path else {
      return refuse(key.rawValue + "_file", origin, "is not a path")
    }
    guard !path.isEmpty else { return }
    do {
      let text = try TextFile.read(path, maxBytes: TextFile.secretBytes)
      set(key, .text(text), .secretFile(path, namedBy: origin))
    } catch {
      refuse(key.rawValue + "_file", origin, "names \(path), which \(error.reason)")
    }
  }

  mutating func refuse(_ subject: String, _ origin: SettingOrigin, _ explanation: String) {
    problems.append(SettingsProblem(subject: subject, origin: origin, explanation: explanation))
  }
}

/// How one kind of source writes the names of the settings.
struct NameSpelling: Sendable {
  enum Meaning: Sendable { case value(SettingKey), secretFile(SettingKey) }

  let names: [String: Meaning]

  /// As in the configuration file and after `--set`: `openai.api_key`, `openai.api_key_file`.
  static let dotted = NameSpelling(suffix: "_file") { $0.rawValue }
  /// As in the environment: `OPENGPTS_OPENAI_API_KEY`, `OPENGPTS_OPENAI_API_KEY_FILE`.
  static let environment = NameSpelling(suffix: "_FILE") { $0.environmentName }

  private init(suffix: String, _ spell: (SettingKey) -> String) {
    var names: [String: Meaning] = [:]
    for setting in Setting.catalogue {
      names[spell(setting.key)] = .value(setting.key)
      if setting.isSecret { names[spell(setting.key) + suffix] = .secretFile(setting.key) }
    }
    self.names = names
  }

  func nearest(to name: String) -> String {
    NearestName.of(name, among: names.keys.sorted()) ?? name
  }
}
