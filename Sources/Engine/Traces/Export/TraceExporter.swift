import Conversation
package import Logging
import Metering
import Synchronization
package import Transport

/// Reports traces to one destination, in the background and in batches: no run waits for it, and what a slow or silent
/// destination does not take is dropped and counted once the queue is full.
package final class TraceExporter: Sendable {
  /// Spans that wait, and that go in one batch at most, but for a run with more (OpenTelemetry's defaults for its batch
  /// processor: 2,048 and 512).
  static let queuedAtMost = 4_096
  static let batchAtMost = 512
  /// Bytes of a reply that are read.
  private static let replyBytes = 64 << 10

  package let destination: any TraceDestination
  private let client: HTTPClient
  private let retry: RetryPolicy
  private let deadlines: Deadlines
  private let logger: Logger
  private let state = Mutex(State())
  private let wishes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  private struct State {
    var queue: [TraceParcel] = []
    var queued = 0
    var sent = 0
    var dropped = 0
    var isFailing = false
  }

  package init(
    to destination: any TraceDestination, client: HTTPClient, logger: Logger,
    retry: RetryPolicy = RetryPolicy(attempts: 5, baseSeconds: 1, maxDelaySeconds: 8),
    deadlines: Deadlines = Deadlines(
      connectSeconds: 5, firstByteSeconds: 10, idleSeconds: 10, totalSeconds: 60)
  ) {
    self.destination = destination
    self.client = client
    self.logger = logger
    self.retry = retry
    self.deadlines = deadlines
  }

  /// Puts it in line, if there is room. Never waits.
  func offer(_ parcel: TraceParcel) {
    state.withLock { state in
      guard state.queued + parcel.spanCount <= Self.queuedAtMost else {
        state.dropped += parcel.spanCount
        return
      }
      state.queue.append(parcel)
      state.queued += parcel.spanCount
    }
    wishes.continuation.yield()
  }

  /// Spans that were reported, dropped, and that wait.
  var counts: (sent: Int, dropped: Int, queued: Int) {
    state.withLock { ($0.sent, $0.dropped, $0.queued) }
  }

  // MARK: Sending

  /// Reports what is in line until the task is cancelled; then what is left, for a moment.
  func run() async {
    for await _ in wishes.stream {
      while !Task.isCancelled, let batch = nextBatch() { await send(batch) }
    }
  }

  /// Reports what is left, within so many seconds.
  func finish(within seconds: Double) async {
    _ = try? await withDeadline(seconds: seconds) {
      while !Task.isCancelled, let batch = self.nextBatch() { await self.send(batch) }
    }
  }

  private func nextBatch() -> [TraceParcel]? {
    state.withLock { state in
      var count = 0
      let batch = state.queue.prefix { parcel in
        count += parcel.spanCount
        return count <= Self.batchAtMost
      }
      let taken = batch.isEmpty ? Array(state.queue.prefix(1)) : Array(batch)
      state.queue.removeFirst(taken.count)
      state.queued -= taken.reduce(0) { $0 + $1.spanCount }
      return taken.isEmpty ? nil : taken
    }
  }

  private func send(_ batch: [TraceParcel]) async {
    let deliveries: [TraceDelivery]
    do { deliveries = try destination.requests(carrying: batch) } catch {
      return note(error, losing: batch.reduce(0) { $0 + $1.spanCount })
    }
    for (place, delivery) in deliveries.enumerated() {
      do {
        let refused = min(try await refused(of: delivery), delivery.spanCount)
        note(sent: delivery.spanCount - refused, dropped: refused)
      } catch  where Task.isCancelled {
        return putBack(deliveries[place...].flatMap(\.parcels))
      } catch {
        note(error, losing: delivery.spanCount)
      }
    }
  }

  /// - Returns: how many of its spans were not taken.
  private func refused(of delivery: TraceDelivery) async throws -> Int {
    var request = delivery.request
    (request.retry, request.deadlines) = (retry, deadlines)
    request.maxBodyBytes = Self.replyBytes
    let (head, body) = try await client.fetch(request)
    guard delivery.isTaken(head.status) else { throw TransportError.status(head.status, body: []) }
    return destination.refused(in: body)
  }

  /// What the end of the program cut is tried once more in `finish`.
  private func putBack(_ batch: [TraceParcel]) {
    state.withLock { state in
      state.queue.insert(contentsOf: batch, at: 0)
      state.queued += batch.reduce(0) { $0 + $1.spanCount }
    }
  }

  private func note(sent: Int, dropped: Int) {
    let wasFailing = state.withLock { state in
      defer { state.isFailing = false }
      state.sent += sent
      state.dropped += dropped
      return state.isFailing
    }
    if wasFailing { logger.notice("traces are reported again", metadata: ["to": "\(destination.name)"]) }
  }

  /// Told once, not with every batch. The error holds no key: see `TransportError`.
  private func note(_ error: any Error, losing count: Int) {
    let isNew = state.withLock { state in
      defer { state.isFailing = true }
      state.dropped += count
      return !state.isFailing
    }
    if isNew {
      logger.warning(
        "traces cannot be reported; they are dropped and counted until they can",
        metadata: ["to": "\(destination.name)", "cause": "\(error)"])
    }
  }
}

extension TraceExporter {
  static func measure(_ exporters: [TraceExporter], into exposition: inout Exposition) {
    let counts = exporters.map { ($0.destination.name, $0.counts) }
    exposition.counter(
      "trace_spans_exported_total", "Spans that were reported elsewhere.",
      counts.map { .init(Double($1.sent), ["destination": $0]) })
    exposition.counter(
      "trace_spans_export_dropped_total", "Spans that could not be reported, or found no room in the queue.",
      counts.map { .init(Double($1.dropped), ["destination": $0]) })
    exposition.gauge(
      "trace_spans_export_queued", "Spans that wait to be reported.",
      counts.map { .init(Double($1.queued), ["destination": $0]) })
  }
}
