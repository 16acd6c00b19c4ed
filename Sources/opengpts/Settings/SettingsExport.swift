/// The settings in force, as a configuration file that holds no secret: what a backup carries.
enum SettingsExport {
  static func text(of settings: Settings) -> String {
    let given = settings.resolved.filter { $0.origin != .builtIn && $0.value != nil }
    let lines = given.map { resolved in
      let key = resolved.setting.key.rawValue
      return resolved.setting.isSecret
        ? "# \(key): set (\(resolved.origin)); secrets are not in a backup"
        : "\(key) = \(resolved.tomlValue)  # \(resolved.origin)"
    }
    return "# Settings of a machine opengpts was backed up on; whatever is not here was at its default.\n"
      + lines.map { $0 + "\n" }.joined()
  }
}

extension ResolvedSetting {
  fileprivate var tomlValue: String {
    switch value {
    case .list(let items): "[" + items.map(Self.quoted).joined(separator: ", ") + "]"
    case .flag(let flag): String(flag)
    case .integer(let number): String(number)
    case .seconds where setting.kind.isDuration: Self.quoted(shown)
    case .seconds, .text, .address, nil:
      value.map { _ in setting.kind.isNumber ? shown : Self.quoted(shown) } ?? "\"\""
    }
  }

  /// No setting holds a control character, so these two are all that needs care.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

extension SettingKind {
  fileprivate var isDuration: Bool { if case .duration = self { true } else { false } }
  fileprivate var isNumber: Bool { if case .seconds = self { true } else { false } }
}
