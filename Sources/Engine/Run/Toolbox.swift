import Conversation
import Logging
import Metering
import Providers
import Store

/// The tools of one run, and how their calls are answered: all at once up to a bound, each within its time,
/// none able to end the run, and none carried out twice.
struct Toolbox: Sendable {
  private let tools: [String: any Tool]
  private let retrieval: any Tool
  /// Seconds that calls have waited for a person, by their keys in the ledger.
  private let waits: [String: Double]
  private let logger: Logger
  private let seconds: Double
  /// Told how calls come along.
  private let onProgress: @Sendable (ToolProgress) -> Void

  /// - Parameter seconds: what each call may take.
  init(
    tools: [any Tool], retrieval: any Tool, decided: [Approval] = [], logger: Logger,
    seconds: Double = Limits.toolSeconds,
    onProgress: @escaping @Sendable (ToolProgress) -> Void = { _ in }
  ) {
    waits = Dictionary(decided.map { ($0.callID, $0.waitedSeconds) }) { first, _ in first }
    self.onProgress = onProgress
    self.tools = Dictionary(tools.map { ($0.specification.name, $0) }) { first, _ in first }
    self.retrieval = retrieval
    self.logger = logger
    self.seconds = seconds
  }

  /// The results in the order of the calls.
  ///
  /// The ledger tells what a process before this one has done of them: a finished call is not made again, and
  /// one that had only begun is, if its tool says that it may; otherwise the model is told.
  /// - Throws: only what the store throws, and cancellation.
  func answer(
    _ calls: [ToolCall], at checkpoint: Identifier<Checkpoint>, of run: Identifier<Run>, store: Store
  ) async throws -> [Message] {
    let known = try await store.toolCalls(at: checkpoint)
    let ledger = Dictionary(known.map { ($0.callID, $0) }) { first, _ in first }
    let entries = calls.enumerated().map { place, call in
      Entry(call: call, record: record(of: call, place: place, at: checkpoint, of: run), ledger: ledger)
    }
    let begun = entries.filter { $0.isNew }.map(\.record)
    try await store.beginToolCalls(begun)
    return try await carryOut(entries, store: store)
  }

  /// One call and what the ledger knows of it.
  private struct Entry {
    let call: ToolCall
    let record: ToolCallRecord
    let isNew: Bool
    let result: Message?

    init(call: ToolCall, record: ToolCallRecord, ledger: [String: ToolCallRecord]) {
      self.call = call
      self.record = record
      isNew = ledger[record.callID] == nil
      result = ledger[record.callID]?.result
    }
  }

  private func record(
    of call: ToolCall, place: Int, at checkpoint: Identifier<Checkpoint>, of run: Identifier<Run>
  ) -> ToolCallRecord {
    ToolCallRecord(
      runID: run, checkpointID: checkpoint, callID: call.ledgerID(at: place), name: call.name,
      arguments: call.arguments)
  }

  private func carryOut(_ entries: [Entry], store: Store) async throws -> [Message] {
    try await withThrowingTaskGroup(of: (Int, Message).self) { group in
      var results: [Message?] = Array(repeating: nil, count: entries.count)
      for (place, entry) in entries.enumerated() {
        if place >= Limits.toolCallsAtOnce, let (done, message) = try await group.next() {
          results[done] = message
        }
        group.addTask { (place, try await self.result(of: entry, place: place, store: store)) }
      }
      for try await (done, message) in group { results[done] = message }
      return results.compactMap { $0 }
    }
  }

  private func result(of entry: Entry, place: Int, store: Store) async throws -> Message {
    if let result = entry.result { return result }
    return try await ActiveSpan.during(.tool, "execute_tool \(entry.call.name)", traced(entry)) { span in
      span.setContent("gen_ai.tool.call.arguments", entry.call.arguments.text)
      let message = await answer(entry.call, isNew: entry.isNew, place: place)
      try Task.checkCancellation()
      span.set("opengpts.result_bytes", .integer(message.text.utf8.count))
      span.setContent("gen_ai.tool.call.result", message.text)
      // In its words for the model, which the conversation holds too.
      if message.status == .error { span.fail("tool_failed", message.text) }
      var record = entry.record
      record.result = message
      let finished = record
      try await store.finishToolCall(finished)
      return message
    }
  }

  private func traced(_ entry: Entry) -> [String: JSON] {
    var attributes: [String: JSON] = [
      "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": .string(entry.call.name),
      "gen_ai.tool.call.id": .string(entry.call.id),
      "opengpts.arguments_bytes": .integer(entry.call.arguments.text.utf8.count),
    ]
    attributes["opengpts.approval_wait_seconds"] = waits[entry.record.callID].map(JSON.number)
    return attributes
  }

  private func answer(_ call: ToolCall, isNew: Bool, place: Int) async -> Message {
    guard place < Limits.toolCallsPerStep else {
      return .failure("Only \(Limits.toolCallsPerStep) calls are carried out at once. Call again.", of: call)
    }
    guard let tool = tools[call.name] else {
      let names = tools.keys.sorted().joined(separator: ", ")
      return .failure("There is no tool \"\(call.name.prefix(80))\". There are: \(names).", of: call)
    }
    guard isNew || tool.isRepeatable else {
      return .failure(
        "This call was interrupted. It is not known whether it took effect; ask before calling again.",
        of: call)
    }
    return await outcome(of: call, by: tool)
  }

  private func outcome(of call: ToolCall, by tool: any Tool) async -> Message {
    do {
      let reporter = ToolProgress.reporter(of: call, to: onProgress)
      let work = ToolProgress.task(reportingTo: reporter) {
        try await withDeadline(seconds: seconds) { try await tool.call(call.arguments) }
      }
      let result = try await withTaskCancellationHandler {
        try await work.value
      } onCancel: {
        work.cancel()
      }
      var message = Message.toolResult(
        result.content.cut(toBytes: Limits.toolResultBytes), of: call, artifact: result.artifact?.bounded)
      message.additionalKwargs = result.notes
      return message
    } catch let error as ToolError {
      return .failure(error.message, of: call)
    } catch is DeadlinePassed {
      return .failure("The tool did not answer within \(Int(seconds.rounded(.up))) seconds.", of: call)
    } catch {
      logger.warning("tool failed", metadata: ["tool": "\(call.name)", "cause": "\(error)"])
      return .failure("The tool failed.", of: call)
    }
  }

  /// What the retrieval graph asks for: the passages as LangChain's documents, and as they are beside.
  func search(_ call: ToolCall) async throws -> Message {
    let result = try await retrieval.call(call.arguments)
    let passages = try result.artifact?.decoded(as: [Passage].self) ?? []
    var message = Message.toolResult(.array(passages.map(\.document)), of: call, artifact: result.artifact)
    message.additionalKwargs = result.notes
    return message
  }
}

extension Approval {
  /// From the question to the decision.
  fileprivate var waitedSeconds: Double {
    guard let decision else { return 0 }
    return Double(max(0, decision.decidedAt.microseconds - askedAt.microseconds)) / 1_000_000
  }
}

extension Message {
  fileprivate static func failure(_ text: String, of call: ToolCall) -> Message {
    .toolResult(.string(text), of: call, status: .error)
  }
}

extension JSON {
  /// Itself, unless it is larger than a page or a database row should carry.
  fileprivate var bounded: JSON? {
    text.utf8.count <= Limits.toolArtifactBytes ? .some(self) : .none  // A bare `nil` would be JSON's null.
  }

  /// Text that is too long ends with a line that says so; other JSON that is too long becomes such text.
  fileprivate func cut(toBytes limit: Int) -> JSON {
    let text = string ?? self.text
    guard text.utf8.count > limit else { return self }
    var end = text.utf8.index(text.startIndex, offsetBy: limit)
    while end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
    return .string(text[..<end] + "\n[The result was cut here: it was longer than \(limit) bytes.]")
  }
}

extension Passage {
  /// The passage as LangChain's `Document`.
  fileprivate var document: JSON {
    [
      "id": nil, "type": "Document", "page_content": .string(text),
      "metadata": [
        "source": .string(source), "file_id": .string(fileID.description),
        "chunk_id": .string(chunkID.description), "page": page.map(JSON.integer) ?? nil,
        "start": .integer(start), "end": .integer(end),
      ],
    ]
  }
}

struct DeadlinePassed: Error {}

/// The operation's value if it comes in time; it is cancelled when it does not.
func withDeadline<Value: Sendable>(
  seconds: Double, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      try await Task.sleep(for: .seconds(seconds))
      throw DeadlinePassed()
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() else { throw CancellationError() }
    return value
  }
}
