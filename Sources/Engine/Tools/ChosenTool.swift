import Conversation
import Providers

/// A tool an assistant has, and whether its calls are asked for.
package struct ChosenTool: Sendable {
  package var tool: any Tool
  /// What the assistant says; nil leaves it to the tool's type.
  let permission: ToolPermission?
  /// Whether the type asks where the assistant says nothing.
  let asksByItself: Bool
  /// What the tool says of itself that nobody has agreed to yet.
  var change: ToolChange?

  /// Whether a person is asked before each call.
  var asksFirst: Bool {
    switch permission {
    case .ask, .never: true
    case .always: false
    case nil: asksByItself && !tool.readsOnly
    }
  }
}

/// A tool under another name, where two would have the same.
struct RenamedTool: Tool {
  let tool: any Tool
  let name: String

  var specification: ToolSpecification {
    var specification = tool.specification
    specification.name = name
    return specification
  }

  var readsOnly: Bool { tool.readsOnly }
  var isRepeatable: Bool { tool.isRepeatable }
  var reach: ToolReach { tool.reach }
  var pin: ToolPin? { tool.pin }

  func call(_ arguments: JSON) async throws -> ToolResult {
    try await tool.call(arguments)
  }
}

extension [ChosenTool] {
  /// Names are what models call, so no two may be alike: a later one gets a number.
  var withDistinctNames: [ChosenTool] {
    var taken: Set<String> = []
    return map { chosen in
      let name = chosen.tool.specification.name
      var free = name
      var number = 2
      while !taken.insert(free).inserted {
        free = "\(name.prefix(60))_\(number)"
        number += 1
      }
      guard free != name else { return chosen }
      return ChosenTool(
        tool: RenamedTool(tool: chosen.tool, name: free), permission: chosen.permission,
        asksByItself: chosen.asksByItself, change: chosen.change)
    }
  }
}
