import Conversation
import Engine
import Foundation

/// Turns the events of a run, in order, into those of the wire.
///
/// It is a pure function of the log, and nothing of time enters it, so that a client that was cut off and
/// comes back gets byte for byte what it would have got.
struct EventFold {
  /// A growing message is shown again once it has grown by this part of what was shown last. All the showings
  /// of an answer together then cost at most 13 times its text, however fast or slow it comes; with their
  /// frames less than 20 times.
  private static let growth = 12

  private let runID: Identifier<Run>
  private let mode: StreamMode
  private let showsWholeThread: Bool
  /// Events of the log taken so far.
  private var taken = 0
  fileprivate var growing: Growing?

  /// A message that is being written, and what the client has of it.
  fileprivate struct Growing {
    var message: PartialMessage
    var unsent: MessageDelta
    var bytes = 0
    var bytesShown = 0
  }

  /// - Parameter showsWholeThread: begin with the whole conversation, not only with what is new in it.
  init(runID: Identifier<Run>, mode: StreamMode, showsWholeThread: Bool) {
    self.runID = runID
    self.mode = mode
    self.showsWholeThread = showsWholeThread
  }

  /// What the next event of the log is on the wire.
  mutating func take(_ event: RunEvent) throws -> [WireEvent] {
    taken += 1
    switch event {
    case .began(let state, let input):
      return [try metadata()] + (try committed(showsWholeThread ? state : input))
    case .delta(let delta):
      return try take(delta)
    case .pulse:
      return try pulse()
    case .committed(let messages):
      growing = nil
      return try committed(messages)
    case .progress(let progress):
      return mode == .deltas ? [try wire(.progress, progress)] : []
    case .waiting(let wait):
      return mode == .deltas ? [try wire(.waiting, wait)] : []
    case .failed(let failure):
      return [try wire(.error, failure)]
    case .ended:
      return [WireEvent(name: .end, place: taken)]
    }
  }

  private func metadata() throws -> WireEvent {
    WireEvent(name: .metadata, place: 0, data: try JSON.encoded(["run_id": runID]))
  }

  private func committed(_ messages: [Message]) throws -> [WireEvent] {
    messages.isEmpty && mode == .deltas ? [] : [try wire(.data, messages)]
  }

  private func wire(_ name: WireEvent.Name, _ value: some Encodable) throws -> WireEvent {
    WireEvent(name: name, place: taken, data: try JSON.encoded(value))
  }

  // MARK: A growing message

  /// A message is there from its first piece on, and begins empty; that a model was asked is no piece yet.
  private mutating func take(_ delta: MessageDelta) throws -> [WireEvent] {
    guard !delta.text.isEmpty || !delta.toolCalls.isEmpty else { return [] }
    let isFirst = growing?.unsent.id != delta.id
    var growing =
      isFirst
      ? Growing(message: PartialMessage(id: delta.id), unsent: MessageDelta(id: delta.id)) : self.growing
    growing?.add(delta)
    self.growing = growing
    guard isFirst, mode == .messages else { return [] }
    return [try wire(.data, [Message.assistant("", id: delta.id)])]
  }

  private mutating func pulse() throws -> [WireEvent] {
    guard let growing, growing.bytes > growing.bytesShown else { return [] }
    switch mode {
    case .messages:
      guard growing.bytes - growing.bytesShown > growing.bytesShown / Self.growth else { return [] }
      self.growing?.bytesShown = growing.bytes
      return [try wire(.data, [growing.message.soFar])]
    case .deltas:
      self.growing?.bytesShown = growing.bytes
      self.growing?.unsent = MessageDelta(id: growing.unsent.id)
      return [try wire(.delta, WireDelta(growing.unsent))]
    }
  }
}

extension EventFold.Growing {
  fileprivate mutating func add(_ delta: MessageDelta) {
    message.append(delta)
    bytes += delta.text.utf8.count
    unsent.text += delta.text
    for piece in delta.toolCalls {
      bytes += piece.arguments.utf8.count + (piece.name?.utf8.count ?? 0)
      unsent.append(piece)
    }
  }
}

extension MessageDelta {
  /// Adds a piece of a call to what there is of that call.
  fileprivate mutating func append(_ piece: ToolCallDelta) {
    guard let place = toolCalls.firstIndex(where: { $0.index == piece.index }) else {
      toolCalls.append(piece)
      return
    }
    toolCalls[place].id = toolCalls[place].id ?? piece.id
    toolCalls[place].name = toolCalls[place].name ?? piece.name
    toolCalls[place].arguments += piece.arguments
  }
}

/// What was added to a message, as the wire has it: `{"id", "content"?, "tool_calls"?}`.
private struct WireDelta: Encodable {
  var id: String
  var content: String?
  var toolCalls: [ToolCallDelta]?

  init(_ delta: MessageDelta) {
    id = delta.id
    content = delta.text.isEmpty ? nil : delta.text
    toolCalls = delta.toolCalls.isEmpty ? nil : delta.toolCalls
  }

  enum CodingKeys: String, CodingKey {
    case id, content
    case toolCalls = "tool_calls"
  }
}
