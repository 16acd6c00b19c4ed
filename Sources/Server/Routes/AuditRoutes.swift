import Conversation
import Foundation
import Hummingbird
import NIOCore
import Store

/// The record of who did what, for administrators.
struct AuditRoutes: Sendable {
  let gate: Gate

  /// Newest first; `before` a sequence goes further back.
  func list(_ call: Call, _ caller: Caller) async throws -> Response {
    let limit = try call.integer("limit", in: 1...IdentityLimits.auditRowsMaximum) ?? IdentityLimits.auditRows
    return try .json(await gate.store.auditEntries(query(call), limit: limit))
  }

  private func query(_ call: Call) throws -> Store.AuditQuery {
    var query = Store.AuditQuery(
      action: call.query("action"), before: try call.integer("before", in: 0...Int.max))
    if let text = call.query("user_id") {
      guard let id = Identifier<User>(text) else {
        throw call.rejected("user_id", text, as: "uuid_parsing", "Input should be a valid UUID")
      }
      query.userID = id
    }
    return query
  }

  /// All of it as JSON lines, newest first, a page at a time.
  func export(_ call: Call, _ caller: Caller) async throws -> Response {
    let query = try query(call)
    let store = gate.store
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/x-ndjson", .cacheControl: "no-store",
        .contentDisposition: "attachment; filename=\"audit.jsonl\"",
      ],
      body: ResponseBody { writer in
        var query = query
        while true {
          let entries = try await store.auditEntries(query, limit: IdentityLimits.auditRowsMaximum)
          guard let last = entries.last else { break }
          var buffer = ByteBuffer()
          for entry in entries {
            buffer.writeBytes(try JSON.encoded(entry))
            buffer.writeString("\n")
          }
          try await writer.write(buffer)
          query.before = last.sequence
        }
        try await writer.finish(nil)
      })
  }
}
