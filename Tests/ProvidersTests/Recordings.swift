import Conversation
import Foundation
import Testing
import Transport

@testable import Providers

/// How one vendor says the same things: the bytes it streams, and what a call of its adapter looks like.
struct Dialect: Sendable, CustomTestStringConvertible {
  let name: String
  let contentType: String
  let read: @Sendable ([UInt8], Int) throws -> Heard
  let chat: @Sendable (_ baseURL: String, _ deadlines: Deadlines) -> any ChatModel
  /// "Grüße, 世界 🐻" in pieces, and figures 9 and 4.
  let answer: [UInt8]
  /// `find {"q":"x"}` and `add {}` at once.
  let calls: [UInt8]
  /// "I look. ", then `find {"q":"ü"}`.
  let call: [UInt8]
  /// An answer that ran into its bound, and one that was refused.
  let length: [UInt8]
  let refusal: [UInt8]
  /// Thought "Hm. Well." with a signature where the vendor signs, then "So." was said.
  let thought: [UInt8]
  /// Bytes that are frames of the vendor's, and no reply.
  let garbage: [UInt8]
  /// The conversation is too long, as the body of a refusal.
  let tooLong: (status: Int, body: String)
  let signs: Bool
  /// "Here: " and a picture; nil where the vendor's models make none in an answer.
  var picture: [UInt8]?

  var testDescription: String { name }

  static let all: [Dialect] = [openAI, responses, anthropic, gemini, ollama, bedrock]
}

/// Server-sent events of these data lines.
private func events(_ lines: String...) -> [UInt8] {
  Array(lines.map { "data: \($0)\n\n" }.joined().utf8)
}

private func namedEvents(_ lines: String...) -> [UInt8] {
  let texts = lines.map { line -> String in
    let name = (try? JSON(parsing: line))?["type"]?.string ?? "x"
    return "event: \(name)\ndata: \(line)\n\n"
  }
  return Array(texts.joined().utf8)
}

private func lines(_ lines: String...) -> [UInt8] {
  Array(lines.map { "\($0)\n" }.joined().utf8)
}

// MARK: OpenAI

extension Dialect {
  static let openAI = Dialect(
    name: "OpenAI", contentType: "text/event-stream",
    read: { try OpenAIStreamReader.hear($0, with: OpenAIStreamReader(), bytesAtOnce: $1) },
    chat: { url, deadlines in
      OpenAIChat(
        model: "gpt-x", endpoint: Endpoint(baseURL: url, apiKey: "sk-secret", deadlines: deadlines),
        client: HTTPClient(policy: .trusted))
    },
    answer: Array(": a comment\n\n".utf8)
      + events(
        #"{"model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
        #"{"model":"gpt-x","choices":[{"index":0,"delta":{"content":"Grüße, "},"finish_reason":null}]}"#,
        #"{"model":"gpt-x","choices":[{"index":0,"delta":{"content":"世界 🐻"},"finish_reason":null}]}"#,
        #"{"model":"gpt-x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        #"{"model":"gpt-x","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":5}}}"#,
        "[DONE]"),
    calls: events(
      #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":""}}]}}]}"#,
      #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"q\": "}},{"index":1,"id":"b","function":{"name":"add","arguments":"{}"}}]}}]}"#,
      #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"x\"}"}}]}}]}"#,
      #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#),
    call: events(
      #"{"choices":[{"delta":{"content":"I look. "}}]}"#,
      #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":"{\"q\":\"ü\"}"}}]}}]}"#,
      #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]"),
    length: events(
      #"{"choices":[{"delta":{"content":"Lo"}}]}"#, #"{"choices":[{"delta":{},"finish_reason":"length"}]}"#),
    refusal: events(
      #"{"choices":[{"delta":{"refusal":"No."}}]}"#,
      #"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#),
    thought: events(
      #"{"choices":[{"delta":{"reasoning_content":"Hm. "}}]}"#,
      #"{"choices":[{"delta":{"reasoning_content":"Well."}}]}"#,
      #"{"choices":[{"delta":{"content":"So."}}]}"#, #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#),
    garbage: events(#"{"choices": 5}"#),
    tooLong: (400, #"{"error":{"code":"context_length_exceeded","message":"too long"}}"#), signs: false,
    picture: events(
      #"{"choices":[{"delta":{"content":"Here: "}}]}"#,
      #"{"choices":[{"delta":{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}}]}"#,
      #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#))
}

// MARK: OpenAI's responses

extension Dialect {
  static let responses = Dialect(
    name: "Responses", contentType: "text/event-stream",
    read: { try OpenAIResponsesReader.hear($0, with: OpenAIResponsesReader(), bytesAtOnce: $1) },
    chat: { url, deadlines in
      OpenAIResponses(
        ModelParameters(model: "gpt-6-sol"),
        endpoint: Endpoint(baseURL: url, apiKey: "sk-secret", deadlines: deadlines),
        client: HTTPClient(policy: .trusted))
    },
    answer: namedEvents(
      #"{"type":"response.created","response":{"id":"r","model":"gpt-x","status":"in_progress"}}"#,
      #"{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m","content":[]}}"#,
      #"{"type":"response.output_text.delta","output_index":0,"delta":"Grüße, "}"#,
      #"{"type":"response.output_text.delta","output_index":0,"delta":"世界 🐻"}"#,
      #"{"type":"response.output_text.done","output_index":0,"text":"Grüße, 世界 🐻"}"#,
      #"{"type":"response.completed","response":{"id":"r","model":"gpt-x","status":"completed","usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":5},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":13}}}"#
    ),
    calls: namedEvents(
      #"{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"f1","call_id":"a","name":"find","arguments":""}}"#,
      #"{"type":"response.function_call_arguments.delta","output_index":0,"item_id":"f1","delta":"{\"q\": "}"#,
      #"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","id":"f2","call_id":"b","name":"add","arguments":""}}"#,
      #"{"type":"response.function_call_arguments.delta","output_index":1,"item_id":"f2","delta":"{}"}"#,
      #"{"type":"response.function_call_arguments.delta","output_index":0,"item_id":"f1","delta":"\"x\"}"}"#,
      #"{"type":"response.completed","response":{"model":"gpt-x"}}"#),
    call: namedEvents(
      #"{"type":"response.output_text.delta","output_index":0,"delta":"I look. "}"#,
      #"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","id":"f1","call_id":"a","name":"find","arguments":""}}"#,
      #"{"type":"response.function_call_arguments.delta","output_index":1,"item_id":"f1","delta":"{\"q\":\"ü\"}"}"#,
      #"{"type":"response.completed","response":{"model":"gpt-x"}}"#),
    length: namedEvents(
      #"{"type":"response.output_text.delta","output_index":0,"delta":"Lo"}"#,
      #"{"type":"response.incomplete","response":{"incomplete_details":{"reason":"max_output_tokens"}}}"#),
    refusal: namedEvents(
      #"{"type":"response.refusal.delta","output_index":0,"delta":"No."}"#,
      #"{"type":"response.incomplete","response":{"incomplete_details":{"reason":"content_filter"}}}"#),
    thought: namedEvents(
      #"{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"sig","summary":[]}}"#,
      #"{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"sig","summary":[{"type":"summary_text","text":"Hm. Well."}],"encrypted_content":"sealed"}}"#,
      #"{"type":"response.output_text.delta","output_index":1,"delta":"So."}"#,
      #"{"type":"response.completed","response":{"model":"gpt-x"}}"#),
    garbage: events(#"{"type": 5}"#),
    tooLong: (400, #"{"error":{"code":"context_length_exceeded","message":"too long"}}"#), signs: true)
}

// MARK: Anthropic

extension Dialect {
  static let anthropic = Dialect(
    name: "Anthropic", contentType: "text/event-stream",
    read: { try AnthropicStreamReader.hear($0, with: AnthropicStreamReader(), bytesAtOnce: $1) },
    chat: { url, deadlines in
      AnthropicChat(
        ModelParameters(model: "claude-x"),
        endpoint: Endpoint(baseURL: url, apiKey: "sk-secret", deadlines: deadlines),
        client: HTTPClient(policy: .trusted))
    },
    answer: namedEvents(
      #"{"type":"message_start","message":{"id":"m","model":"claude-x","usage":{"input_tokens":4,"cache_read_input_tokens":5,"output_tokens":1}}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
      #"{"type":"ping"}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße, "}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"世界 🐻"}}"#,
      #"{"type":"content_block_stop","index":0}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":4}}"#,
      #"{"type":"message_stop"}"#),
    calls: namedEvents(
      #"{"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":9,"output_tokens":1}}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"find","input":{}}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"q\": "}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\"x\"}"}}"#,
      #"{"type":"content_block_stop","index":0}"#,
      #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"b","name":"add","input":{}}}"#,
      #"{"type":"content_block_stop","index":1}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":4}}"#,
      #"{"type":"message_stop"}"#),
    call: namedEvents(
      #"{"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":9,"output_tokens":1}}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I look. "}}"#,
      #"{"type":"content_block_stop","index":0}"#,
      #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"find","input":{}}}"#,
      #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"q\":\"ü\"}"}}"#,
      #"{"type":"content_block_stop","index":1}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":4}}"#,
      #"{"type":"message_stop"}"#),
    length: ending("max_tokens", text: "Lo"), refusal: ending("refusal", text: "No."),
    thought: namedEvents(
      #"{"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":9,"output_tokens":1}}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm. "}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Well."}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}"#,
      #"{"type":"content_block_stop","index":0}"#,
      #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
      #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"So."}}"#,
      #"{"type":"content_block_stop","index":1}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}"#,
      #"{"type":"message_stop"}"#),
    garbage: events(#"{"type": 5}"#),
    tooLong: (
      400,
      #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"}}"#
    ), signs: true)

  private static func ending(_ reason: String, text: String) -> [UInt8] {
    namedEvents(
      #"{"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":9,"output_tokens":1}}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#(text)"}}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)"},"usage":{"output_tokens":4}}"#,
      #"{"type":"message_stop"}"#)
  }
}

// MARK: Gemini

extension Dialect {
  static let gemini = Dialect(
    name: "Gemini", contentType: "text/event-stream",
    read: { try GeminiStreamReader.hear($0, with: GeminiStreamReader(), bytesAtOnce: $1) },
    chat: { url, deadlines in
      GeminiChat(
        ModelParameters(model: "gemini-3.8-flash"),
        endpoint: Endpoint(baseURL: url, apiKey: "sk-secret", deadlines: deadlines), access: .apiKey,
        client: HTTPClient(policy: .trusted))
    },
    answer: events(
      #"{"candidates":[{"content":{"role":"model","parts":[{"text":"Grüße, "}]},"index":0}],"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9},"modelVersion":"gemini-x"}"#,
      #"{"candidates":[{"content":{"role":"model","parts":[{"text":"世界 🐻"}]},"index":0}],"modelVersion":"gemini-x"}"#,
      #"{"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4,"totalTokenCount":13,"cachedContentTokenCount":5},"modelVersion":"gemini-x"}"#
    ),
    calls: events(
      #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"find","args":{"q":"x"}},"thoughtSignature":"sig"},{"functionCall":{"name":"add","args":{}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4}}"#
    ),
    call: events(
      #"{"candidates":[{"content":{"parts":[{"text":"I look. "}]}}]}"#,
      #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"find","args":{"q":"ü"}}}]},"finishReason":"STOP"}]}"#
    ),
    length: events(
      #"{"candidates":[{"content":{"parts":[{"text":"Lo"}]},"finishReason":"MAX_TOKENS"}]}"#),
    refusal: events(#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9}}"#),
    thought: events(
      #"{"candidates":[{"content":{"parts":[{"text":"Hm. ","thought":true}]}}]}"#,
      #"{"candidates":[{"content":{"parts":[{"text":"Well.","thought":true}]}}]}"#,
      #"{"candidates":[{"content":{"parts":[{"text":"So.","thoughtSignature":"sig"}]},"finishReason":"STOP"}]}"#
    ),
    garbage: events(#"{"candidates": 5}"#),
    tooLong: (
      400,
      #"{"error":{"code":400,"message":"The input token count (9) exceeds the maximum number of tokens allowed (8).","status":"INVALID_ARGUMENT"}}"#
    ), signs: true,
    picture: events(
      #"{"candidates":[{"content":{"parts":[{"text":"Here: "}]}}]}"#,
      #"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]},"finishReason":"STOP"}]}"#
    ))
}

// MARK: Ollama

extension Dialect {
  static let ollama = Dialect(
    name: "Ollama", contentType: "application/x-ndjson",
    read: { try OllamaStreamReader.hear($0, with: OllamaStreamReader(), bytesAtOnce: $1) },
    chat: { url, deadlines in
      OllamaChat(
        ModelParameters(model: "llama3"),
        endpoint: Endpoint(baseURL: url, apiKey: "sk-secret", deadlines: deadlines),
        client: HTTPClient(policy: .trusted))
    },
    answer: lines(
      #"{"model":"llama3","message":{"role":"assistant","content":"Grüße, "},"done":false}"#,
      #"{"model":"llama3","message":{"role":"assistant","content":"世界 🐻"},"done":false}"#,
      #"{"model":"llama3","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":4}"#
    ),
    calls: lines(
      #"{"model":"llama3","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"find","arguments":{"q":"x"}}},{"function":{"name":"add","arguments":{}}}]},"done":false}"#,
      #"{"model":"llama3","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":4}"#
    ),
    call: lines(
      #"{"model":"llama3","message":{"role":"assistant","content":"I look. "},"done":false}"#,
      #"{"model":"llama3","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"find","arguments":{"q":"ü"}}}]},"done":false}"#,
      #"{"model":"llama3","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"#),
    length: lines(
      #"{"model":"llama3","message":{"role":"assistant","content":"Lo"},"done":true,"done_reason":"length"}"#),
    refusal: lines(
      #"{"model":"llama3","message":{"role":"assistant","content":"No."},"done":true,"done_reason":"stop"}"#),
    thought: lines(
      #"{"model":"llama3","message":{"role":"assistant","content":"","thinking":"Hm. "},"done":false}"#,
      #"{"model":"llama3","message":{"role":"assistant","content":"","thinking":"Well."},"done":false}"#,
      #"{"model":"llama3","message":{"role":"assistant","content":"So."},"done":true,"done_reason":"stop"}"#),
    garbage: lines("[1,2"), tooLong: (400, #"{"error":"input is too long"}"#), signs: false)
}

// MARK: Bedrock

extension Dialect {
  static let bedrock = Dialect(
    name: "Bedrock", contentType: "application/vnd.amazon.eventstream",
    read: { try BedrockStreamReader.hear($0, with: BedrockStreamReader(), bytesAtOnce: $1) },
    chat: { url, deadlines in
      BedrockChat(
        ModelParameters(model: "claude-x"),
        endpoint: Endpoint(baseURL: url, apiKey: nil, deadlines: deadlines),
        access: .init(region: "us-west-2") {
          AWSCredentials(accessKeyID: "AKID", secretAccessKey: "sk-secret")
        }, client: HTTPClient(policy: .trusted))
    },
    answer: AWSFrame.event("messageStart", #"{"role":"assistant"}"#)
      + AWSFrame.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"Grüße, "}}"#)
      + AWSFrame.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"世界 🐻"}}"#)
      + AWSFrame.event("contentBlockStop", #"{"contentBlockIndex":0}"#) + end("end_turn", cached: 5),
    calls: AWSFrame.event(
      "contentBlockStart", #"{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"a","name":"find"}}}"#)
      + AWSFrame.event(
        "contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"q\": "}}}"#)
      + AWSFrame.event(
        "contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"toolUse":{"input":"\"x\"}"}}}"#)
      + AWSFrame.event("contentBlockStop", #"{"contentBlockIndex":0}"#)
      + AWSFrame.event(
        "contentBlockStart", #"{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"b","name":"add"}}}"#)
      + AWSFrame.event("contentBlockStop", #"{"contentBlockIndex":1}"#) + end("tool_use"),
    call: AWSFrame.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"I look. "}}"#)
      + AWSFrame.event(
        "contentBlockStart", #"{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"a","name":"find"}}}"#)
      + AWSFrame.event(
        "contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"q\":\"ü\"}"}}}"#)
      + AWSFrame.event("contentBlockStop", #"{"contentBlockIndex":1}"#) + end("tool_use"),
    length: AWSFrame.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"Lo"}}"#)
      + end("max_tokens"),
    refusal: AWSFrame.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"No."}}"#)
      + end("guardrail_intervened"),
    thought: AWSFrame.event(
      "contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm. "}}}"#)
      + AWSFrame.event(
        "contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Well."}}}"#)
      + AWSFrame.event(
        "contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"sig"}}}"#)
      + AWSFrame.event("contentBlockStop", #"{"contentBlockIndex":0}"#)
      + AWSFrame.event("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"So."}}"#)
      + end("end_turn"),
    garbage: AWSFrame.event("contentBlockDelta", "[1,2"),
    tooLong: (400, #"{"message":"Input is too long for requested model."}"#), signs: true)

  private static func end(_ reason: String, cached: Int = 0) -> [UInt8] {
    AWSFrame.event("messageStop", #"{"stopReason":"\#(reason)"}"#)
      + AWSFrame.event(
        "metadata",
        #"{"usage":{"inputTokens":\#(9 - cached),"outputTokens":4,"totalTokens":13,"cacheReadInputTokens":\#(cached)},"metrics":{"latencyMs":1}}"#
      )
  }
}

/// Amazon's frames, written.
enum AWSFrame {
  static func event(_ type: String, _ payload: String) -> [UInt8] {
    frame(
      [(":message-type", "event"), (":event-type", type), (":content-type", "application/json")], payload)
  }

  static func exception(_ type: String, _ message: String) -> [UInt8] {
    frame([(":message-type", "exception"), (":exception-type", type)], #"{"message":"\#(message)"}"#)
  }

  static func frame(_ headers: [(String, String)], _ payload: String) -> [UInt8] {
    let encoded = headers.flatMap { name, value -> [UInt8] in
      [UInt8(name.utf8.count)] + Array(name.utf8) + [7] + Array(bytes(value.utf8.count).suffix(2))
        + Array(value.utf8)
    }
    let prelude = bytes(16 + encoded.count + payload.utf8.count) + bytes(encoded.count)
    let start = prelude + bytes(Int(CRC32.checksum(of: prelude))) + encoded + Array(payload.utf8)
    return start + bytes(Int(CRC32.checksum(of: start)))
  }

  private static func bytes(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
