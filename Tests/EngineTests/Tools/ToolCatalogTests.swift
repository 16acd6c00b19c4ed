import Conversation
import Providers
import Testing

@testable import Engine

@Suite struct ToolCatalogTests {
  /// Type, name and function of the original, which configurations and stored threads hold.
  private static let original = [
    ("ddg_search", "DuckDuckGo Search", "duckduckgo_search", "query"),
    ("search_tavily", "Search (Tavily)", "search_tavily", "query"),
    ("search_tavily_answer", "Search (short answer, Tavily)", "search_tavily_answer", "query"),
    ("arxiv", "Arxiv", "arxiv", "query"),
    ("you_search", "You.com Search", "you_search", "query"),
    ("sec_filings_kai_ai", "SEC Filings (Kay.ai)", "sec_filings_search", "query"),
    ("press_releases_kai_ai", "Press Releases (Kay.ai)", "press_release_search", "query"),
    ("pubmed", "PubMed", "pub_med_search", "query"),
    ("wikipedia", "Wikipedia", "wikipedia", "query"),
    ("dall_e", "Generate Image (Dall-E)", "Dall-E-Image-Generator", "__arg1"),
  ]

  @Test(arguments: original)
  func `a tool of the original keeps its type, name, function and argument`(
    type: String, name: String, function: String, argument: String
  ) async throws {
    let bench = try ToolBench(always: .init())
    let found = try #require(bench.catalog.first { $0.type == type })
    #expect(found.name == name && !found.isMultiUse && found.fields.isEmpty)
    let specification = try #require(try await bench.tools(type).first).specification
    #expect(specification.name == function)
    #expect(specification.parameters["type"] == "object")
    #expect(specification.parameters["required"] == [.string(argument)])
    #expect(specification.parameters["properties"]?.object?.keys.map { $0 } == [argument])
    #expect(specification.parameters["properties"]?[argument]?["type"] == "string")
  }

  @Test func `tools that a server defines keep their types, and one has settings of its own`() throws {
    let types = try ToolBench(always: .init()).catalog
    let connery = try #require(types.first { $0.type == "ai_action_runner_by_connery" })
    #expect(connery.name == "AI Action Runner by Connery" && connery.fields.isEmpty && !connery.isMultiUse)
    let server = try #require(types.first { $0.type == "action_server_by_sema4ai" })
    #expect(server.name == "Action Server by Sema4.ai" && server.isMultiUse)
    #expect(server.fields.map(\.name) == ["url", "api_key"])
    #expect(server.fields.map(\.title) == ["Url", "Api Key"])
  }

  @Test func `tools that a server defines are asked for when an assistant's tools are made`() async throws {
    let bench = try ToolBench { request in
      request.target == "/v1/actions"
        ? .init(body: #"{"data":[{"id":"one"},{"id":"two"}]}"#)
        : .init(body: #"{"paths":{"/api/actions/a/run":{"post":{"operationId":"three"}}}}"#)
    }
    let connery = try await bench.tools("ai_action_runner_by_connery")
    #expect(connery.map(\.specification.name) == ["one", "two"])
    let server = try await bench.tools(
      "action_server_by_sema4ai", config: ["url": .string(bench.site.address), "api_key": "k"])
    #expect(server.map(\.specification.name) == ["three"])
  }

  @Test func `no two tools share a type, a name or a function, and each says what it is for`() async throws {
    let bench = try ToolBench(always: .init())
    let types = bench.catalog
    #expect(Set(types.map(\.type)).count == types.count)
    #expect(Set(types.map { $0.name.lowercased() }).count == types.count)
    #expect(types.allSatisfy { !$0.description.isEmpty })
  }

  @Test func `an XML tree keeps the order of words around elements, and its depth is bounded`() {
    let tree = XMLTree(Array("<a>one <b>two</b> three<![CDATA[ <four>]]></a>".utf8))
    #expect(tree?.text == "one two three <four>")
    let deep = String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65)
    #expect(XMLTree(Array(deep.utf8)) == nil)
    #expect(XMLTree([]) == nil)
    #expect(XMLTree([0xFF, 0xFE, 0x00]) == nil)
  }

  @Test(arguments: [
    ("a<b>c</b>d", "acd"), ("x &lt;y&gt; &amp;amp; &#65;&#x42;", "x <y> &amp; AB"),
    ("&bogus; & &#xFFFFFFFF;", "&bogus; & &#xFFFFFFFF;"),
    ("a <unfinished", "a"), ("", ""),
  ])
  func `markup becomes plain text`(markup: String, text: String) {
    #expect(MarkupText.plain(markup) == text)
  }
}
