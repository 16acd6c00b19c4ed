/// A tool call that waits for a person, or was decided by one: a row of the approvals' ledger.
///
/// An approval holds for exactly these arguments: `argumentsHash` names them, and whoever approves says which
/// hash they saw.
package struct Approval: Codable, Sendable, Equatable {
  /// The checkpoint that asks for the call; with `callID` its key.
  package var checkpointID: Identifier<Checkpoint>
  /// The call's place among those of its message and the model's id of it, e.g. `0:call_1`.
  package var callID: String
  package var name: String
  /// As the model gave them.
  package var arguments: JSON
  /// SHA-256 of name and arguments, lower-case hex.
  package var argumentsHash: String
  package var cause: Cause
  /// What its tool says of itself that nobody has agreed to yet; whoever lets the call be made agrees to it.
  package var change: ToolChange?
  package var askedAt: Timestamp
  /// Nil while it waits.
  package var decision: Decision?

  /// Why a person is asked.
  package enum Cause: String, Codable, Sendable, CaseIterable {
    /// The assistant asks before every call.
    case confirmation
    /// This tool asks first.
    case permission
    /// The call could carry what files say out to where somebody else's text wants it.
    case egress
    /// The call was written or changed by hand, so that nobody has asked yet.
    case edited
    /// The tool describes itself otherwise than before.
    case changed
  }

  /// What a person decided.
  package struct Decision: Codable, Sendable, Equatable {
    package var action: Action
    /// What the call is made with; nil for a refusal.
    package var arguments: JSON?
    /// What the model is told of a refusal.
    package var reason: String?
    package var userID: Identifier<User>
    package var runID: Identifier<Run>
    package var decidedAt: Timestamp

    package enum Action: String, Codable, Sendable, CaseIterable {
      case approve, edit, refuse
    }

    package init(
      action: Action, arguments: JSON?, reason: String?, userID: Identifier<User>, runID: Identifier<Run>,
      decidedAt: Timestamp
    ) {
      self.action = action
      self.arguments = arguments
      self.reason = reason
      self.userID = userID
      self.runID = runID
      self.decidedAt = decidedAt
    }

    package enum CodingKeys: String, CodingKey {
      case action, arguments, reason
      case userID = "user_id"
      case runID = "run_id"
      case decidedAt = "decided_at"
    }
  }

  package init(
    checkpointID: Identifier<Checkpoint>, callID: String, name: String, arguments: JSON,
    argumentsHash: String,
    cause: Cause, change: ToolChange? = nil, askedAt: Timestamp = .now, decision: Decision? = nil
  ) {
    self.checkpointID = checkpointID
    self.callID = callID
    self.name = name
    self.arguments = arguments
    self.argumentsHash = argumentsHash
    self.cause = cause
    self.change = change
    self.askedAt = askedAt
    self.decision = decision
  }

  package enum CodingKeys: String, CodingKey {
    case name, arguments, cause, change, decision
    case checkpointID = "checkpoint_id"
    case callID = "call_id"
    case argumentsHash = "arguments_hash"
    case askedAt = "asked_at"
  }
}

/// Whether a tool may be used: without asking, after asking, or not at all.
package enum ToolPermission: String, Codable, Sendable, CaseIterable {
  case always, ask, never
}
