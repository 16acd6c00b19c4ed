import Conversation
import Engine
import Foundation
import Hummingbird

/// Whether the server runs, and how its parts are.
struct HealthRoutes: Sendable {
  let engine: Engine
  let version: String
  let monitoring: Monitoring

  func ok(_ call: Call) async throws -> Response {
    .json(bytes: Data(#"{"ok":true}"#.utf8))
  }

  func health(_ call: Call) async throws -> Response {
    .done
  }

  /// 503 when a part that is needed has failed; one that is merely absent or degraded says so.
  func readiness(_ call: Call) async throws -> Response {
    let parts = await engine.readiness() + monitoring.status()
    let report = Readiness(status: Self.worst(of: parts), version: version, parts: parts)
    return try .json(report, status: report.status == .failed ? .serviceUnavailable : .ok)
  }

  private static func worst(of parts: [PartStatus]) -> PartStatus.State {
    if parts.contains(where: { $0.state == .failed }) { return .failed }
    return parts.contains { $0.state == .degraded } ? .degraded : .ok
  }
}

private struct Readiness: Encodable {
  var status: PartStatus.State
  var version: String
  var parts: [PartStatus]
}
