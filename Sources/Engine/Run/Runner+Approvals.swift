package import Conversation
import Crypto
import Store

// What waits for a person, and what they decide.
extension Runner {
  /// The calls of the thread that wait for a person; none while a run goes on.
  package func pendingApprovals(
    of thread: Identifier<Conversation.Thread>, user: Identifier<User>
  ) async throws -> [Approval] {
    let configuration = try await configuration(of: thread, user: user)
    guard busyRun(of: thread) == nil, let snapshot = try await store.snapshot(of: thread, at: nil) else {
      return []
    }
    return try await pending(at: snapshot, configuration: configuration)
  }

  /// What was asked when the run stopped there. Calls that nobody has asked about, because the message was
  /// written or changed by hand since, wait too; those that were refused do not.
  private func pending(
    at snapshot: Snapshot, configuration: AssistantConfiguration
  ) async throws -> [Approval] {
    guard snapshot.checkpoint.next.first == .action else { return [] }
    let asked = try await store.approvals(at: snapshot.checkpoint.id)
    guard asked.isEmpty else { return asked.filter { $0.decision == nil } }
    let answered = Set(
      try await store.toolCalls(at: snapshot.checkpoint.id).filter { $0.result != nil }.map(\.callID))
    return graphWithoutTools(for: configuration).calls(in: snapshot.state).enumerated().map { place, call in
      Approval(of: call, place: place, at: snapshot.checkpoint.id, cause: .edited)
    }.filter { !answered.contains($0.callID) }
  }

  /// What decisions come to: what is noted of them, and the state that the run goes on from.
  struct Verdict {
    var decided: [Approval] = []
    /// Calls that are answered already: not to be made.
    var refused: [ToolCallRecord] = []
    /// Nil when every call is made as it stands.
    var changed: (snapshot: Snapshot, update: StateUpdate)?
  }

  /// - Parameter decisions: nil lets every call be made as it stands.
  /// - Throws: `.staleApproval` when they are not about what waits, `.invalidDecision` when one is missing.
  func verdict(
    _ decisions: [CallDecision]?, at snapshot: Snapshot, of run: Run, configuration: AssistantConfiguration
  ) async throws -> Verdict {
    let pending = try await pending(at: snapshot, configuration: configuration)
    guard let decisions else {
      return Verdict(decided: pending.map { $0.decided(.approve, $0.arguments, nil, by: run) })
    }
    guard !pending.isEmpty else {
      throw EngineError.staleApproval("Nothing waits for a decision here any longer.")
    }
    let decided = try Self.matched(decisions, to: pending).map { decision, approval in
      try decision.applied(to: approval, by: run)
    }
    guard decided.contains(where: { $0.decision?.action != .approve }) else {
      return Verdict(decided: decided)
    }
    return changed(snapshot, by: decided, of: run, graph: graphWithoutTools(for: configuration))
  }

  /// Each call that waits with the one decision about it.
  private static func matched(
    _ decisions: [CallDecision], to pending: [Approval]
  ) throws -> [(CallDecision, Approval)] {
    var open = pending
    var pairs: [(CallDecision, Approval)] = []
    for decision in decisions {
      let fitting = open.indices.filter { open[$0].callID == decision.callID }
      let byModelID = open.indices.filter { open[$0].modelCallID == decision.callID }
      guard let place = fitting.first ?? (byModelID.count == 1 ? byModelID.first : nil) else {
        throw EngineError.staleApproval(
          "The call \(decision.callID.prefix(80)) does not wait for a decision.")
      }
      pairs.append((decision, open.remove(at: place)))
    }
    if let missing = open.first {
      throw EngineError.invalidDecision(callID: missing.callID, problem: "waits for a decision too")
    }
    return pairs
  }

  /// The conversation with the edited arguments in place. What was refused stands in the ledger as answered,
  /// so that it is never made, also not after a crash.
  private func changed(
    _ snapshot: Snapshot, by decided: [Approval], of run: Run, graph: any Graph
  ) -> Verdict {
    let calls = graph.calls(in: snapshot.state)
    let verdicts = Dictionary(decided.map { ($0.callID, $0) }) { first, _ in first }
    let edited = calls.enumerated().map { place, call in
      var call = call
      call.arguments = verdicts[call.ledgerID(at: place)]?.decision?.arguments ?? call.arguments
      return call
    }
    var update = StateUpdate()
    if edited != calls, let last = snapshot.state.messages.last {
      update.messages = [graph.message(last, calling: edited)]
    }
    let after = Step(graph: graph).checkpoint(
      after: snapshot, node: .agent, update: update, runID: run.id, source: .update)
    let refused = calls.enumerated().compactMap { place, call in
      verdicts[call.ledgerID(at: place)]?.refusal(of: call, at: after.checkpoint.id, in: run.id)
    }
    return Verdict(decided: decided, refused: refused, changed: (after, update))
  }
}

extension CallDecision {
  /// - Throws: `.staleApproval` when the arguments are others than those that were seen.
  fileprivate func applied(to approval: Approval, by run: Run) throws -> Approval {
    if action != .refuse {
      guard let argumentsHash else {
        throw EngineError.invalidDecision(callID: callID, problem: "needs the arguments_hash that was seen")
      }
      guard argumentsHash == approval.argumentsHash else {
        throw EngineError.staleApproval(
          "The arguments of \(approval.name.prefix(80)) have changed since they were shown. Look again.")
      }
    }
    switch action {
    case .approve: return approval.decided(.approve, approval.arguments, nil, by: run)
    case .refuse: return approval.decided(.refuse, nil, reason, by: run)
    case .edit:
      guard let arguments, arguments.object != nil || approval.arguments.string != nil else {
        throw EngineError.invalidDecision(callID: callID, problem: "needs arguments, an object")
      }
      return approval.decided(.edit, arguments, nil, by: run)
    }
  }
}

extension Approval {
  init(
    of call: ToolCall, place: Int, at checkpoint: Identifier<Checkpoint>, cause: Cause,
    change: ToolChange? = nil
  ) {
    self.init(
      checkpointID: checkpoint, callID: call.ledgerID(at: place), name: call.name, arguments: call.arguments,
      argumentsHash: call.fingerprint, cause: cause, change: change)
  }

  /// The model's own id of the call.
  fileprivate var modelCallID: Substring {
    callID.drop { $0 != ":" }.dropFirst()
  }

  fileprivate func decided(
    _ action: Decision.Action, _ arguments: JSON?, _ reason: String?, by run: Run
  ) -> Approval {
    var approval = self
    approval.decision = Decision(
      action: action, arguments: arguments, reason: reason, userID: run.userID, runID: run.id, decidedAt: .now
    )
    return approval
  }

  /// The ledger's row of a call that was refused: answered without having been made.
  fileprivate func refusal(
    of call: ToolCall, at checkpoint: Identifier<Checkpoint>, in run: Identifier<Run>
  ) -> ToolCallRecord? {
    guard let decision, decision.action == .refuse else { return nil }
    let reason = decision.reason.map { ", and said: \($0)" } ?? "."
    return ToolCallRecord(
      runID: run, checkpointID: checkpoint, callID: callID, name: name, arguments: arguments,
      result: .toolResult(
        .string("The person refused this call; it was not made\(reason)"), of: call, status: .error))
  }
}

extension ToolCall {
  /// The call's key in the ledgers. The model's ids are not to be trusted to be unique, so its place is in it.
  func ledgerID(at place: Int) -> String { "\(place):\(id)" }

  /// SHA-256 of what is called with what, lower-case hex: what an approval is bound to.
  var fingerprint: String {
    let text = JSON.object(["name": .string(name), "arguments": arguments]).text
    return SHA256.hash(data: Array(text.utf8)).reduce(into: "") { hex, byte in
      hex += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
  }
}
