import Conversation
import Engine
import Hummingbird
import Logging
import Store

/// Runs: started, watched, listed, stopped.
struct RunRoutes: Sendable {
  let engine: Engine
  /// Tells the event ids of this life of the program from those of another.
  private let epoch = String(UInt32.random(in: .min ... .max), radix: 36)

  init(engine: Engine) {
    self.engine = engine
  }

  /// Starts a run that nobody has to watch.
  func create(_ call: Call, _ user: Owner) async throws -> Response {
    let payload = try RunPayload(await call.json())
    payload.note(in: call.audit)
    let log = try await engine.runner.start(payload.request(of: user, by: call))
    return try .json(["status": "ok", "run_id": log.runID.description])
  }

  /// Starts a run and sends its events.
  func stream(_ call: Call, _ user: Owner) async throws -> Response {
    let payload = try RunPayload(await call.json())
    payload.note(in: call.audit)
    let log = try await engine.runner.start(payload.request(of: user, by: call))
    let stream = EventStream(
      log: log, mode: payload.streamMode, epoch: epoch, lastSeen: nil,
      departure: departure(payload.onDisconnect, from: log.runID, of: user, logger: call))
    return stream.response(to: call)
  }

  private func departure(
    _ onDisconnect: RunPayload.OnDisconnect, from run: Identifier<Run>, of user: Owner, logger call: Call
  ) -> Departure {
    switch onDisconnect {
    case .continue: .ignored
    case .cancel:
      Departure { [engine] in
        do {
          try await engine.runner.cancel(run, of: user)
        } catch {
          call.logger.error("run not cancelled", metadata: ["run": "\(run)", "cause": "\(error)"])
        }
      }
    }
  }

  /// The user's runs on whichever thread, newest first.
  func listAll(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await withUsage(engine.store.runs(of: user, page: call.page())))
  }

  /// Those that failed.
  func listFailed(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await withUsage(engine.store.runs(of: user, onlyFailed: true, page: call.page())))
  }

  // MARK: Of a thread

  /// Newest first.
  func list(_ call: Call, _ user: Owner) async throws -> Response {
    let thread: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    guard try await engine.store.thread(thread, of: user) != nil else { throw EngineError.threadNotFound }
    let runs = try await engine.store.runs(of: thread, user: user, page: call.page())
    return try .json(await withUsage(runs))
  }

  private func withUsage(_ runs: [Run]) async throws -> [RunReply] {
    let usage = try await engine.store.usage(of: runs.map(\.id))
    return runs.map { RunReply($0, usage: usage[$0.id] ?? UsageTotal()) }
  }

  func get(_ call: Call, _ user: Owner) async throws -> Response {
    try await reply(run(call, user))
  }

  private func reply(_ run: Run) async throws -> Response {
    try .json(RunReply(run, usage: await engine.store.usage(of: run.id)))
  }

  /// What was done for a run, and how long it took: so far, while it goes on. There is nothing when it is older than
  /// traces are kept.
  func trace(_ call: Call, _ user: Owner) async throws -> Response {
    let run = try await run(call, user)
    let usage = try await engine.store.usage(of: run.id)
    return try .json(
      TraceReply(run: RunReply(run, usage: usage), spans: await engine.traces.spans(of: run.id)))
  }

  func cancel(_ call: Call, _ user: Owner) async throws -> Response {
    try await call.skipBody()
    let run = try await run(call, user)
    try await engine.runner.cancel(run.id, of: user)
    return try await reply(self.run(call, user))
  }

  /// Takes a stream up again after the event that was seen last, or from the beginning.
  func join(_ call: Call, _ user: Owner) async throws -> Response {
    let run = try await run(call, user)
    let mode = try streamMode(of: call)
    guard let log = try await engine.runner.log(of: run.id, user: user) else {
      return try await stored(run)
    }
    let lastSeen = call.request.headers[.lastEventID] ?? call.query("last_event_id")
    let stream = EventStream(
      log: log, mode: mode, epoch: epoch,
      lastSeen: lastSeen.map { EventID($0) ?? EventID(place: 0, epoch: "") },
      departure: .ignored)
    return stream.response(to: call)
  }

  private func stored(_ run: Run) async throws -> Response {
    // Read again: between the first look and the end of its log the run may have ended.
    let latest = try await engine.store.run(run.id, of: run.userID) ?? run
    let snapshot = try await engine.store.snapshot(of: run.threadID)
    return try StoredRun(run: latest, messages: snapshot?.state.messages ?? []).response()
  }

  private func run(_ call: Call, _ user: Owner) async throws -> Run {
    let thread: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    let id: Identifier<Run> = try call.identifier("run_id", orThrow: .runNotFound)
    guard let run = try await engine.store.run(id, of: user), run.threadID == thread else {
      throw EngineError.runNotFound
    }
    return run
  }

  private func streamMode(of call: Call) throws -> StreamMode {
    guard let text = call.query("stream_mode") else { return .messages }
    guard let mode = StreamMode(rawValue: text) else {
      throw call.rejected("stream_mode", text, as: "enum", "Input should be one of 'messages', 'deltas'")
    }
    return mode
  }
}

extension RunPayload {
  /// What a person decided about tool calls is on record.
  fileprivate func note(in audit: AuditNotes) {
    guard case .decide(let decisions) = input else { return }
    let said = decisions.map { JSON.string("\($0.action.rawValue) \($0.callID)") }
    audit.did("tool.decide", to: "thread \(threadID)", ["decisions": .array(said)])
  }
}
