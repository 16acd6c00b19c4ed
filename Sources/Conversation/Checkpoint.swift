/// A point in a thread's life to which one can go back: what changed there, and what is to run next.
///
/// Checkpoints form a tree. The state at one is the fold of the updates on the path from the root to it.
package struct Checkpoint: Sendable, Equatable {
  package var id: Identifier<Checkpoint>
  package var threadID: Identifier<Thread>
  package var parentID: Identifier<Checkpoint>?
  package var runID: Identifier<Run>?
  /// How many checkpoints lie between this one and the root.
  package var step: Int
  package var source: Source
  /// The node whose work this is; nil for an input that no node has taken up yet.
  package var node: Node?
  /// What runs next; empty when the turn is done.
  package var next: [Node]
  package var createdAt: Timestamp

  package enum Source: String, Codable, Sendable {
    /// What a run was started with.
    case input
    /// A node's work.
    case loop
    /// An edit by a person.
    case update
  }

  package init(
    id: Identifier<Checkpoint> = .timeOrdered(), threadID: Identifier<Thread>,
    parentID: Identifier<Checkpoint>?, runID: Identifier<Run>?, step: Int, source: Source, node: Node?,
    next: [Node], createdAt: Timestamp = .now
  ) {
    self.id = id
    self.threadID = threadID
    self.parentID = parentID
    self.runID = runID
    self.step = step
    self.source = source
    self.node = node
    self.next = next
    self.createdAt = createdAt
  }
}

/// A node of a graph. The raw value is what clients see in `next`.
package enum Node: String, Codable, Sendable, CaseIterable {
  case start = "__start__"
  case agent
  case action
  case chatbot
  case invokeRetrieval = "invoke_retrieval"
  case retrieve
  case response
}

/// A thread's state together with the checkpoint it stands at.
package struct Snapshot: Sendable, Equatable {
  package var checkpoint: Checkpoint
  package var state: ThreadState

  package init(checkpoint: Checkpoint, state: ThreadState) {
    self.checkpoint = checkpoint
    self.state = state
  }
}
