import Engine
import Foundation
import Testing

@testable import opengpts

/// Servers of the Model Context Protocol in a configuration file.
@Suite struct MCPSettingsTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func settings(_ text: String) throws -> Settings {
    try Settings(from: SettingsSources(configFile: try directory.write(text, to: "c.toml")))
  }

  @Test func `programs and addresses are read as they are written`() throws {
    let settings = try settings(
      """
      [[mcp.server]]
      name = "time"
      command = ["/usr/bin/time-server", "--zone", "UTC"]
      env = ["TOKEN=hush"]
      directory = "/tmp"
      memory_mb = 512
      trusted = true
      [[mcp.server]]
      name = "wiki"
      url = "https://wiki.example/mcp"
      headers = ["Authorization: Bearer hush"]
      protocol = "2025-11-25"
      [[mcp.server]]
      name = "off"
      url = "https://off.example/mcp"
      enabled = false
      """)
    #expect(settings.mcpServers.map(\.name) == ["time", "wiki"])
    guard case .process(let launch) = settings.mcpServers[0].transport,
      case .http(let url, let headers) = settings.mcpServers[1].transport
    else { throw CancellationError() }
    #expect(
      launch
        == MCPLaunch(
          command: ["/usr/bin/time-server", "--zone", "UTC"], environment: ["TOKEN=hush"], directory: "/tmp",
          memoryBytes: 512 << 20))
    #expect(url == "https://wiki.example/mcp" && headers.map(\.value) == ["Bearer hush"])
    #expect(settings.mcpServers.map(\.isTrusted) == [true, false])
    #expect(settings.mcpServers.map(\.version) == [nil, "2025-11-25"])
    let report = SettingsReport(settings)
    #expect(report.text.contains("/usr/bin/time-server") && !report.text.contains("hush"))
    #expect(!"\(settings.mcpServers)\(launch)".contains("hush"))
  }

  @Test(arguments: [
    ("command = [\"/bin/x\"]", "needs a name"), ("name = \"a b\"\ncommand = [\"/bin/x\"]", "needs a name"),
    ("name = \"a\"", "needs a command or a url"), ("name = \"a\"\ncommand = [\"x\"]", "absolute path"),
    ("name = \"a\"\ncommand = \"/bin/x\"", "absolute path"),
    ("name = \"a\"\ncommand = [\"/bin/x\"]\nurl = \"https://x\"", "keep one"),
    ("name = \"a\"\nurl = \"ftp://x\"", "neither http nor https"),
    ("name = \"a\"\nurl = \"https://x\"\nheaders = [\"hush\"]", "has headers"),
    ("name = \"a\"\ncommand = [\"/bin/x\"]\nenv = [\"hush\"]", "has an env"),
    ("name = \"a\"\ncommand = [\"/bin/x\"]\nmemory_mb = 1", "has a memory_mb"),
    ("name = \"a\"\ncommand = [\"/bin/x\"]\nprotocol = \"1\"", "has a protocol"),
    ("name = \"a\"\ncommnad = [\"/bin/x\"]", "did you mean command?"),
    (
      "name = \"a\"\nurl = \"https://x\"\n[[mcp.server]]\nname = \"a\"\nurl = \"https://y\"",
      "has two servers named a"
    ),
  ])
  func `what is wrong is named, without its value`(table: String, words: String) throws {
    let error = #expect(throws: SettingsError.self) { try settings("[[mcp.server]]\n\(table)") }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    #expect(error?.description.contains("hush") == false)
  }

  @Test func `nothing but a file can name a program, and not one that everybody can write`() throws {
    for sources in [
      SettingsSources(environment: ["OPENGPTS_MCP_SERVER": "x"], standardFiles: []),
      SettingsSources(flags: [.init(flag: "--set", key: "mcp.server", value: "x")], standardFiles: []),
    ] {
      #expect(throws: SettingsError.self) { try Settings(from: sources) }
    }
    let file = try directory.write("[[mcp.server]]\nname = \"a\"\ncommand = [\"/bin/x\"]", to: "open.toml")
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
    let error = #expect(throws: SettingsError.self) { try Settings(from: SettingsSources(configFile: file)) }
    #expect(error?.description.contains("chmod o-w") == true)
  }
}
