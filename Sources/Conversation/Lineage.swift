/// How a thread came to stand where it does, and which other ways were taken from there: what a page needs to
/// go back, go aside, and come back again.
package struct Lineage: Codable, Sendable, Equatable {
  /// Where the thread stands; nil before its first message.
  package var head: Identifier<Checkpoint>?
  /// The newest checkpoint that follows the head; nil when the thread stands at the end.
  package var end: Identifier<Checkpoint>?
  /// The messages of the state, with where each came from; of a very long thread the newest.
  package var messages: [Origin]
  /// The places where the thread went on in more than one way, oldest first.
  package var forks: [Fork]

  package init(
    head: Identifier<Checkpoint>? = nil, end: Identifier<Checkpoint>? = nil, messages: [Origin] = [],
    forks: [Fork] = []
  ) {
    self.head = head
    self.end = end
    self.messages = messages
    self.forks = forks
  }

  package struct Origin: Codable, Sendable, Equatable {
    package var messageID: String
    /// The checkpoint that has it last changed: to run from there answers it again.
    package var checkpointID: Identifier<Checkpoint>
    /// The checkpoint before it: to run from there says something else in its place. Nil when nothing came
    /// before, or when other messages were written together with it.
    package var before: Identifier<Checkpoint>?
    package var runID: Identifier<Run>?
    package var createdAt: Timestamp

    package init(
      messageID: String, checkpointID: Identifier<Checkpoint>, before: Identifier<Checkpoint>?,
      runID: Identifier<Run>?, createdAt: Timestamp
    ) {
      self.messageID = messageID
      self.checkpointID = checkpointID
      self.before = before
      self.runID = runID
      self.createdAt = createdAt
    }

    package enum CodingKeys: String, CodingKey {
      case messageID = "message_id"
      case checkpointID = "checkpoint_id"
      case before
      case runID = "run_id"
      case createdAt = "created_at"
    }
  }

  /// One place, and the ways that lead on from it.
  package struct Fork: Codable, Sendable, Equatable {
    /// The message of the state with which the way begins that was taken.
    package var messageID: String
    /// In the order in which they were first taken, the one that was taken among them.
    package var alternatives: [Alternative]

    package init(messageID: String, alternatives: [Alternative]) {
      self.messageID = messageID
      self.alternatives = alternatives
    }

    package enum CodingKeys: String, CodingKey {
      case messageID = "message_id"
      case alternatives
    }
  }

  package struct Alternative: Codable, Sendable, Equatable {
    /// The newest checkpoint of this way: where a thread stands that takes it.
    package var checkpointID: Identifier<Checkpoint>
    package var isCurrent: Bool

    package init(checkpointID: Identifier<Checkpoint>, isCurrent: Bool) {
      self.checkpointID = checkpointID
      self.isCurrent = isCurrent
    }

    package enum CodingKeys: String, CodingKey {
      case checkpointID = "checkpoint_id"
      case isCurrent = "is_current"
    }
  }
}
