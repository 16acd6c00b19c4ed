import Conversation
import Providers
import Synchronization

/// A model that says what a test has written down, one entry a call, and remembers what it was asked.
final class ScriptedModel: ChatModel {
  enum Act: Sendable {
    case say(String)
    case call([ToolCall])
    /// Says so much, then fails.
    case fail(ModelError, after: String)
    /// Says so much, then waits until it is stopped.
    case hang(after: String)
  }

  private let script: Mutex<[Act]>
  private let asked = Mutex<[ChatRequest]>([])

  init(_ script: [Act]) {
    self.script = Mutex(script)
  }

  var requests: [ChatRequest] { asked.withLock { $0 } }

  func reply(to request: ChatRequest, receive: (ModelEvent) async -> Void) async throws(ModelError) {
    asked.withLock { $0.append(request) }
    let act = script.withLock { $0.isEmpty ? .say("(nothing left to say)") : $0.removeFirst() }
    switch act {
    case .say(let text):
      for word in text.split(separator: " ", omittingEmptySubsequences: false) {
        await receive(.text("\(word) "))
      }
      await receive(.usage(TokenUsage(inputTokens: 1, outputTokens: 2)))
      await receive(.finished(reason: "stop", model: "scripted"))
    case .call(let calls):
      for (index, call) in calls.enumerated() {
        await receive(
          .toolCall(ToolCallDelta(index: index, id: call.id, name: call.name, arguments: call.arguments.text))
        )
      }
      await receive(.finished(reason: "tool_calls", model: "scripted"))
    case .fail(let error, let text):
      if !text.isEmpty { await receive(.text(text)) }
      throw error
    case .hang(let text):
      if !text.isEmpty { await receive(.text(text)) }
      while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
      throw .cancelled
    }
  }
}
