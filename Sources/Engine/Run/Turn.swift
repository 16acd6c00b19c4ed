import Conversation
import Metering
import Providers
import Store

/// One run being carried out: it takes steps from a checkpoint until there is nothing more to do.
///
/// Each step decides, writes, and only then speaks: what watchers hear of as committed is on disk.
struct Turn: Sendable {
  let run: Run
  let graph: any Graph
  let model: any ChatModel
  let account: ModelAccount
  let meter: ModelMeter
  let toolbox: Toolbox
  let store: Store
  let prover: Prover
  let log: RunLog
  /// Whether a cancellation comes from the program's own end, which leaves the run to be taken up again.
  let isProgramStopping: @Sendable () async -> Bool

  private var step: Step { Step(graph: graph) }

  /// Carries the run out from there, and leaves its status in the store.
  /// - Parameter isConfirmed: the first step may run although it wants confirmation.
  /// - Throws: what kept it from going on; what was committed before stays.
  func carryOut(from start: Snapshot, isConfirmed: Bool) async throws {
    var snapshot = start
    var taken = 0
    while true {
      switch step.action(at: snapshot, taken: taken, isConfirmed: isConfirmed && taken == 0) {
      case .perform(let node, let work):
        taken += 1
        snapshot = try await take(work, of: node, at: snapshot, taken: taken)
      case .awaitConfirmation:
        try await store.ask(step.questions(at: snapshot), interrupting: run.id)
        return
      case .finish:
        try await store.setRun(run.id, status: .success)
        return
      case .stopAtLimit:
        throw RunFailure(
          code: "step_limit",
          message: """
            The run was stopped after \(graph.stepLimit) steps without coming to an answer. Continue to let it \
            go on, or ask in another way.
            """, statusCode: 500)
      }
      if step.ending(at: snapshot, taken: taken) != nil { return }
    }
  }

  /// One step, from its work to its checkpoint.
  private func take(_ work: Work, of node: Node, at snapshot: Snapshot, taken: Int) async throws -> Snapshot {
    try await ActiveSpan.during(.step, node.rawValue) { span in
      let done = try await perform(work, at: snapshot)
      let after = try await ActiveSpan.during(.checkpoint, "checkpoint") { _ in
        try await commit(done, of: node, at: snapshot, taken: taken)
      }
      // What was said stands there.
      span.set("opengpts.checkpoint_id", .string(after.checkpoint.id.description))
      return after
    }
  }

  private func commit(
    _ done: Done, of node: Node, at snapshot: Snapshot, taken: Int
  ) async throws -> Snapshot {
    let update = done.update
    let after = step.checkpoint(after: snapshot, node: node, update: update, runID: run.id)
    let ending = step.ending(at: after, taken: taken)
    let questions = ending == .interrupted ? step.questions(at: after) : []
    try await store.commit(
      after.checkpoint, update: update, ending: ending, use: done.use, asking: questions)
    if !update.messages.isEmpty { log.append(.committed(update.messages)) }
    return after
  }

  /// What a step came to.
  private struct Done {
    var update: StateUpdate
    /// What it took of a model.
    var use: UsageRecord?
  }

  private func perform(_ work: Work, at snapshot: Snapshot) async throws -> Done {
    try Task.checkCancellation()
    switch work {
    case .write(let update):
      return Done(update: update)
    case .callModel(let call):
      return try await callModel(call, at: snapshot)
    case .callTools(let calls, let shape):
      let results = try await toolbox.answer(calls, at: snapshot.checkpoint.id, of: run.id, store: store)
      return Done(update: StateUpdate(messages: results.map { $0.shaped(shape) }))
    case .search(let call):
      return Done(update: StateUpdate(messages: [try await toolbox.search(call)], messageCount: 1))
    }
  }

  // MARK: Asking the model

  private func callModel(_ call: ModelCall, at snapshot: Snapshot) async throws -> Done {
    var request = call.request
    let cut = snapshot.state.messages.last.flatMap { $0.isCut ? $0 : nil }
    if let cut { request.messages.removeAll { $0.id == cut.id } }
    let id = cut?.id ?? "run-\(Message.newID())"
    let (reply, use) = try await reply(under: id, to: request, of: call, at: snapshot)
    let update = call.update(reply.finished)
    guard !call.isHidden else { return Done(update: update, use: use) }
    return await ActiveSpan.during(.proof, "quotations") { _ in
      Done(update: await prover.proved(update, in: snapshot.state), use: use)
    }
  }

  /// The whole reply, told as it comes, and what it took.
  private func reply(
    under id: String, to request: ChatRequest, of call: ModelCall, at snapshot: Snapshot
  ) async throws -> (Reply, UsageRecord?) {
    let began = ContinuousClock.now
    return try await ActiveSpan.during(.model, "chat \(account.model)", account.traced) { span in
      span.setContent("gen_ai.input.messages", request.traced)
      var reply = Reply(id: id)
      if !call.isHidden { log.append(.delta(MessageDelta(id: id))) }
      do throws(ModelError) {
        try await model.reply(to: request) { event in
          let delta = reply.take(event)
          if let delta, !call.isHidden { log.append(.delta(delta)) }
        }
      } catch {
        let use = account.record(reply, asked: request, of: run)
        span.note(reply, use: use)
        span.fail(error)
        meter.note(reply, use, of: account.model, took: ContinuousClock.now - began, error: error)
        try await keep(reply, of: call, use: use, cutBy: error, at: snapshot)
        throw error
      }
      let use = account.record(reply, asked: request, of: run)
      span.note(reply, use: use)
      meter.note(reply, use, of: account.model, took: ContinuousClock.now - began)
      return (reply, use)
    }
  }

  /// A reply that was cut keeps what there is of it, marked: after a failure the step is to be run again and
  /// then takes its place; after a person's stop it stands as the answer. At the program's end it is let go,
  /// because the call will be made again.
  private func keep(
    _ reply: Reply, of call: ModelCall, use: UsageRecord?, cutBy error: ModelError, at snapshot: Snapshot
  ) async throws {
    let isLetGo = error.isCancelled ? await isProgramStopping() : false
    guard !call.isHidden, !isLetGo, let message = reply.cut(by: error) else {
      // Paid for, though nothing of it is kept.
      if let use { try await store.record(use) }
      return
    }
    let checkpoint = Checkpoint(
      threadID: run.threadID, parentID: snapshot.checkpoint.id, runID: run.id,
      step: snapshot.checkpoint.step + 1, source: .loop, node: snapshot.checkpoint.next.first,
      next: error.isCancelled ? [] : snapshot.checkpoint.next)
    try await store.commit(checkpoint, update: StateUpdate(messages: [message]), use: use)
    log.append(.committed([message]))
  }
}

extension Message {
  /// A reply that a failure cut: the next try takes its place.
  fileprivate var isCut: Bool {
    role == .ai && responseMetadata["finish_reason"] == .string(Reply.cutReason)
  }

  fileprivate func shaped(_ shape: ToolReplyShape) -> Message {
    switch shape {
    case .toolMessage: self
    case .functionMessage: Message(id: id, role: .function, content: .string(text), name: name)
    }
  }
}
