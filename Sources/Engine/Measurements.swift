package import Metering
import Providers
import Store

extension Engine {
  /// How busy the engine is, for those who run the program.
  package func measure(into exposition: inout Exposition) async {
    exposition.gauge(
      "runs_open", "Runs that go on, and runs that wait for their thread.",
      [
        .init(Double(await runner.activeCount), ["state": "active"]),
        .init(Double(await runner.waitingCount), ["state": "waiting"]),
      ])
    exposition.counter(
      "runs_total", "Runs that ended since the start, by how.",
      runner.outcomes.reading.sorted { $0.key < $1.key }.map { .init(Double($0.value), ["status": $0.key]) })
    runner.meter.measure(into: &exposition)
    exposition.gauge(
      "model_suspended", "Whether a model's server is left alone because it failed again and again.",
      models.resting.map { .init($0.isResting ? 1 : 0, ["model": $0.name]) })
    let space = spaces.serving
    space.embedder.measure(into: &exposition)
    await ingester.measure(into: &exposition)
    exposition.counter(
      "trace_spans_dropped_total", "Spans that were too many for a trace, or could not be stored.",
      traces.droppedCount)
    traces.measureExport(into: &exposition)
    let indexes = space.indexes
    exposition.gauge(
      "index_vectors", "Vectors of the indexes in memory.", await indexes.residentCount)
    exposition.gauge("indexes_building", "Indexes that are being built.", await indexes.buildingCount)
    store.measure(into: &exposition)
  }
}
