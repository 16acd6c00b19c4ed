import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Metering
import NIOCore

/// Measurements for Prometheus. They name no user and no content, but say how busy a place is: see
/// `Monitoring.MetricsAccess`.
struct MetricsRoutes: Sendable {
  let engine: Engine
  let monitoring: Monitoring

  func metrics(_ call: Call) async throws -> Response {
    guard isAllowed(call) else { throw Refusal(.notFound, "Not Found") }
    var exposition = Exposition()
    monitoring.meter.measure(into: &exposition)
    await engine.measure(into: &exposition)
    monitoring.measure(&exposition)
    return Response(
      status: .ok, headers: [.contentType: Exposition.mediaType, .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(string: exposition.text)))
  }

  private func isAllowed(_ call: Call) -> Bool {
    switch monitoring.metricsAccess {
    case .off: false
    case .anyone: true
    case .loopback: call.isStraightFromThisMachine
    }
  }
}

extension Call {
  /// A proxy on this machine is loopback too, but says whom it speaks for.
  var isStraightFromThisMachine: Bool {
    client.isLocal && !client.isProxied && Self.proxyHeaders.allSatisfy { request.headers[$0] == nil }
  }

  private static let proxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"].compactMap {
    HTTPField.Name($0)
  }
}
