/// What a tool of somebody else's program says of itself: it may say something else tomorrow, so what a person agreed
/// to is kept.
package struct ToolPin: Codable, Sendable, Equatable {
  /// The type of the tool, which names whose word it is: `mcp_time`.
  package var origin: String
  /// As its server calls it.
  package var name: String
  /// What models read.
  package var description: String
  /// JSON Schema of its arguments.
  package var parameters: JSON
  /// Whether it is believed to change nothing, and so is not asked about.
  package var readsOnly: Bool

  package init(origin: String, name: String, description: String, parameters: JSON, readsOnly: Bool) {
    self.origin = origin
    self.name = name
    self.description = description
    self.parameters = parameters
    self.readsOnly = readsOnly
  }

  package enum CodingKeys: String, CodingKey {
    case origin, name, description, parameters
    case readsOnly = "reads_only"
  }
}

/// A tool that describes itself otherwise than a person has agreed to.
package struct ToolChange: Codable, Sendable, Equatable {
  /// Nil for one that came later than the others of its server.
  package var before: ToolPin?
  package var now: ToolPin

  package init(before: ToolPin?, now: ToolPin) {
    self.before = before
    self.now = now
  }
}
