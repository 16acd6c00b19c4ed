import Conversation
import Engine
import Hummingbird
import Store

/// What people are asked about tool calls. They answer by a run's `decisions`.
struct ApprovalRoutes: Sendable {
  let engine: Engine

  /// Everything that was asked in the thread, newest first.
  func list(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    guard try await engine.store.thread(id, of: user) != nil else { throw EngineError.threadNotFound }
    return try .json(await engine.store.approvals(of: id, page: call.page()).map(ApprovalReply.init))
  }

  /// What waits for a decision now, in the order of the calls.
  func pending(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    return try .json(await engine.runner.pendingApprovals(of: id, user: user).map(ApprovalReply.init))
  }
}

/// An approval as clients see it: every member is there, null where there is nothing.
private struct ApprovalReply: Encodable {
  let approval: Approval

  init(_ approval: Approval) {
    self.approval = approval
  }

  func encode(to encoder: any Encoder) throws {
    try approval.encode(to: encoder)
    var container = encoder.container(keyedBy: Approval.CodingKeys.self)
    if approval.decision == nil { try container.encodeNil(forKey: .decision) }
  }
}

extension RunPayload {
  /// Characters of a hash: SHA-256 as hex.
  static let hashCharacters = 64

  /// `decisions` of a body, each with its place where something is wrong; nil when there are none.
  static func decisions(_ body: inout ObjectReader) -> [CallDecision]? {
    guard let value = body.members["decisions"], !value.isNull else { return nil }
    guard let entries = value.array, !entries.isEmpty, entries.count <= Limits.toolCallsPerStep * 4 else {
      body.reject("decisions", as: "list_type", "Input should be a list of decisions, at least one")
      return nil
    }
    return entries.enumerated().compactMap { place, entry in
      do throws(ValidationError) {
        return try CallDecision(entry, at: body.location(of: "decisions") + [.integer(place)])
      } catch {
        for problem in error.problems { body.add(problem) }
        return nil
      }
    }
  }
}

extension CallDecision {
  fileprivate init(_ json: JSON, at location: [JSON]) throws(ValidationError) {
    var body = try ObjectReader(json, at: location)
    let callID = body.string("call_id")
    let action: Approval.Decision.Action? = body.word("action")
    let hash = body.optionalString("arguments_hash", longest: RunPayload.hashCharacters)
    let reason = body.optionalString("reason", longest: Limits.reasonCharacters)
    try body.check()
    guard let action else { throw ValidationError(body.problems) }
    self.init(
      callID: callID, action: action, argumentsHash: hash, arguments: body.members["arguments"],
      reason: reason.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 })
  }
}
