package import Conversation
import Store

// The ways a thread took: looked at, changed between, and gone on with elsewhere.
extension Runner {
  package func lineage(
    of thread: Identifier<Conversation.Thread>, user: Identifier<User>
  ) async throws -> Lineage {
    try await requireThread(thread, of: user)
    return try await store.lineage(of: thread)
  }

  /// One page of the thread's checkpoints with what each changed, newest first, of all its branches.
  /// - Parameter before: the last checkpoint of the page before.
  package func timeline(
    of thread: Identifier<Conversation.Thread>, user: Identifier<User>, before: Identifier<Checkpoint>?,
    limit: Int
  ) async throws -> [TimelineEntry] {
    try await requireThread(thread, of: user)
    do {
      return try await store.timeline(of: thread, before: before, limit: limit)
    } catch StoreError.notFound {
      throw EngineError.checkpointNotFound
    }
  }

  /// Lets the thread stand at a checkpoint of its own, so that it goes on from there; nothing is lost.
  /// - Throws: `.threadBusy` while a run of it goes on.
  package func select(
    _ checkpoint: Identifier<Checkpoint>, in thread: Identifier<Conversation.Thread>, user: Identifier<User>
  ) async throws {
    try await requireThread(thread, of: user)
    if let busy = busyRun(of: thread) { throw EngineError.threadBusy(busy) }
    do {
      try await store.setHead(of: thread, to: checkpoint)
    } catch StoreError.notFound {
      throw EngineError.checkpointNotFound
    }
  }

  /// Makes a thread that came the same way as another up to a checkpoint, or to where that one stands.
  /// - Parameter name: nil for the other's own.
  package func fork(
    _ thread: Identifier<Conversation.Thread>, user: Identifier<User>, at checkpoint: Identifier<Checkpoint>?,
    name: String?
  ) async throws -> Conversation.Thread {
    let original = try await requireThread(thread, of: user)
    let copy = try await store.copyThread(thread, of: user, at: checkpoint, name: name ?? original.name)
    guard let copy else { throw EngineError.checkpointNotFound }
    return copy
  }

  @discardableResult
  private func requireThread(
    _ thread: Identifier<Conversation.Thread>, of user: Identifier<User>
  ) async throws -> Conversation.Thread {
    guard let found = try await store.thread(thread, of: user) else { throw EngineError.threadNotFound }
    return found
  }
}
