import Foundation
import Testing

@testable import opengpts

/// What is shown of the settings.
@Suite struct SettingsReportTests {
  @Test func `no secret is shown, by whatever way it came`() throws {
    let directory = try TemporaryDirectory()
    let marker = "s3cr3t"
    let secrets = Setting.catalogue.filter(\.isSecret)
    #expect(secrets.count > 5)
    var environment = Dictionary(uniqueKeysWithValues: secrets.map { ($0.key.environmentName, marker) })
    environment["OPENGPTS_TRACES_OTLP_HEADERS"] = "authorization=\(marker)"
    environment["OPENAI_BASE_URL"] = "http://user:\(marker)@host/v1"
    environment["OPENAI_PROXY"] = "http://\(marker)@proxy:3128"
    let sources = SettingsSources(environment: environment, standardFiles: [])
    let report = SettingsReport(try Settings(from: sources))
    #expect(!report.text.contains(marker))
    #expect(!(try report.json().contains(marker)))
    #expect(report.text.contains("set                "))
    #expect(report.text.contains("(from environment OPENGPTS_OPENAI_API_KEY)"))

    var dumped = ""
    dump(try Settings(from: sources).openAI.apiKey, to: &dumped)
    #expect(!dumped.contains(marker))

    let file = try directory.write(
      secrets.map { "\($0.key.rawValue) = '\(marker)\\u0007'" }.joined(separator: "\n"), to: "c.toml")
    let broken = environment.mapValues { _ in "\(marker)\nX: y" }
    for sources in [
      SettingsSources(environment: broken, standardFiles: []), SettingsSources(configFile: file),
    ] {
      for problem in problems(sources) { #expect(!problem.contains(marker)) }
    }
  }

  @Test func `a secret is refused as a flag, where every user could read it`() {
    let flag = SettingsSources(
      flags: [.init(flag: "--set", key: "openai.api_key", value: "s3cr3t")], standardFiles: [])
    let problems = problems(flag)
    #expect(problems.count == 1)
    #expect(problems.first?.contains("openai.api_key_file") == true)
    #expect(problems.first?.contains("s3cr3t") == false)
  }

  @Test func `the JSON has one entry for each setting`() throws {
    struct Report: Decodable {
      struct Line: Decodable { let key: String, value: String, origin: String, isSecret: Bool }
      let settings: [Line]
    }
    let settings = try Settings(from: SettingsSources(standardFiles: []))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let report = try decoder.decode(Report.self, from: Data(SettingsReport(settings).json().utf8))
    #expect(report.settings.map(\.key) == SettingKey.allCases.map(\.rawValue).sorted(by: catalogueOrder))
  }

  private func catalogueOrder(_ a: String, _ b: String) -> Bool {
    let order = Setting.catalogue.map(\.key.rawValue)
    return (order.firstIndex(of: a) ?? 0) < (order.firstIndex(of: b) ?? 0)
  }
}

/// The catalogue itself, and the example made from it.
@Suite struct SettingCatalogueTests {
  @Test func `each key stands in the catalogue once, and no name is used twice`() {
    #expect(Setting.catalogue.map(\.key).count == SettingKey.allCases.count)
    #expect(Set(Setting.catalogue.map(\.key)) == Set(SettingKey.allCases))
    let names = Setting.catalogue.flatMap { [$0.key.environmentName] + $0.legacyNames }
    #expect(Set(names).count == names.count)
  }

  @Test func `each default is a value of its own kind, and each help one sentence`() throws {
    for setting in Setting.catalogue {
      if let text = setting.defaultText {
        #expect(try setting.kind.read(.text(text)) != nil, "\(setting.key)")
      }
      #expect(setting.help.hasSuffix("."), "\(setting.key)")
    }
  }

  @Test func `the example with every comment sign removed sets every default`() throws {
    let directory = try TemporaryDirectory()
    let lines = ExampleConfiguration.text.split(separator: "\n", omittingEmptySubsequences: false)
    let uncommented = lines.compactMap { line -> Substring? in
      // What is indented shows how a server is written, and is no default.
      if line.hasPrefix("#   ") { return nil }
      guard line.hasPrefix("# ") else { return line }
      let rest = line.dropFirst(2)
      return rest.prefix { $0 != " " }.contains { $0.isUppercase } || !rest.contains(" = ") ? nil : rest
    }
    let file = try directory.write(uncommented.joined(separator: "\n"), to: "c.toml")
    let fromFile = try Settings(from: SettingsSources(configFile: file))
    let defaults = try Settings(from: SettingsSources(standardFiles: []))
    for (given, expected) in zip(fromFile.resolved, defaults.resolved) where expected.value != nil {
      #expect(given.value == expected.value, "\(given.setting.key)")
      #expect(given.origin == .file(file), "\(given.setting.key)")
    }
    #expect(uncommented.count { $0.contains(" = ") } == Setting.catalogue.count)
  }

  @Test func `the example as it is printed changes nothing`() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(ExampleConfiguration.text, to: "c.toml")
    let settings = try Settings(from: SettingsSources(configFile: file))
    #expect(settings.resolved.allSatisfy { $0.origin == .builtIn })
  }
}
