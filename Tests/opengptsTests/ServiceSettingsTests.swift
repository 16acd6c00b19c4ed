import Foundation
import Testing

@testable import opengpts

/// Settings of backups and logs.
@Suite struct ServiceSettingsTests {
  private func settings(_ flags: [String: String]) throws -> Settings {
    try Settings(
      from: SettingsSources(
        flags: flags.map { .init(flag: "--set", key: $0, value: $1) }, standardFiles: []))
  }

  @Test func `a span of time is written as people do`() throws {
    for (text, seconds) in ["90m": 5400.0, "24h": 86_400, "7d": 604_800, "60s": 60] {
      #expect(try settings(["backup.every": text]).backup.everySeconds == seconds)
    }
    #expect(try settings(["backup.every": "off"]).backup.everySeconds == nil)
    for text in ["24", "1.5h", "h", "5s", "-1h", "1h30m", "99999999d"] {
      #expect(throws: SettingsError.self, "\(text)") { try settings(["backup.every": text]) }
    }
  }

  @Test func `backups are daily, seven, and beside the data, unless somebody says otherwise`() throws {
    let usual = try settings(["data_dir": "/d"]).backup
    #expect(usual.everySeconds == 86_400 && usual.keep == 7 && usual.directory == "/d/backups")
    #expect(usual.passphrase == nil)
    #expect(throws: SettingsError.self) { try settings(["backup.keep": "0"]) }
  }

  @Test func `what a backup carries of the settings can be read again, and holds no secret`() throws {
    let directory = try TemporaryDirectory()
    let given = try Settings(
      from: SettingsSources(
        environment: [
          "OPENAI_API_KEY": "s3cr3t", "OPENAI_BASE_URL": "http://me:s3cr3t@host/v1",
          "OPENGPTS_BACKUP_EVERY": "2d",
          "OPENGPTS_BACKUP_KEEP": "3", "OPENGPTS_ALLOWED_HOSTS": "a,b", "OPENGPTS_TOOLS_CONTACT": "a\"b\\c",
          "OPENGPTS_LIMITS_MODEL_IDLE_SECONDS": "30",
        ], standardFiles: []))
    let text = SettingsExport.text(of: given)
    #expect(!text.contains("s3cr3t"))
    #expect(text.contains("# openai.api_key: set"))
    let file = try directory.write(text, to: "config.toml")
    let read = try Settings(from: SettingsSources(configFile: file))
    #expect(read.backup.everySeconds == 172_800 && read.backup.keep == 3)
    #expect(read.allowedHosts == ["a", "b"] && read.tools.contact == "a\"b\\c")
    #expect(read.limits.modelIdleSeconds == 30)
  }
}
