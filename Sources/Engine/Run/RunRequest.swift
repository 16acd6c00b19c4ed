package import Conversation

/// A wish to run a thread's assistant.
package struct RunRequest: Sendable {
  package var threadID: Identifier<Thread>
  package var userID: Identifier<User>
  package var input: Input
  /// `{"configurable": {…}}` laid over the assistant's own.
  package var config: JSON
  package var whenBusy: MultitaskStrategy
  /// The id of the HTTP request behind it, for logs and the run's trace.
  package var requestID: String?

  package enum Input: Sendable {
    /// Messages to add; with none, the graph's entry runs on the state as it is.
    case messages([Message])
    /// Go on with what is next: confirm an interrupt, or try a failed step again.
    case resume
    /// Go on with what is next, with what a person decided about each call that waits.
    case decide([CallDecision])
  }

  package init(
    threadID: Identifier<Thread>, userID: Identifier<User>, input: Input, config: JSON = [:],
    whenBusy: MultitaskStrategy = .reject, requestID: String? = nil
  ) {
    self.threadID = threadID
    self.userID = userID
    self.input = input
    self.config = config
    self.whenBusy = whenBusy
    self.requestID = requestID
  }
}

/// What a person says of a call that waits for them.
package struct CallDecision: Sendable, Equatable {
  /// As `Approval.callID` has it; the model's own id where that is unique.
  package var callID: String
  package var action: Approval.Decision.Action
  /// Of the arguments they saw; a refusal needs none.
  package var argumentsHash: String?
  /// With `.edit`.
  package var arguments: JSON?
  /// With `.refuse`: what the model is told.
  package var reason: String?

  package init(
    callID: String, action: Approval.Decision.Action, argumentsHash: String? = nil, arguments: JSON? = nil,
    reason: String? = nil
  ) {
    self.callID = callID
    self.action = action
    self.argumentsHash = argumentsHash
    self.arguments = arguments
    self.reason = reason
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
