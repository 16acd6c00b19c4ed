import Conversation
import Foundation
import Providers

/// Does what the model server did against which the original was recorded, as the person's last message says:
/// `[[tokens=N]]` words, `[[say TEXT]]`, `[[echo]]` the system prompt, `[[status=N]]` a refusal, `drop=N` a
/// cut after N words, `call:TOOL {…}` a line for each call, `loop:N` the same calls N times.
struct RecordedModel: ChatModel {
  func reply(to request: ChatRequest, receive: (ModelEvent) async -> Void) async throws(ModelError) {
    let text = request.messages.last { $0.role == .human }?.text ?? ""
    if text.contains("[[status=") { throw .unavailable(status: 500) }
    let rounds = request.messages.reversed().prefix { $0.role != .human }.count { $0.role == .tool }
    let most = text.firstMatch(of: /loop:([0-9]+)/).flatMap { Int($0.output.1) } ?? 1
    let calls = rounds < most ? Self.calls(in: text, at: request.messages.count) : []
    if !calls.isEmpty {
      for call in calls { await receive(.toolCall(call)) }
      await receive(.finished(reason: "tool_calls", model: "gpt-3.5-turbo"))
      return
    }
    for word in words(text, system: request.system ?? "") { await receive(.text(word)) }
    if text.contains("drop=") { throw .cut(cause: "dropped") }
    await receive(.finished(reason: "stop", model: "gpt-3.5-turbo"))
  }

  private static func calls(in text: String, at place: Int) -> [ToolCallDelta] {
    text.split(separator: "\n").filter { $0.hasPrefix("call:") }.enumerated().map { index, line in
      let parts = line.dropFirst(5).split(separator: " ", maxSplits: 1).map(String.init)
      return ToolCallDelta(
        index: index, id: "call_\(place)_\(index)", name: parts[0],
        arguments: parts.count > 1 ? parts[1] : "{}")
    }
  }

  private func words(_ text: String, system: String) -> [String] {
    if text.contains("[[echo]]") { return [system] }
    if let said = text.firstMatch(of: /\[\[say (.*?)\]\]/) { return [String(said.output.1)] }
    let count = text.firstMatch(of: /drop=([0-9]+)/) ?? text.firstMatch(of: /tokens=([0-9]+)/)
    return Array(repeating: "lorem ", count: count.flatMap { Int($0.output.1) } ?? 5)
  }
}
