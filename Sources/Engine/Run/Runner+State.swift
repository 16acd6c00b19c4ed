package import Conversation
import Providers
import Store

/// A thread as clients see it.
package struct ThreadView: Sendable {
  /// Decides the shape of `values`: an object for retrieval, a list for the others.
  package var architecture: AssistantConfiguration.Architecture
  /// Nil before the first message.
  package var snapshot: Snapshot?
}

// Reading, editing and forking what runs have written.
extension Runner {
  /// The thread's state at a checkpoint, or where the thread stands.
  package func view(
    of thread: Identifier<Conversation.Thread>, user: Identifier<User>,
    at checkpoint: Identifier<Checkpoint>? = nil
  ) async throws -> ThreadView {
    let configuration = try await configuration(of: thread, user: user)
    let snapshot = try await store.snapshot(of: thread, at: checkpoint)
    if checkpoint != nil, snapshot == nil { throw EngineError.checkpointNotFound }
    return ThreadView(architecture: configuration.architecture, snapshot: snapshot)
  }

  /// One page of the thread's checkpoints, newest first; it may be shorter than asked for, when the states are
  /// large. An empty one is the end.
  /// - Parameter before: the last checkpoint of the page before.
  package func history(
    of thread: Identifier<Conversation.Thread>, user: Identifier<User>, before: Identifier<Checkpoint>? = nil,
    limit: Int = Limits.historyRows
  ) async throws -> (architecture: AssistantConfiguration.Architecture, page: [Snapshot]) {
    let configuration = try await configuration(of: thread, user: user)
    let page = try await store.history(of: thread, before: before, limit: limit)
    return (configuration.architecture, Self.withinBytes(page))
  }

  /// As many of the page as fit, and the first in any case: each repeats the whole state, so that a long
  /// thread's pages would grow without bound.
  private static func withinBytes(_ page: [Snapshot]) -> [Snapshot] {
    var bytes = 0
    let fitting = page.prefix { snapshot in
      bytes += snapshot.state.messages.reduce(0) { $0 + $1.text.utf8.count + Limits.messageFrameBytes }
      return bytes <= Limits.historyBytes
    }
    return fitting.isEmpty ? Array(page.prefix(1)) : Array(fitting)
  }

  /// Writes messages into the state as a person: known ids are replaced, new ones appended. What runs next is
  /// decided anew, as if the node that ran last had written them.
  /// - Parameter checkpoint: edit there, which forks the thread; nil for its newest one.
  package func edit(
    _ thread: Identifier<Conversation.Thread>, user: Identifier<User>, messages: [Message],
    at checkpoint: Identifier<Checkpoint>? = nil
  ) async throws {
    let configuration = try await configuration(of: thread, user: user)
    if let busy = busyRun(of: thread) { throw EngineError.threadBusy(busy) }
    let current = try await store.snapshot(of: thread, at: checkpoint)
    if checkpoint != nil, current == nil { throw EngineError.checkpointNotFound }
    let after = try edited(
      current, of: thread, messages: messages.map(\.withConsistentCalls), configuration: configuration)
    try await store.commit(after.snapshot.checkpoint, update: after.update)
  }

  private func edited(
    _ current: Snapshot?, of thread: Identifier<Conversation.Thread>, messages: [Message],
    configuration: AssistantConfiguration
  ) throws -> (snapshot: Snapshot, update: StateUpdate) {
    let update = StateUpdate(messages: messages)
    let graph = graphWithoutTools(for: configuration)
    guard let current else {
      let root = Checkpoint(
        threadID: thread, parentID: nil, runID: nil, step: 0, source: .update, node: .start,
        next: [graph.entry])
      return (Snapshot(checkpoint: root, state: ThreadState(messages: messages)), update)
    }
    let after = Step(graph: graph).checkpoint(
      after: current, node: current.checkpoint.node ?? .start, update: update, runID: nil, source: .update)
    return (after, update)
  }

  /// Enough to say which node follows which, and which calls a message asks for.
  func graphWithoutTools(for configuration: AssistantConfiguration) -> any Graph {
    let callsTools = (try? models.entry(named: configuration.model).callsTools) ?? true
    // An agent without tools has no use for XML; one whose tools are only not at hand speaks it still.
    guard configuration.architecture == .agent, !callsTools, !configuration.tools.isEmpty else {
      return graph(for: configuration, tools: [], callsTools: callsTools)
    }
    return XMLAgentGraph(
      systemMessage: configuration.systemMessage, tools: [], permissions: ToolPermissions())
  }

  func configuration(
    of thread: Identifier<Conversation.Thread>, user: Identifier<User>
  ) async throws -> AssistantConfiguration {
    guard let found = try await store.thread(thread, of: user) else { throw EngineError.threadNotFound }
    guard let id = found.assistantID, let assistant = try await store.assistant(id, visibleTo: user) else {
      throw EngineError.threadHasNoAssistant
    }
    do throws(ConfigurationError) {
      return try AssistantConfiguration(config: assistant.config)
    } catch {
      throw EngineError.invalidConfiguration(error)
    }
  }
}

extension Message {
  /// OpenAI's copy of the calls made to agree with `toolCalls`, which is what counts.
  var withConsistentCalls: Message {
    guard role == .ai, additionalKwargs["tool_calls"] != nil else { return self }
    var message = self
    message.additionalKwargs["tool_calls"] =
      toolCalls.isEmpty ? nil : .array(toolCalls.enumerated().map { $1.openAIShape(index: $0) })
    return message
  }
}
