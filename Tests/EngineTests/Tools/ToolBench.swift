import Conversation
import Documents
import Testing
import Transport

@testable import Engine

/// The standard tools, every service of which is one scripted site.
struct ToolBench: Sendable {
  let site: ScriptedSite
  var settings = ToolSettings()
  var isSiteAllowed = true

  init(_ script: @escaping @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply) throws {
    site = try ScriptedSite(script)
    settings.wikipediaURL = site.address
    settings.arxivURL = site.address
    settings.pubMedURL = site.address
    settings.duckDuckGoURL = site.address
    settings.tavilyURL = site.address
    settings.youURL = site.address
    settings.edgarSearchURL = site.address
    settings.edgarArchiveURL = site.address
    settings.conneryURL = site.address
    settings.images.baseURL = site.address + "/v1"
    settings.tavilyKey = "tavily-key"
    settings.youKey = "you-key"
    settings.conneryKey = "connery-key"
    settings.images.key = "image-key"
  }

  /// A site that gives every request the same answer.
  init(always reply: ScriptedSite.Reply) throws {
    try self.init { _ in reply }
  }

  var catalog: [ToolType] {
    let loopback = ["127.0.0.1/32"].compactMap(Network.init)
    let client = HTTPClient(policy: isSiteAllowed ? .publicOnly(allowing: loopback) : .publicOnly)
    return StandardTools.types(client: client, parser: .inProcess(), settings: settings)
  }

  func tools(_ type: String, config: [String: JSON] = [:]) async throws -> [any Tool] {
    let found = try #require(catalog.first { $0.type == type })
    return try await made(found, ToolChoice(type: type, config: config))
  }

  func call(_ type: String, _ arguments: JSON) async throws -> ToolResult {
    try await #require(tools(type).first).call(arguments)
  }

  /// What the model is told of a call that fails.
  func failure(_ type: String, _ arguments: JSON) async -> String? {
    do {
      _ = try await call(type, arguments)
      return nil
    } catch let error as ToolError {
      return error.message
    } catch {
      return "not a ToolError: \(error)"
    }
  }
}

/// Makes the tools of one choice.
func made(_ type: ToolType, _ choice: ToolChoice) async throws -> [any Tool] {
  try await type.make(choice, ToolScope(namespaces: []))
}
