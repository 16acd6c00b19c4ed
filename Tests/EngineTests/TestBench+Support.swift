import Conversation
import Foundation
import Store
import Synchronization

@testable import Engine

final class Counter: Sendable {
  private let state = Mutex<[String: Int]>([:])
  var counts: [String: Int] { state.withLock { $0 } }

  func add(_ name: String) {
    state.withLock { $0[name, default: 0] += 1 }
  }
}

extension TestBench {
  @discardableResult
  func ingest(_ text: String, named name: String, into namespace: Namespace) async throws -> File {
    let writer = try store.blobs.create()
    try writer.append(Array(text.utf8))
    let hash = try await writer.finish()
    return try await engine.ingester.ingest(
      blob: hash, sizeBytes: text.utf8.count, name: name, mediaType: nil, into: namespace, of: user.id
    ).file
  }

  /// What a process leaves that dies while tools are called: the first has finished, the others have begun.
  func leaveOpenRun(
    on thread: Identifier<Conversation.Thread>, asking calls: [ToolCall]
  ) async throws {
    let found = try await store.thread(thread, of: user.id)
    guard
      let assistant = try await store.assistants(of: user.id).first(where: { $0.id == found?.assistantID })
    else {
      return
    }
    let run = Run(
      threadID: thread, assistantID: assistant.id, userID: user.id, status: .running, config: assistant.config
    )
    let asked = Checkpoint(
      threadID: thread, parentID: nil, runID: run.id, step: 0, source: .loop, node: .agent, next: [.action])
    let update = StateUpdate(messages: [.human("go"), .assistant("", toolCalls: calls)])
    try await store.beginRun(run, inputs: [(asked, update)])
    let records = calls.enumerated().map { place, call in
      ToolCallRecord(
        runID: run.id, checkpointID: asked.id, callID: "\(place):\(call.id)", name: call.name,
        arguments: call.arguments)
    }
    try await store.beginToolCalls(records)
    var record = records[0]
    record.result = .toolResult("from before", of: calls[0])
    try await store.finishToolCall(record)
  }
}
