package import Conversation
package import Logging
import Metering
package import Providers
package import Store

/// Starts runs, keeps one a thread, and lets them be watched and stopped.
///
/// It owns two things: which run a thread is busy with, and the logs of runs that go on or have lately ended.
package actor Runner {
  let store: Store
  let models: ModelCatalog
  let tools: ToolCatalog
  /// Whether calls are asked for that could carry private text away.
  let guardsEgress: Bool
  let traces: TraceKeeper
  let logger: Logger
  /// How runs ended.
  let outcomes = Tally<String>()
  let meter = ModelMeter()

  private var active: [Identifier<Conversation.Thread>: ActiveRun] = [:]
  private var waiting: [Identifier<Conversation.Thread>: [CheckedContinuation<Void, Never>]] = [:]
  private var logs: [Identifier<Run>: RunLog] = [:]
  private var ended: [(run: Identifier<Run>, at: ContinuousClock.Instant)] = []
  private(set) var isStopping = false

  private struct ActiveRun {
    let runID: Identifier<Run>
    /// Nil while the run is being begun.
    var task: Task<Void, Never>?
    /// Asked to stop before it had a task.
    var isCancelled = false
    /// Where the thread stood before it.
    var origin: Identifier<Checkpoint>?
  }

  package init(
    store: Store, models: ModelCatalog, tools: ToolCatalog, traces: TraceKeeper, guardsEgress: Bool = true,
    logger: Logger
  ) {
    self.store = store
    self.models = models
    self.tools = tools
    self.traces = traces
    self.guardsEgress = guardsEgress
    self.logger = logger
  }

  // MARK: Starting

  /// Begins a run. When this returns, the input is on disk.
  /// - Returns: the log in which the run can be watched.
  package func start(_ request: RunRequest) async throws -> RunLog {
    let (thread, assistant) = try await parties(of: request)
    let config = try merged(assistant.config, request.config)
    let run = Run(
      threadID: thread.id, assistantID: assistant.id, userID: request.userID, status: .running, config: config
    )
    let rolledBack = try await claim(thread.id, for: run.id, when: request.whenBusy)
    do {
      var start = try await begin(run, request: request, rolledBack: rolledBack)
      start.requestID = request.requestID
      return carryOut(run, from: start)
    } catch {
      release(thread.id, run.id)
      throw error
    }
  }

  private func parties(of request: RunRequest) async throws -> (Conversation.Thread, Assistant) {
    guard let thread = try await store.thread(request.threadID, of: request.userID) else {
      throw EngineError.threadNotFound
    }
    guard let id = thread.assistantID,
      let assistant = try await store.assistant(id, visibleTo: request.userID)
    else { throw EngineError.threadHasNoAssistant }
    return (thread, assistant)
  }

  private func merged(_ config: JSON, _ overrides: JSON) throws -> JSON {
    do throws(ConfigurationError) {
      let merged = try AssistantConfiguration.merged(config: config, overrides: overrides)
      _ = try AssistantConfiguration(config: merged)
      return merged
    } catch {
      throw EngineError.invalidConfiguration(error)
    }
  }

  /// Makes the thread this run's own, in the way the strategy says.
  /// - Returns: the run that was stopped and is to be taken back, with `.rollback`.
  private func claim(
    _ thread: Identifier<Conversation.Thread>, for run: Identifier<Run>, when strategy: MultitaskStrategy
  ) async throws -> ActiveRun? {
    guard active.count < Limits.runsAtOnce, !isStopping else { throw EngineError.tooManyRuns }
    var rolledBack: ActiveRun?
    while let busy = active[thread] {
      switch strategy {
      case .reject:
        throw EngineError.threadBusy(busy.runID)
      case .enqueue:
        break
      case .interrupt:
        cancelActive(thread)
      case .rollback:
        rolledBack = busy
        cancelActive(thread)
      }
      guard waiting[thread, default: []].count < Limits.runsWaitingPerThread else {
        throw EngineError.threadBusy(busy.runID)
      }
      await withCheckedContinuation { waiting[thread, default: []].append($0) }
      try Task.checkCancellation()
    }
    // No suspension between the last look at `active` and this.
    active[thread] = ActiveRun(runID: run)
    return rolledBack
  }

  private func cancelActive(_ thread: Identifier<Conversation.Thread>) {
    active[thread]?.isCancelled = true
    active[thread]?.task?.cancel()
  }

  private func release(_ thread: Identifier<Conversation.Thread>, _ run: Identifier<Run>) {
    guard active[thread]?.runID == run else { return }
    active[thread] = nil
    for waiter in waiting.removeValue(forKey: thread) ?? [] { waiter.resume() }
  }

  // MARK: Beginning

  /// Where a run sets out: what is committed, and what of it is new.
  private struct Start {
    var snapshot: Snapshot
    var input: [Message]
    var isConfirmed: Bool
    /// What a person decided about the calls that come first.
    var decided: [Approval] = []
    var requestID: String?
    /// Begun by a process before this one.
    var isTakenUp = false
  }

  private func begin(
    _ run: Run, request: RunRequest, rolledBack: ActiveRun?
  ) async throws -> Start {
    let configuration = try AssistantConfiguration(config: run.config)
    let current = try await origin(of: run, wanted: configuration.checkpointID, rolledBack: rolledBack)
    active[run.threadID]?.origin = current?.checkpoint.id
    switch request.input {
    case .resume:
      return try await resume(run, at: current, decisions: nil, configuration: configuration)
    case .decide(let decisions):
      return try await resume(run, at: current, decisions: decisions, configuration: configuration)
    case .messages(let messages):
      return try await begin(run, with: messages, at: current, entry: entry(of: configuration))
    }
  }

  /// Where the run sets out from: the checkpoint it names, or that before the run it takes back, or the head;
  /// nil for a thread that is, or was then, empty.
  private func origin(
    of run: Run, wanted: Identifier<Checkpoint>?, rolledBack: ActiveRun?
  ) async throws -> Snapshot? {
    if let rolledBack, wanted == nil, rolledBack.origin == nil { return nil }
    let snapshot = try await store.snapshot(of: run.threadID, at: wanted ?? rolledBack?.origin)
    if wanted != nil, snapshot == nil { throw EngineError.checkpointNotFound }
    return snapshot
  }

  /// Goes on with what is next. Whoever resumes lets the calls that wait be made: as they stand, or as
  /// `decisions` say.
  private func resume(
    _ run: Run, at current: Snapshot?, decisions: [CallDecision]?, configuration: AssistantConfiguration
  ) async throws -> Start {
    let nothing = Checkpoint(
      threadID: run.threadID, parentID: nil, runID: run.id, step: 0, source: .input, node: nil, next: [])
    var snapshot = current ?? Snapshot(checkpoint: nothing, state: ThreadState())
    let verdict = try await verdict(decisions, at: snapshot, of: run, configuration: configuration)
    try await store.beginRun(
      run, inputs: verdict.changed.map { [($0.snapshot.checkpoint, $0.update)] } ?? [],
      decided: verdict.decided, refused: verdict.refused)
    if let changed = verdict.changed { snapshot = changed.snapshot }
    return Start(snapshot: snapshot, input: [], isConfirmed: true, decided: verdict.decided)
  }

  /// Two checkpoints in one transaction: the thread as it was when the input came, and with the input in it.
  private func begin(
    _ run: Run, with messages: [Message], at current: Snapshot?, entry: Node
  ) async throws -> Start {
    let before = Checkpoint(
      threadID: run.threadID, parentID: current?.checkpoint.id, runID: run.id,
      step: current.map { $0.checkpoint.step + 1 } ?? 0, source: .input, node: nil, next: [.start])
    let after = Checkpoint(
      threadID: run.threadID, parentID: before.id, runID: run.id, step: before.step + 1, source: .loop,
      node: .start, next: [entry])
    let update = StateUpdate(messages: messages)
    try await store.beginRun(run, inputs: [(before, StateUpdate()), (after, update)])
    var state = current?.state ?? ThreadState()
    state.apply(update)
    return Start(snapshot: Snapshot(checkpoint: after, state: state), input: messages, isConfirmed: false)
  }

  private func entry(of configuration: AssistantConfiguration) -> Node {
    switch configuration.architecture {
    case .agent: .agent
    case .chatbot: .chatbot
    case .retrieval: .invokeRetrieval
    }
  }

  // MARK: Carrying out

  private func carryOut(_ run: Run, from start: Start) -> RunLog {
    let log = RunLog(runID: run.id)
    log.append(.began(state: start.snapshot.state.messages, input: start.input))
    forgetOldLogs()
    logs[run.id] = log
    let task = ModelWait.$waiting.withValue(.init(tell: { log.append(.waiting($0)) })) {
      Task {
        await self.execute(run, from: start, log: log)
        self.release(run.threadID, run.id)
        self.ended.append((run.id, .now))
      }
    }
    if active[run.threadID]?.isCancelled == true { task.cancel() }
    active[run.threadID]?.task = task
    return log
  }

  private nonisolated func execute(_ run: Run, from start: Start, log: RunLog) async {
    let trace = traces.begin(run.id)
    await trace.during(Span(of: run, requestID: start.requestID, isTakenUp: start.isTakenUp)) { span in
      do {
        let turn = try await turn(for: run, decided: start.decided, log: log)
        try await turn.carryOut(from: start.snapshot, isConfirmed: start.isConfirmed)
        outcomes.add("finished")
      } catch {
        await end(run, with: error, span: span, requestID: start.requestID, log: log)
      }
    }
    traces.end(trace)
    log.append(.ended)
  }

  /// Leaves the run's status behind. A run that the program's own end cuts stays as it is: it goes on after
  /// the next start.
  private nonisolated func end(
    _ run: Run, with error: any Error, span: ActiveSpan, requestID: String?, log: RunLog
  ) async {
    let isCancelled =
      Task.isCancelled || error is CancellationError || (error as? ModelError)?.isCancelled == true
    if isCancelled, await isStopping { return span.fail("interrupted", "The program was stopped.") }
    outcomes.add(isCancelled ? "cancelled" : "failed")
    let failure = isCancelled ? nil : RunFailure(error)
    span.fail(failure?.code ?? "cancelled", failure?.message)
    if let failure {
      logger.error(
        "run failed",
        metadata: [
          "run": "\(run.id)", "request": "\(requestID ?? "none")", "code": "\(failure.code)",
          "cause": "\(error)",
        ])
      log.append(.failed(failure))
    }
    do {
      try await store.setRun(run.id, status: isCancelled ? .cancelled : .error, failure: failure)
    } catch {
      logger.error("run status not stored", metadata: ["run": "\(run.id)", "cause": "\(error)"])
    }
  }

  private func forgetOldLogs() {
    let oldest = ContinuousClock.now - .seconds(Limits.eventsKeptSeconds)
    while let first = ended.first, first.at < oldest || ended.count > Limits.endedRunsKept {
      logs[first.run] = nil
      ended.removeFirst()
    }
  }
}

// MARK: Watching and stopping

extension Runner {
  /// The log of a run of that user that goes on or has lately ended; nil once it is forgotten.
  package func log(of run: Identifier<Run>, user: Identifier<User>) async throws -> RunLog? {
    guard try await store.run(run, of: user) != nil else { throw EngineError.runNotFound }
    return logs[run]
  }

  /// Stops the run and waits until it has; one that is over is left as it is.
  package func cancel(_ run: Identifier<Run>, of user: Identifier<User>) async throws {
    guard let found = try await store.run(run, of: user) else { throw EngineError.runNotFound }
    guard let busy = active[found.threadID], busy.runID == run else { return }
    cancelActive(found.threadID)
    if let log = logs[run] {
      var seen = 0
      while let events = await log.events(after: seen), !events.isEmpty { seen += events.count }
    }
  }

  /// Whether a run of the thread goes on.
  package func busyRun(of thread: Identifier<Conversation.Thread>) -> Identifier<Run>? {
    active[thread]?.runID
  }

  /// Runs that go on.
  package var activeCount: Int { active.count }

  /// Runs that wait for their thread.
  var waitingCount: Int { waiting.values.reduce(0) { $0 + $1.count } }
}

// MARK: Starting and stopping the program

extension Runner {
  /// Takes up the runs that the last process left open, from their last checkpoints.
  package func resumeOpenRuns() async throws {
    for run in try await store.openRuns() {
      guard let snapshot = try await store.snapshot(of: run.threadID, at: nil) else {
        try await store.setRun(run.id, status: .cancelled, failure: nil)
        continue
      }
      logger.info("taking up a run that was cut", metadata: ["run": "\(run.id)"])
      active[run.threadID] = ActiveRun(runID: run.id, origin: snapshot.checkpoint.id)
      // What was confirmed before the cut is confirmed still: the run was open, not interrupted.
      _ = carryOut(run, from: Start(snapshot: snapshot, input: [], isConfirmed: true, isTakenUp: true))
    }
  }

  /// Stops all runs where they are, to be taken up at the next start, and waits for them.
  package func stop() async {
    isStopping = true
    let tasks = active.values.compactMap(\.task)
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }
}
