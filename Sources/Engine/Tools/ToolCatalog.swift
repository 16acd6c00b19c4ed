package import Conversation
import Providers

/// What a run brings to its tools: whose knowledge they may search.
package struct ToolScope: Sendable {
  package var namespaces: [Namespace]
  package var retrievalDescription: String
  /// Whose own tools may be used.
  package var owners: [Identifier<User>]

  package init(
    namespaces: [Namespace],
    retrievalDescription: String = AssistantConfiguration.defaultRetrievalDescription,
    owners: [Identifier<User>] = []
  ) {
    self.namespaces = namespaces
    self.retrievalDescription = retrievalDescription
    self.owners = owners
  }
}

/// A kind of tool an assistant can be given: what its form shows, and how it is made.
package struct ToolType: Sendable {
  /// What configurations call it, e.g. `wikipedia`.
  package var type: String
  /// What people read.
  package var name: String
  package var description: String
  /// An assistant may have several of it, each with its own settings.
  package var isMultiUse = false
  /// Whether its calls are asked for, unless they only read, where the assistant says nothing.
  package var asksByItself = false
  package var fields: [Field] = []
  /// May ask a server which tools it has, within some seconds: a run waits for it.
  /// - Throws: `ToolError`, when a setting is missing; it says which.
  package var make: @Sendable (ToolChoice, ToolScope) async throws -> [any Tool]

  /// A setting of one use of the tool.
  package struct Field: Sendable {
    package var name: String
    package var title: String

    package init(name: String, title: String) {
      self.name = name
      self.title = title
    }
  }
}

/// The tools that assistants can be given, in the order the form shows them.
package struct ToolCatalog: Sendable {
  package let types: [ToolType]
  private let searcher: Searcher

  package init(types: [ToolType], searcher: Searcher) {
    self.types = types
    self.searcher = searcher
  }

  /// The tools of an assistant.
  /// - Throws: `ToolError` for a type that is not known, or one that lacks a setting.
  package func tools(for choices: [ToolChoice], in scope: ToolScope) async throws -> [ChosenTool] {
    var tools: [ChosenTool] = []
    for choice in choices where choice.permission != .never {
      let type = try type(named: choice.type)
      tools += try await type.make(choice, scope).map { tool in
        ChosenTool(
          tool: tool, permission: choice.permissions[tool.specification.name] ?? choice.permission,
          asksByItself: type.asksByItself)
      }
    }
    return tools.filter { $0.permission != .never }.withDistinctNames
  }

  /// By its type or, as the original's guide has it, by the name people read.
  private func type(named name: String) throws -> ToolType {
    if let found = types.first(where: { $0.type == name || $0.name.lowercased() == name.lowercased() }) {
      return found
    }
    throw ToolError(
      "The assistant has a tool \"\(name.prefix(80))\" that this server does not know. Remove it from the assistant."
    )
  }

  /// The tool that searches a run's own knowledge.
  func retrieval(in scope: ToolScope) -> any Tool {
    RetrievalTool(searcher: searcher, scope: scope)
  }
}
