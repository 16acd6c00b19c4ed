import Conversation
import Providers
import Store

/// Holds what tools of other programs say of themselves against what a person agreed to, so that a server cannot
/// first be let in and then become another one ("rug pull").
///
/// What tools say at an assistant's first use of their server is kept. A tool that says something else later is
/// shown to the model as it was, and its calls are asked for, until the assistant's owner lets one be made.
struct PinnedTools: Sendable {
  let store: Store

  func checked(_ chosen: [ChosenTool], for assistant: Identifier<Assistant>) async throws -> [ChosenTool] {
    let offered = chosen.compactMap(\.tool.pin)
    guard !offered.isEmpty else { return chosen }
    let known = try await store.toolPins(of: assistant)
    let origins = Set(known.map(\.origin))
    let first = offered.filter { !origins.contains($0.origin) }
    if !first.isEmpty { try await store.pin(first, for: assistant) }
    return chosen.map { Self.checked($0, known, origins) }
  }

  private static func checked(_ chosen: ChosenTool, _ known: [ToolPin], _ origins: Set<String>) -> ChosenTool
  {
    guard let now = chosen.tool.pin, origins.contains(now.origin) else { return chosen }
    let before = known.first { $0.origin == now.origin && $0.name == now.name }
    guard before != now else { return chosen }
    var changed = chosen
    changed.change = ToolChange(before: before, now: now)
    if let before { changed.tool = ToolAsAgreed(tool: chosen.tool, agreed: before) }
    return changed
  }
}

/// A tool as it described itself when a person agreed to it.
private struct ToolAsAgreed: Tool {
  let tool: any Tool
  let agreed: ToolPin

  var specification: ToolSpecification {
    ToolSpecification(
      name: tool.specification.name, description: agreed.description, parameters: agreed.parameters)
  }

  var readsOnly: Bool { tool.readsOnly && agreed.readsOnly }
  var isRepeatable: Bool { tool.isRepeatable && readsOnly }
  var reach: ToolReach { tool.reach }
  var pin: ToolPin? { tool.pin }

  func call(_ arguments: JSON) async throws -> ToolResult {
    try await tool.call(arguments)
  }
}
