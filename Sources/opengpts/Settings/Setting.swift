/// What is known of one setting: the source of validation, `config show`, `config example` and the
/// errors about names.
struct Setting: Sendable {
  let key: SettingKey
  let kind: SettingKind
  /// As one would write it in an environment variable; nil means "not set".
  let defaultText: String?
  /// One sentence.
  let help: String
  /// Variables of the original OpenGPTs with the same meaning, the first that is set wins.
  let legacyNames: [String]
  let isSecret: Bool

  init(
    _ key: SettingKey, _ kind: SettingKind, default defaultText: String? = nil,
    legacy legacyNames: [String] = [], secret isSecret: Bool = false, _ help: String
  ) {
    self.key = key
    self.kind = kind
    self.defaultText = defaultText
    self.help = help
    self.legacyNames = legacyNames
    self.isSecret = isSecret
  }
}
