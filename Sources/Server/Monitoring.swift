package import Engine
package import Metering

/// What those who run the program may learn of it, beside what the engine knows itself.
package struct Monitoring: Sendable {
  /// Who may read `/metrics`.
  package enum MetricsAccess: String, Sendable {
    /// Programs of this machine that come straight, not through a proxy.
    case loopback
    case anyone
    case off
  }

  package var metricsAccess = MetricsAccess.loopback
  /// Parts for `/readyz`.
  package var status: @Sendable () async -> [PartStatus] = { [] }
  /// Measurements for `/metrics`.
  package var measure: @Sendable (inout Exposition) -> Void = { _ in }
  /// What administrators see to; nil where no backups are made.
  package var backups: BackupControl?

  /// What is counted of each request.
  let meter = RequestMeter()

  package init() {}
}
