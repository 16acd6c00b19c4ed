package import Conversation
package import Providers

/// Searches the files of the run's assistant and thread.
package struct RetrievalTool: Tool {
  let searcher: Searcher
  let scope: ToolScope

  /// The name models call, as it was in the original.
  package static let functionName = "Retriever"

  package static func type(searcher: Searcher) -> ToolType {
    ToolType(
      type: "retrieval", name: "Retrieval", description: "Looks up information in uploaded files.",
      make: { _, scope in [RetrievalTool(searcher: searcher, scope: scope)] })
  }

  package var specification: ToolSpecification {
    ToolSpecification(
      name: Self.functionName, description: scope.retrievalDescription,
      parameters: .textArgument("query", "What to look for."))
  }

  package var isRepeatable: Bool { true }
  package var reach: ToolReach { .knowledge }

  package func call(_ arguments: JSON) async throws -> ToolResult {
    let search = Search(try arguments.text("query"), in: scope.namespaces)
    let began = ContinuousClock.now
    let outcome = try await searcher.outcome(of: search)
    let report = SearchReport(outcome, of: search, seconds: (ContinuousClock.now - began) / .seconds(1))
    return ToolResult(
      .string(Self.text(of: outcome.passages)), artifact: try JSON(encoding: outcome.passages),
      notes: [SearchReport.key: try JSON(encoding: report)])
  }

  /// Numbered as the model is to cite them.
  private static func text(of passages: [Passage]) -> String {
    guard !passages.isEmpty else { return "Nothing in the uploaded files matches this query." }
    return passages.enumerated().map { "[\($0 + 1)] \($1.sourceLine)\n\($1.text)" }.joined(separator: "\n\n")
  }
}

extension JSON {
  /// The schema of a tool with one text argument.
  package static func textArgument(_ name: String, _ description: String) -> JSON {
    [
      "type": "object", "required": [.string(name)],
      "properties": .object([name: ["type": "string", "description": .string(description)]]),
    ]
  }
}
