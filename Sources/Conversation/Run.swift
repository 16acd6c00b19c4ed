/// One turn of the engine on a thread.
package struct Run: Codable, Sendable, Equatable {
  package var id: Identifier<Run>
  package var threadID: Identifier<Thread>
  package var assistantID: Identifier<Assistant>
  package var userID: Identifier<User>
  package var status: Status
  /// The configuration it runs with: the assistant's, with the request's laid over it.
  package var config: JSON
  /// What happened, for the person; only with `.error`.
  package var failure: RunFailure?
  package var createdAt: Timestamp
  package var updatedAt: Timestamp

  /// LangGraph's names.
  package enum Status: String, Codable, Sendable {
    /// Waiting for the run before it on the same thread.
    case pending
    case running
    /// Stopped before a node, for a person to confirm.
    case interrupted
    case success
    case error
    /// Stopped by a person, or because its client left.
    case cancelled

    /// Nothing more will happen in it.
    package var isFinal: Bool {
      switch self {
      case .pending, .running: false
      case .interrupted, .success, .error, .cancelled: true
      }
    }
  }

  package init(
    id: Identifier<Run> = .timeOrdered(), threadID: Identifier<Thread>, assistantID: Identifier<Assistant>,
    userID: Identifier<User>, status: Status, config: JSON, createdAt: Timestamp = .now
  ) {
    self.id = id
    self.threadID = threadID
    self.assistantID = assistantID
    self.userID = userID
    self.status = status
    self.config = config
    self.createdAt = createdAt
    updatedAt = createdAt
  }

  package enum CodingKeys: String, CodingKey {
    case id = "run_id"
    case threadID = "thread_id"
    case assistantID = "assistant_id"
    case userID = "user_id"
    case status, config
    case failure = "error"
    case createdAt = "created_at"
    case updatedAt = "updated_at"
  }
}

/// Why a run ended in an error: safe to show, says what to do next.
package struct RunFailure: Codable, Sendable, Equatable, Error {
  /// Stable, for programs: `model_unreachable`, `model_rejected`, `rate_limited`, …
  package var code: String
  /// For the person, in full sentences.
  package var message: String
  /// The HTTP status that fits best.
  package var statusCode: Int
  /// Seconds until another try makes sense; nil where nobody can say.
  package var retryAfterSeconds: Double?

  package init(code: String, message: String, statusCode: Int, retryAfterSeconds: Double? = nil) {
    self.code = code
    self.message = message
    self.statusCode = statusCode
    self.retryAfterSeconds = retryAfterSeconds
  }

  package enum CodingKeys: String, CodingKey {
    case code, message
    case statusCode = "status_code"
    case retryAfterSeconds = "retry_after_seconds"
  }
}

/// A row of the tool-call ledger: written before the call and after it, so that a side effect happens at
/// most once although the process may die at any point.
package struct ToolCallRecord: Sendable, Equatable {
  package var runID: Identifier<Run>
  /// The checkpoint that asks for the call, with `callID` its key: one answer for one question.
  package var checkpointID: Identifier<Checkpoint>
  package var callID: String
  package var name: String
  package var arguments: JSON
  /// The message to be appended; nil while the call runs, and for ever if the process died in it.
  package var result: Message?

  package init(
    runID: Identifier<Run>, checkpointID: Identifier<Checkpoint>, callID: String, name: String,
    arguments: JSON, result: Message? = nil
  ) {
    self.runID = runID
    self.checkpointID = checkpointID
    self.callID = callID
    self.name = name
    self.arguments = arguments
    self.result = result
  }
}
