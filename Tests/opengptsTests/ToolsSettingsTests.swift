import Engine
import Testing
import Transport

@testable import opengpts

/// What tools are told of the settings.
@Suite struct ToolsSettingsTests {
  private func settings(_ environment: [String: String]) throws -> Settings {
    try Settings(from: SettingsSources(environment: environment, standardFiles: []))
  }

  private func engineSettings(_ environment: [String: String]) throws -> ToolSettings {
    let settings = try settings(environment)
    return settings.tools.engineSettings(openAI: settings.openAI)
  }

  @Test func `the variables of the original reach their tools`() throws {
    let tools = try engineSettings([
      "TAVILY_API_KEY": "t", "YDC_API_KEY": "y", "CONNERY_RUNNER_URL": "http://c",
      "CONNERY_RUNNER_API_KEY": "k",
      "OPENAI_API_KEY": "o",
    ])
    #expect(tools.tavilyKey == "t" && tools.youKey == "y")
    #expect(tools.conneryURL == "http://c" && tools.conneryKey == "k")
    #expect(tools.images.baseURL == "https://api.openai.com/v1" && tools.images.key == "o")
  }

  @Test func `addresses are the vendors' own until others are given`() throws {
    let standard = try engineSettings([:])
    #expect(
      standard.wikipediaURL == ToolSettings().wikipediaURL && standard.arxivURL == ToolSettings().arxivURL)
    #expect(standard.pubMedURL == ToolSettings().pubMedURL && standard.youURL == ToolSettings().youURL)
    #expect(
      standard.duckDuckGoURL == ToolSettings().duckDuckGoURL && standard.tavilyURL == ToolSettings().tavilyURL
    )
    #expect(standard.edgarSearchURL == ToolSettings().edgarSearchURL)
    #expect(standard.edgarArchiveURL == ToolSettings().edgarArchiveURL)
    #expect(standard.images.model == ToolSettings().images.model && standard.images.baseURL == nil)
    #expect(try engineSettings(["OPENGPTS_WIKIPEDIA_URL": "https://wiki"]).wikipediaURL == "https://wiki")
  }

  @Test func `a key goes only to the server it was given for`() throws {
    let other = ["OPENAI_API_KEY": "o", "OPENGPTS_IMAGES_BASE_URL": "https://images/v1"]
    #expect(try engineSettings(other).images.baseURL == "https://images/v1")
    #expect(try engineSettings(other).images.key == nil)
    let both = other.merging(["OPENGPTS_IMAGES_API_KEY": "i"]) { $1 }
    #expect(try engineSettings(both).images.key == "i")
    let local = try engineSettings(["OPENAI_BASE_URL": "http://localhost:1/v1"])
    #expect(local.images.baseURL == "http://localhost:1/v1" && local.images.key == nil)
  }

  @Test func `the contact stands in what services are told of this program, and networks are read`() throws {
    #expect(try settings([:]).tools.userAgent.hasSuffix("(self-hosted assistant server)"))
    let set = try settings([
      "OPENGPTS_TOOLS_CONTACT": "admin@example.org", "OPENGPTS_TOOLS_ALLOWED_NETWORKS": "10.1.0.0/16, ::1",
    ])
    #expect(set.tools.userAgent.hasSuffix("; admin@example.org)"))
    #expect(set.tools.allowedNetworks == ["10.1.0.0/16", "::1"].compactMap(Network.init))
  }
}
