import Conversation
import Engine

/// What a run is started with.
struct RunPayload {
  let threadID: Identifier<Conversation.Thread>
  let input: RunRequest.Input
  let config: JSON
  let streamMode: StreamMode
  let onDisconnect: OnDisconnect
  let whenBusy: MultitaskStrategy

  /// What becomes of a run whose client has left: LangGraph's names.
  enum OnDisconnect: String, CaseIterable {
    case cancel
    case `continue`
  }

  init(_ json: JSON) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    let thread: Identifier<Conversation.Thread>? = body.identifier("thread_id")
    let decisions = Self.decisions(&body)
    input = decisions.map { .decide($0) } ?? Self.input(&body)
    if decisions != nil, body.members["input"]?.isNull == false {
      body.reject(
        "input", as: "value_error", "With decisions, the run goes on with what waits: input must be null")
    }
    config = body.optionalObject("config")
    streamMode = Self.streamMode(&body)
    onDisconnect = body.choice("on_disconnect", default: .cancel)
    whenBusy = body.choice("multitask_strategy", default: .reject)
    try body.check()
    guard let thread else { throw ValidationError(body.problems) }
    threadID = thread
  }

  /// Null goes on with what is next; left out, it runs the thread as it stands.
  private static func input(_ body: inout ObjectReader) -> RunRequest.Input {
    guard let value = body.members["input"] else { return .messages([]) }
    return value.isNull ? .resume : .messages(body.messages(value, of: "input"))
  }

  /// One mode, or LangGraph's list of them with one in it.
  private static func streamMode(_ body: inout ObjectReader) -> StreamMode {
    guard let list = body.members["stream_mode"]?.array else {
      return body.choice("stream_mode", default: .messages)
    }
    if list.count == 1, let mode = list[0].string.flatMap(StreamMode.init) { return mode }
    body.reject("stream_mode", as: "enum", "Input should be one of 'messages', 'deltas'")
    return .messages
  }

  func request(of user: Owner, by call: Call) -> RunRequest {
    RunRequest(
      threadID: threadID, userID: user, input: input, config: config, whenBusy: whenBusy,
      requestID: call.requestID)
  }
}
