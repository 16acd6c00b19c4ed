/// The commented configuration file that `opengpts config example` prints: every setting of the
/// catalogue with its help and its default, each behind a comment sign.
enum ExampleConfiguration {
  static var text: String { text(setting: [:]) }

  /// What an installed service begins with.
  static var service: String {
    text(setting: [.dataDirectory: "/var/lib/opengpts", .authType: AuthType.local.rawValue])
  }

  /// - Parameter values: what is not left at its default.
  private static func text(setting values: [SettingKey: String]) -> String {
    let sections = Setting.catalogue.reduce(into: [(name: String, settings: [Setting])]()) {
      sections, setting in
      let name = setting.section
      if let index = sections.firstIndex(where: { $0.name == name }) {
        sections[index].settings.append(setting)
      } else {
        sections.append((name, [setting]))
      }
    }
    return header + sections.map { section($0, values) }.joined() + models + MCPSettings.example
  }

  private static let header = """
    # Settings of the OpenGPTs appliance. Each line below shows a default, or "" where there is none;
    # remove the # to change it. Stronger than this file are, in this order: flags, environment
    # variables (OPENGPTS_OPENAI_MODEL for openai.model), the variables named here, credentials.
    # A secret may also stand in a file of its own: api_key_file = "/path". `opengpts config show` tells
    # which value is in force and where it came from.

    """

  private static let models = """

    # More models, as many as there are tables; the names are what assistants choose.
    #[[model]]
    #name="Claude"
    #provider="anthropic"
    #model="claude-sonnet-5-5"
    #fallback="GPT 4o"
    # Also: base_url, api_key or api_key_file, context_tokens, max_output_tokens, input_price,
    # output_price and cached_input_price (US dollars per million tokens), tools ("native" or "xml"),
    # images, thinking, effort, cache.

    """

  private static func section(
    _ section: (name: String, settings: [Setting]), _ values: [SettingKey: String]
  ) -> String {
    let title = section.name.isEmpty ? "" : "\n[\(section.name)]\n"
    return title + section.settings.map { lines($0, value: values[$0.key]) }.joined()
  }

  private static func lines(_ setting: Setting, value: String?) -> String {
    let legacy = setting.legacyNames.isEmpty ? "" : " (\(setting.legacyNames.joined(separator: ", ")))"
    let line = value.map { "\(setting.name) = \"\($0)\"" } ?? "# \(setting.name) = \(setting.exampleValue)"
    return "\n# \(setting.help)\(legacy)\n\(line)\n"
  }
}

extension Setting {
  /// The table of the configuration file it stands in; empty for the top of the file.
  fileprivate var section: String {
    key.rawValue.split(separator: ".").dropLast().joined(separator: ".")
  }

  fileprivate var name: Substring { key.rawValue.split(separator: ".").last ?? "" }

  fileprivate var exampleValue: String {
    switch kind {
    case .seconds, .megabytes, .count: defaultText ?? "0"
    case .flag: defaultText ?? "false"
    case .list: "[]"
    case .text, .path, .url, .address, .duration, .choice: "\"\(defaultText ?? "")\""
    }
  }
}
