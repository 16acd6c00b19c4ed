import Documents
import Engine
import Foundation
import Providers
import Testing
import Transport

@testable import opengpts

/// The pages that list every provider and tool, its settings and where it sends what, held against what there is.
@Suite struct ReferenceTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func page(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: "Sources/\(path)"), encoding: .utf8)
  }

  private func host(_ address: String) -> String? {
    URLComponents(string: address)?.host.flatMap { $0 == "localhost" ? nil : $0 }
  }

  /// A setting stands there whole, or by its last part behind another of its section.
  private func isNamed(_ key: SettingKey, in page: String) -> Bool {
    let parts = key.rawValue.split(separator: ".", maxSplits: 1)
    guard parts.count == 2 else { return page.contains("`\(key.rawValue)`") }
    return page.contains("`\(key.rawValue)`")
      || page.contains("`\(parts[0]).") && page.contains("`.\(parts[1])`")
  }

  private func keys(_ sections: Set<String>) -> [SettingKey] {
    SettingKey.allCases.filter { sections.contains(String($0.rawValue.prefix { $0 != "." })) }
  }

  @Test func `every provider is listed, with where it is`() throws {
    let page = try page("Providers/Providers.docc/Models.md")
    for provider in ProviderCatalog.providers {
      #expect(page.contains("`\(provider.id)`"), "\(provider.id)")
      if let host = provider.baseURL.flatMap(host) { #expect(page.contains(host), "\(host)") }
    }
  }

  @Test func `every setting of a provider is listed`() throws {
    let page = try page("Providers/Providers.docc/Models.md")
    for key in keys(["openai", "azure_openai", "anthropic", "aws", "bedrock", "google", "ollama"]) {
      #expect(isNamed(key, in: page), "\(key.rawValue)")
    }
    #expect(page.contains("`NAME.api_key`"))
  }

  @Test func `every tool is listed, with the hosts that it asks`() throws {
    let page = try page("Engine/Engine.docc/Tools.md")
    let settings = ToolSettings()
    let types = StandardTools.types(
      client: HTTPClient(policy: .publicOnly), parser: .inProcess(), settings: settings
    ).map(\.type)
    for type in types + ["retrieval", "openapi", "mcp_<name>"] {
      #expect(page.contains("| `\(type)`"), "\(type)")
    }
    for case let address as String in Mirror(reflecting: settings).children.map(\.value) {
      if let host = host(address) { #expect(page.contains(host), "\(host)") }
    }
  }

  @Test func `every setting of a tool is listed`() throws {
    let page = try page("Engine/Engine.docc/Tools.md")
    let sections = [
      "tools", "tavily", "you", "duckduckgo", "wikipedia", "arxiv", "pubmed", "sec", "images", "connery",
    ]
    for key in keys(Set(sections)) { #expect(isNamed(key, in: page), "\(key.rawValue)") }
  }
}
