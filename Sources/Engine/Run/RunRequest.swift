package import Conversation

/// A wish to run a thread's assistant.
package struct RunRequest: Sendable {
  package var threadID: Identifier<Thread>
  package var userID: Identifier<User>
  package var input: Input
  /// `{"configurable": {…}}` laid over the assistant's own.
  package var config: JSON
  package var whenBusy: MultitaskStrategy

  package enum Input: Sendable {
    /// Messages to add; with none, the graph's entry runs on the state as it is.
    case messages([Message])
    /// Go on with what is next: confirm an interrupt, or try a failed step again.
    case resume
  }

  package init(
    threadID: Identifier<Thread>, userID: Identifier<User>, input: Input, config: JSON = [:],
    whenBusy: MultitaskStrategy = .reject
  ) {
    self.threadID = threadID
    self.userID = userID
    self.input = input
    self.config = config
    self.whenBusy = whenBusy
  }
}

/// What a run does when another one of its thread is not done: LangGraph's names.
package enum MultitaskStrategy: String, Codable, Sendable, CaseIterable {
  /// Refuse.
  case reject
  /// Wait in line.
  case enqueue
  /// Stop the other one, keeping what it came to.
  case interrupt
  /// Stop the other one, and go on from where it had begun.
  case rollback
}
