import Synchronization

/// What the loop's thread has received and a task has not yet read: the head, then the body's bytes,
/// then how it ended. Bounded by its high-water mark.
final class Exchange: Sendable {
  private struct State {
    var head: HTTPHead?
    var buffer: [UInt8] = []
    var isHeldBack = false
    var end: Result<Void, TransportError>?
    /// Grows with each change, so that no change between looking and waiting is missed.
    var version = 0
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  /// What a reader finds.
  enum Found<Value: Sendable>: Sendable {
    case value(Value, wasHeldBack: Bool)
    case end(TransportError?)
    case nothing(version: Int)
  }

  private let state = Mutex(State())
  private let highWaterBytes: Int

  init(highWaterBytes: Int) {
    self.highWaterBytes = highWaterBytes
  }

  // MARK: The loop's side

  func deliver(_ head: HTTPHead) {
    change { $0.head = head }
  }

  /// False when the bytes must wait: nothing was taken, and the reader asks again once it has read.
  func deliver(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let waiters: [CheckedContinuation<Void, Never>]? = state.withLock { state in
      guard state.buffer.isEmpty || state.buffer.count + bytes.count <= highWaterBytes else {
        state.isHeldBack = true
        return nil
      }
      state.buffer.append(contentsOf: bytes)
      return Self.moveOn(&state)
    }
    waiters?.forEach { $0.resume() }
    return waiters != nil
  }

  /// Only the first end counts; false if there was one before.
  @discardableResult
  func end(_ result: Result<Void, TransportError>) -> Bool {
    change { state in
      guard state.end == nil else { return false }
      state.end = result
      return true
    }
  }

  var isOver: Bool { state.withLock { $0.end != nil } }

  // MARK: The reader's side

  func findHead() -> Found<HTTPHead> {
    state.withLock { state in
      if let head = state.head { return .value(head, wasHeldBack: false) }
      return Self.rest(of: state)
    }
  }

  /// Everything that waits; after an end of the reader's own making, nothing.
  func findBytes() -> Found<[UInt8]> {
    state.withLock { state in
      if case .failure(.cancelled) = state.end { return .end(.cancelled) }
      guard !state.buffer.isEmpty else { return Self.rest(of: state) }
      var taken: [UInt8] = []
      swap(&taken, &state.buffer)
      defer { state.isHeldBack = false }
      return .value(taken, wasHeldBack: state.isHeldBack)
    }
  }

  /// Returns when something has changed since `version`.
  func change(since version: Int) async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isNews = state.withLock { state in
        if state.version == version { state.waiters.append(continuation) }
        return state.version != version
      }
      if isNews { continuation.resume() }
    }
  }

  // MARK: Both

  private static func rest<Value>(of state: State) -> Found<Value> {
    switch state.end {
    case nil: .nothing(version: state.version)
    case .success: .end(nil)
    case .failure(let error): .end(error)
    }
  }

  private func change<Answer: Sendable>(_ body: (inout State) -> Answer) -> Answer {
    let (answer, waiters) = state.withLock { state in
      let answer = body(&state)
      return (answer, Self.moveOn(&state))
    }
    waiters.forEach { $0.resume() }
    return answer
  }

  /// The waiters to wake, outside the lock.
  private static func moveOn(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
    state.version += 1
    var waiters: [CheckedContinuation<Void, Never>] = []
    swap(&waiters, &state.waiters)
    return waiters
  }
}
