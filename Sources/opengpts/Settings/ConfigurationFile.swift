import TOMLKit

/// A configuration file, as a layer of settings.
enum ConfigurationFile {
  static func read(_ path: String) -> SettingsLayer {
    let origin = SettingOrigin.file(path)
    var layer = SettingsLayer()
    do {
      let text = try TextFile.read(path, maxBytes: TextFile.configurationBytes)
      let root = try TOMLTable(string: text)
      // Inner tables point into the root, which has to outlive them.
      withExtendedLifetime(root) {
        for (name, raw) in values(root) { layer.take(raw, named: name, as: .dotted, from: origin) }
        let models = ModelTables(root, origin: origin)
        layer.take(models: models.settings, from: origin)
        for problem in models.problems { layer.refuse(problem.subject, origin, problem.explanation) }
        if let servers = root["mcp"]?.table?["server"] { takeServers(servers, path, &layer) }
      }
    } catch let error as TextFile.Unreadable {
      layer.refuse("the configuration", origin, error.reason)
    } catch let error as TOMLParseError {
      // Only the place: the parser's own words may quote the line, and the line may hold a key.
      layer.refuse("the configuration", origin, "is not valid TOML at \(error.source.begin.debugDescription)")
    } catch {
      layer.refuse("the configuration", origin, "cannot be read")
    }
    return layer
  }

  /// Every value of the document under its dotted name, in the order of the names.
  private static func values(_ root: TOMLTable) -> [(name: String, raw: RawSetting)] {
    flatten(root, prefix: "").filter { $0.name != ModelSetting.tableName && $0.name != "mcp.server" }
  }

  private static func takeServers(
    _ value: any TOMLValueConvertible, _ path: String, _ layer: inout SettingsLayer
  ) {
    guard !MCPSettings.isWritableByOthers(path) else {
      return layer.refuse(
        "mcp.server", .file(path), "starts programs, but everybody may write the file: chmod o-w \(path)")
    }
    do throws(MCPSettings.Refusal) {
      layer.mcpServers = try MCPSettings.read(value)
    } catch {
      layer.refuse(error.subject, .file(path), error.explanation)
    }
  }

  private static func flatten(_ table: TOMLTable, prefix: String) -> [(name: String, raw: RawSetting)] {
    table.keys.sorted().flatMap { key -> [(name: String, raw: RawSetting)] in
      guard let value = table[key] else { return [] }
      if let inner = value.table { return flatten(inner, prefix: prefix + key + ".") }
      return [(prefix + key, raw(value))]
    }
  }

  private static func raw(_ value: any TOMLValueConvertible) -> RawSetting {
    if let text = value.string { return .text(text) }
    if let flag = value.bool { return .flag(flag) }
    if let number = value.int { return .integer(number) }
    if let number = value.double { return .decimal(number) }
    guard let array = value.array else { return .other("a \(value.type)") }
    let items = array.map(\.string)
    let texts = items.compactMap { $0 }
    return texts.count == items.count ? .list(texts) : .other("a list of something else than texts")
  }
}
