import Metering

/// How long the database takes.
struct StoreTimings: Sendable {
  /// From the wish to write until the writing connection was free.
  let writeWait = Histogram()
  /// A transaction, with its flush.
  let write = Histogram()
  let read = Histogram()

  func measure(into exposition: inout Exposition) {
    exposition.histogram(
      "sqlite_seconds", "Time of transactions, and of waiting for the one connection that writes.",
      [(["kind": "wait"], writeWait), (["kind": "write"], write), (["kind": "read"], read)])
  }
}
