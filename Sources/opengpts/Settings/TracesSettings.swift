import Engine
import Foundation
import Logging
import Transport

/// Traces of runs: how long they are kept, and who is told of them.
struct TracesSettings: Sendable {
  let keepDays: Int
  let keepsContent: Bool
  let otlpURL: String?
  /// As `OTEL_EXPORTER_OTLP_HEADERS` has them.
  let otlpHeaders: Secret?
  let service: String
  let langSmith: LangSmith?

  struct LangSmith: Sendable {
    let url: String
    let key: Secret?
    let project: String
  }

  /// Nil only if a default is missing.
  init?(_ values: SettingValues) {
    guard let keepDays = values.integer(.tracesKeepDays), let keepsContent = values.flag(.tracesContent),
      let service = values.text(.tracesService), let isReported = values.flag(.langSmithTracing),
      let url = values.text(.langSmithURL), let project = values.text(.langSmithProject)
    else { return nil }
    self.keepDays = keepDays
    self.keepsContent = keepsContent
    self.service = service
    otlpURL = values.text(.otlpURL)
    otlpHeaders = values.secret(.otlpHeaders)
    langSmith = isReported ? LangSmith(url: url, key: values.secret(.langSmithKey), project: project) : nil
  }

  /// As the engine takes them. What is reported has a pool of connections of its own.
  func engineSettings(version: String, logger: Logger) -> TraceSettings {
    var settings = TraceSettings()
    settings.keepDays = keepDays
    settings.keepsContent = keepsContent
    let destinations = destinations(version: version)
    guard !destinations.isEmpty else { return settings }
    let client = HTTPClient(
      policy: .trusted, userAgent: "opengpts/\(version)", maxTransfers: destinations.count * 2)
    settings.exporters = destinations.map { TraceExporter(to: $0, client: client, logger: logger) }
    return settings
  }

  private func destinations(version: String) -> [any TraceDestination] {
    var destinations: [any TraceDestination] = []
    if let otlpURL {
      destinations.append(
        OTLPDestination(url: otlpURL, headers: headers ?? [], service: service, version: version))
    }
    if let langSmith, let key = langSmith.key {
      destinations.append(
        LangSmithDestination(url: langSmith.url, key: key.revealed, project: langSmith.project))
    }
    return destinations
  }

  /// Pairs of name and value, percent-encoded, separated by commas; nil when they are not.
  var headers: [HTTPHeader]? {
    var headers: [HTTPHeader] = []
    for pair in otlpHeaders?.revealed.split(separator: ",") ?? [] {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let value = String(parts[1]).removingPercentEncoding else { return nil }
      headers.append(
        HTTPHeader(
          parts[0].trimmingCharacters(in: .whitespaces), value.trimmingCharacters(in: .whitespaces)))
    }
    return headers
  }

  /// What keeps traces from being reported although they are to be.
  var problem: (key: SettingKey, explanation: String)? {
    if headers == nil {
      return (.otlpHeaders, "is no list of pairs; allowed: like authorization=Bearer%20abc,x-tenant=1")
    }
    if let langSmith, langSmith.key == nil {
      return (
        .langSmithKey, "is missing, but langsmith.tracing is on; set it (LANGCHAIN_API_KEY), or turn that off"
      )
    }
    return nil
  }
}
