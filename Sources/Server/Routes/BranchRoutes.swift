import Conversation
import Engine
import Hummingbird

/// The ways a thread took: told, changed between, and copied.
struct BranchRoutes: Sendable {
  let engine: Engine

  func lineage(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await engine.runner.lineage(of: thread(call), user: user))
  }

  /// Newest first. `limit` and `before`, a checkpoint's id, page through it.
  func timeline(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(
      await engine.runner.timeline(
        of: thread(call), user: user, before: call.checkpoint("before"),
        limit: call.integer("limit", in: 0...Limits.timelineRowsMaximum) ?? Limits.timelineRows))
  }

  /// From then on the thread stands at that checkpoint.
  func select(_ call: Call, _ user: Owner) async throws -> Response {
    let thread = try thread(call)
    var body = try ObjectReader(await call.json(), at: ["body"])
    let checkpoint: Identifier<Checkpoint>? = body.identifier("checkpoint_id")
    try body.check()
    guard let checkpoint else { throw ValidationError(body.problems) }
    try await engine.runner.select(checkpoint, in: thread, user: user)
    return try .json(await engine.runner.lineage(of: thread, user: user))
  }

  /// A new thread with what led there, and with the files of the old one.
  func fork(_ call: Call, _ user: Owner) async throws -> Response {
    let thread = try thread(call)
    var body = try ObjectReader(await call.json(), at: ["body"])
    let isNamed = body.members["checkpoint_id"].map { !$0.isNull } ?? false
    let checkpoint: Identifier<Checkpoint>? = isNamed ? body.identifier("checkpoint_id") : nil
    let name = body.optionalString("name")?.cut(toCharacters: Limits.nameCharacters)
    try body.check()
    let copy = try await engine.runner.fork(thread, user: user, at: checkpoint, name: name)
    try await engine.ingester.copyFiles(of: .thread(thread), to: .thread(copy.id), for: user)
    return try .json(copy)
  }

  private func thread(_ call: Call) throws -> Identifier<Conversation.Thread> {
    try call.identifier("thread_id", orThrow: .threadNotFound)
  }
}
