import Conversation
import Foundation
import Metering
import Providers

// What is noted of a run, by the names of OpenTelemetry's conventions.

extension Span {
  /// The span of a run itself. One that was taken up again is another span below it, whether or not what was noted
  /// before the cut was kept.
  init(of run: Run, requestID: String?, isTakenUp: Bool) {
    let root = Trace.rootID(of: run.id)
    self.init(
      id: isTakenUp ? .random() : root, parentID: isTakenUp ? root : nil, kind: .run, name: "invoke_agent",
      attributes: [
        "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.id": .string(run.assistantID.description),
        "gen_ai.conversation.id": .string(run.threadID.description),
      ])
    attributes["opengpts.request_id"] = requestID.map(JSON.string)
    if isTakenUp { attributes["opengpts.is_taken_up"] = true }
  }
}

extension ActiveSpan {
  /// A model's answer, as far as it came.
  func note(_ reply: Reply, use: UsageRecord?) {
    set("gen_ai.response.time_to_first_chunk", reply.firstPieceSeconds.map(JSON.number))
    set("gen_ai.response.finish_reasons", reply.finishReason.map { [.string($0)] })
    set("gen_ai.response.model", reply.modelName.map(JSON.string))
    set("opengpts.answered_by", reply.answeredBy.map(JSON.string))
    if reply.isCached { set("opengpts.is_cached", true) }
    setContent("gen_ai.output.messages", reply.finished.traced)
    guard let use else { return }
    set([
      "gen_ai.usage.input_tokens": .integer(use.usage.inputTokens),
      "gen_ai.usage.output_tokens": .integer(use.usage.outputTokens),
      "gen_ai.usage.cache_read.input_tokens": .integer(use.usage.cacheReadTokens),
    ])
    if use.isEstimated { set("opengpts.is_estimated", true) }
    set("opengpts.cost_micros", use.costMicros.map(JSON.integer))
  }

  /// Why a model call failed, as the person is told.
  func fail(_ error: ModelError) {
    let failure = RunFailure(error)
    fail(failure.code, failure.message)
  }
}

extension ChatRequest {
  /// The messages as the conventions want them, without `system`: who uses an assistant of somebody else is not to
  /// read what it was told.
  var traced: String {
    "[" + messages.map(\.tracedMessage.text).joined(separator: ",") + "]"
  }
}

extension Message {
  /// The message as a list, as the conventions want it.
  var traced: String { JSON.array([tracedMessage]).text }

  fileprivate var tracedMessage: JSON {
    let said: [JSON] = text.isEmpty ? [] : [["type": "text", "content": .string(text)]]
    let calls = toolCalls.map { call -> JSON in
      ["type": "tool_call", "id": .string(call.id), "name": .string(call.name), "arguments": call.arguments]
    }
    guard let answered = toolCallID else {
      return ["role": .string(tracedRole), "parts": .array(said + calls)]
    }
    let result: JSON = ["type": "tool_call_response", "id": .string(answered), "response": content]
    return ["role": "tool", "parts": [result]]
  }

  private var tracedRole: String {
    switch role {
    case .human: "user"
    case .ai: "assistant"
    case .system: "system"
    case .tool, .function: "tool"
    case .chat: "user"
    }
  }
}
