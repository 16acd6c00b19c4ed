import Conversation
import Metering

/// A run as clients see it, with what it took of models: without its configuration, which may be that of somebody
/// else's assistant.
struct RunReply: Encodable {
  var run: Run
  var usage: UsageTotal

  init(_ run: Run, usage: UsageTotal) {
    self.run = run
    self.usage = usage
  }

  private enum MoreKeys: String, CodingKey {
    case usage
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Run.CodingKeys.self)
    try container.encode(run.id, forKey: .id)
    try container.encode(run.threadID, forKey: .threadID)
    try container.encode(run.assistantID, forKey: .assistantID)
    try container.encode(run.userID, forKey: .userID)
    try container.encode(run.status, forKey: .status)
    try container.encode(run.failure, forKey: .failure)
    try container.encode(run.createdAt, forKey: .createdAt)
    try container.encode(run.updatedAt, forKey: .updatedAt)
    var more = encoder.container(keyedBy: MoreKeys.self)
    try more.encode(usage, forKey: .usage)
  }
}

/// A run with what was done for it.
struct TraceReply: Encodable {
  var run: RunReply
  /// In the order of their beginnings.
  var spans: [Span]
}
