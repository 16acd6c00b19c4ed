/// Measurements as Prometheus reads them: text format 0.0.4
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
package struct Exposition: Sendable {
  /// The media type of `text`.
  package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"
  /// What stands before every name.
  private static let prefix = "opengpts_"

  package private(set) var text = ""

  package init() {}

  /// One value with its labels.
  package struct Sample: Sendable {
    let labels: [(name: String, value: String)]
    let value: Double

    package init(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
      self.labels = labels.map { ($0.key, $0.value) }
      self.value = value
    }
  }

  /// What only grows; the name is to end in `_total`.
  package mutating func counter(_ name: String, _ help: String, _ samples: [Sample]) {
    family(name, "counter", help, samples)
  }

  package mutating func counter(_ name: String, _ help: String, _ value: Int) {
    counter(name, help, [Sample(Double(value))])
  }

  /// What goes up and down.
  package mutating func gauge(_ name: String, _ help: String, _ samples: [Sample]) {
    family(name, "gauge", help, samples)
  }

  package mutating func gauge(_ name: String, _ help: String, _ value: Double) {
    gauge(name, help, [Sample(value)])
  }

  package mutating func gauge(_ name: String, _ help: String, _ value: Int) {
    gauge(name, help, Double(value))
  }

  /// How long something took; the name is to end in `_seconds`.
  package mutating func histogram(
    _ name: String, _ help: String,
    _ histograms: [(labels: KeyValuePairs<String, String>, histogram: Histogram)]
  ) {
    head(name, "histogram", help)
    for (labels, histogram) in histograms {
      let reading = histogram.reading
      let labels = labels.map { (name: $0.key, value: $0.value) }
      var below = 0
      for (place, count) in reading.counts.enumerated() {
        below += count
        let bound = place < histogram.bounds.count ? Self.number(histogram.bounds[place]) : "+Inf"
        line(name + "_bucket", labels + [("le", bound)], Double(below))
      }
      line(name + "_sum", labels, reading.sumSeconds)
      line(name + "_count", labels, Double(reading.count))
    }
  }

  private mutating func family(_ name: String, _ type: String, _ help: String, _ samples: [Sample]) {
    guard !samples.isEmpty else { return }
    head(name, type, help)
    for sample in samples { line(name, sample.labels, sample.value) }
  }

  private mutating func head(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(Self.prefix)\(name) \(help)\n# TYPE \(Self.prefix)\(name) \(type)\n"
  }

  private mutating func line(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
    let inner = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
    text += Self.prefix + name + (inner.isEmpty ? "" : "{\(inner)}") + " \(Self.number(value))\n"
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }
}
