/// Where a value came from.
enum SettingOrigin: Sendable, Equatable {
  case flag(String)
  case environment(String)
  /// A file of the directory systemd hands a service its credentials in.
  case credential(String)
  case file(String)
  /// A file that holds one secret, and what named it.
  indirect case secretFile(String, namedBy: SettingOrigin)
  case builtIn
}

extension SettingOrigin: CustomStringConvertible {
  var description: String {
    switch self {
    case .flag(let name): "flag \(name)"
    case .environment(let name): "environment \(name)"
    case .credential(let name): "credential \(name)"
    case .file(let path): "file \(path)"
    case .secretFile(let path, let namedBy): "file \(path), named by \(namedBy)"
    case .builtIn: "default"
    }
  }
}

/// One thing to put right before the settings can be used. Never holds a secret's value.
struct SettingsProblem: Error, Sendable, Equatable, CustomStringConvertible {
  let subject: String
  let origin: SettingOrigin
  let explanation: String

  var description: String { "\(subject) (from \(origin)) \(explanation)" }
}

/// Everything that is wrong with the settings, at once.
struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
  let problems: [SettingsProblem]

  var description: String {
    problems.map { "\($0)" }.joined(separator: "\n")
  }
}
