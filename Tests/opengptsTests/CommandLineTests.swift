import ArgumentParser
import Testing

@testable import opengpts

@Suite struct CommandLineTests {
  @Test func `the first help fits a screen and shows two examples`() {
    let lines = OpenGPTs.helpMessage(columns: 80).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 32, "\(lines.count) lines")
    #expect(lines.count { $0.hasPrefix("  opengpts ") } == 2)
  }

  @Test func `each command explains itself`() {
    for command in OpenGPTs.configuration.subcommands {
      #expect(!command.configuration.abstract.isEmpty, "\(command)")
      #expect(!command.helpMessage(columns: 80).isEmpty)
    }
  }

  @Test func `flags become settings under their own names`() throws {
    let options = try SettingsOptions.parse([
      "--listen", "127.0.0.1:1", "--data", "/d", "--web", "/w", "--set", "openai.model=a=b",
    ])
    var sources = try options.sources(environment: [:])
    sources.standardFiles = []
    let settings = try Settings(from: sources)
    #expect(settings.listen.port == 1)
    #expect(settings.dataDirectory == "/d")
    #expect(settings.webDirectory == "/w")
    #expect(settings.openAI.model == "a=b")
    #expect(settings.modelDirectory == "/d/models/all-minilm-l6-v2")
  }

  @Test func `an assignment without a value is wrong usage`() throws {
    let options = try SettingsOptions.parse(["--set", "openai.model"])
    #expect(throws: ValidationError.self) { try options.sources(environment: [:]) }
  }
}
