import Conversation
import Testing

@testable import Engine

@Suite struct ToolNameTests {
  @Test(arguments: ["wikipedia", "Wikipedia", "DuckDuckGo Search", "search (tavily)", "calculator"])
  func `an assistant may name a tool by its type or by what people read`(name: String) async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let catalog = ToolCatalog(types: try ToolBench(always: .init()).catalog, searcher: bench.engine.searcher)
    for entry: JSON in [.string(name), ["type": .string(name)]] {
      let configuration = try AssistantConfiguration(config: ["configurable": ["tools": [entry]]])
      #expect(try await catalog.tools(for: configuration.tools, in: ToolScope(namespaces: [])).count == 1)
    }
  }
}
