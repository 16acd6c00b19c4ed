import Foundation

extension ResolvedSetting {
  /// The value as a person may see it: of a secret only whether there is one, of an address nothing
  /// before the `@`.
  var shown: String {
    guard let value else { return "not set" }
    if setting.isSecret { return "set" }
    if case (.duration, .seconds(let seconds)) = (setting.kind, value) {
      return seconds == 0 ? "off" : SettingKind.span(seconds)
    }
    if case (.url, .text(let text)) = (setting.kind, value) { return Self.withoutCredentials(text) }
    return value.description
  }

  private static func withoutCredentials(_ url: String) -> String {
    guard var parts = URLComponents(string: url), parts.user != nil || parts.password != nil else {
      return url
    }
    parts.user = nil
    parts.password = nil
    return (parts.string ?? "set") + " (user and password not shown)"
  }
}

extension SettingValue: CustomStringConvertible {
  var description: String {
    switch self {
    case .text(let text): text
    case .address(let address): address.description
    case .list(let items): items.joined(separator: ", ")
    case .flag(let flag): String(flag)
    case .integer(let number): String(number)
    case .seconds(let number): number == number.rounded() ? String(Int(number)) : String(number)
    }
  }
}
