import Conversation
import Providers
import Synchronization

/// A model that does what the last message of the person says: `say WORDS` says them word by word; `call TOOL
/// TEXT` calls a tool and then says `done`; `fail` fails, `half` fails in the middle; `hold` says something
/// and then waits until it is released or stopped.
final class ScriptedModel: ChatModel {
  private let state = Mutex(State())

  private struct State {
    var isReleased = false
    var waiting = 0
    var stopped = 0
    var asked = 0
    var systems: [String] = []
  }

  /// Lets everything that holds go on, now and later.
  func release() { state.withLock { $0.isReleased = true } }
  /// Calls that hold now.
  var waiting: Int { state.withLock { $0.waiting } }
  /// Calls that were stopped while they held.
  var stopped: Int { state.withLock { $0.stopped } }
  var asked: Int { state.withLock { $0.asked } }
  var systems: [String] { state.withLock { $0.systems } }

  func reply(to request: ChatRequest, receive: (ModelEvent) async -> Void) async throws(ModelError) {
    state.withLock {
      $0.asked += 1
      $0.systems.append(request.system ?? "")
    }
    let text = request.messages.last { $0.role == .human }?.text ?? ""
    let words = text.split(separator: " ", maxSplits: 2).map(String.init)
    switch words.first {
    case "call" where request.messages.last?.role == .human:
      let arguments: JSON = ["text": .string(words.last ?? "")]
      await receive(
        .toolCall(ToolCallDelta(index: 0, id: "call-1", name: words[1], arguments: arguments.text)))
      await receive(.finished(reason: "tool_calls", model: "scripted"))
      return
    case "fail": throw .unreachable(cause: "secret cause")
    case "half":
      await receive(.text("Half an "))
      throw .cut(cause: "secret cause")
    case "hold":
      await receive(.text("Before "))
      try await hold()
      await receive(.text("after"))
    case "say":
      for word in text.dropFirst(4).split(separator: " ") { await receive(.text("\(word) ")) }
    default:
      await receive(.text("done"))
    }
    await receive(.finished(reason: "stop", model: "scripted"))
  }

  private func hold() async throws(ModelError) {
    state.withLock { $0.waiting += 1 }
    defer { state.withLock { $0.waiting -= 1 } }
    while !state.withLock({ $0.isReleased }) {
      if Task.isCancelled {
        state.withLock { $0.stopped += 1 }
        throw .cancelled
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }
}
