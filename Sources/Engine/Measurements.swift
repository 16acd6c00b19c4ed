package import Metering
import Store

extension Engine {
  /// How busy the engine is, for those who run the program.
  package func measure(into exposition: inout Exposition) async {
    exposition.gauge(
      "runs", "Runs that go on, and runs that wait for their thread.",
      [
        .init(Double(await runner.activeCount), ["state": "active"]),
        .init(Double(await runner.waitingCount), ["state": "waiting"]),
      ])
    exposition.counter(
      "runs_total", "Runs that ended since the start, by how.",
      runner.outcomes.reading.sorted { $0.key < $1.key }.map { .init(Double($0.value), ["status": $0.key]) })
    let indexes = spaces.serving.indexes
    exposition.gauge(
      "index_vectors", "Vectors of the indexes in memory.", await indexes.residentCount)
    exposition.gauge("indexes_building", "Indexes that are being built.", await indexes.buildingCount)
    store.measure(into: &exposition)
  }
}
