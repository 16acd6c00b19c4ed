/// A checkpoint as a timeline shows it: what changed there, without the state.
package struct TimelineEntry: Encodable, Sendable, Equatable {
  package var checkpoint: Checkpoint
  /// Whether it is on the way to where the thread stands.
  package var isCurrent: Bool
  package var writes: [Write]

  package init(_ checkpoint: Checkpoint, isCurrent: Bool, writes: [Write]) {
    self.checkpoint = checkpoint
    self.isCurrent = isCurrent
    self.writes = writes
  }

  /// A message that was written, replaced or taken out.
  package struct Write: Codable, Sendable, Equatable {
    package var messageID: String
    /// Who speaks; nil for one that was taken out.
    package var type: String?
    package var isRemoved: Bool
    /// The beginning of its text.
    package var excerpt: String
    /// Names of the tools it asks for, or of the one that answers.
    package var tools: [String]

    package init(_ message: Message) {
      messageID = message.id
      type = message.role.rawValue
      isRemoved = false
      excerpt = String(String.UnicodeScalarView(message.text.unicodeScalars.prefix(Limits.excerptScalars)))
      tools = message.role == .tool ? message.name.map { [$0] } ?? [] : message.toolCalls.map(\.name)
    }

    package init(removing id: String) {
      messageID = id
      type = nil
      isRemoved = true
      excerpt = ""
      tools = []
    }

    package enum CodingKeys: String, CodingKey {
      case messageID = "message_id"
      case type
      case isRemoved = "is_removed"
      case excerpt, tools
    }
  }

  private enum CodingKeys: String, CodingKey {
    case id = "checkpoint_id"
    case parent = "parent_id"
    case run = "run_id"
    case step, source, node, next, writes
    case createdAt = "created_at"
    case isCurrent = "is_current"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(checkpoint.id, forKey: .id)
    try container.encode(checkpoint.parentID, forKey: .parent)
    try container.encode(checkpoint.runID, forKey: .run)
    try container.encode(checkpoint.step, forKey: .step)
    try container.encode(checkpoint.source, forKey: .source)
    try container.encode(checkpoint.node, forKey: .node)
    try container.encode(checkpoint.next, forKey: .next)
    try container.encode(checkpoint.createdAt, forKey: .createdAt)
    try container.encode(isCurrent, forKey: .isCurrent)
    try container.encode(writes, forKey: .writes)
  }
}
