import Conversation
import Engine
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A run's events, on their way to one client.
///
/// It reads the run's log at the client's pace and holds nobody up. A client that leaves is noticed at once,
/// also while nothing is sent.
struct EventStream: Sendable {
  let log: RunLog
  let mode: StreamMode
  let epoch: String
  /// What the client saw last; nil when it is new here.
  let lastSeen: EventID?
  /// What is to happen when the client leaves before the end.
  let departure: Departure

  static let headers: HTTPFields = [
    .contentType: "text/event-stream; charset=utf-8",
    .cacheControl: "no-cache, no-transform",
    .accelBuffering: "no",
  ]

  func response(to call: Call) -> Response {
    Response(
      status: .ok, headers: Self.headers,
      body: ResponseBody { writer in
        do {
          try await write(to: &writer, channel: call.channel)
        } catch {
          await departure.happen()
          throw error
        }
        departure.callOff()
        try await writer.finish(nil)
      })
  }

  /// Returns at the end of the run, or of the program.
  /// - Throws: when the client has left.
  @concurrent private func write(to writer: inout any ResponseBodyWriter, channel: any Channel) async throws {
    let arrivals = Arrivals()
    channel.triggerUserOutboundEvent(ClientWatch { arrivals.clientLeft() }, promise: nil)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await arrivals.follow(log) }
      group.addTask { await arrivals.beat(closing: channel) }
      defer { group.cancelAll() }
      try await withGracefulShutdownHandler {
        try await send(arrivals, to: &writer)
      } onGracefulShutdown: {
        arrivals.finish()
      }
    }
  }

  @concurrent private func send(_ arrivals: Arrivals, to writer: inout any ResponseBodyWriter) async throws {
    let isStranger = lastSeen != nil && lastSeen?.epoch != epoch
    let seen = isStranger ? -1 : lastSeen?.place ?? -1
    var fold = EventFold(
      runID: log.runID, mode: mode, showsWholeThread: mode == .messages || isStranger)
    for await arrival in arrivals.stream {
      var buffer = ByteBuffer()
      switch arrival {
      case .beat:
        buffer.writeString(": ping\r\n\r\n")
      case .events(let events):
        for event in events {
          for wire in try fold.take(event) where wire.place > seen {
            buffer.writeBytes(wire.bytes(epoch: epoch))
          }
        }
      }
      guard buffer.readableBytes > 0 else { continue }
      arrivals.isWriting(true)
      try await writer.write(buffer)
      arrivals.isWriting(false)
    }
    try arrivals.check()
  }
}

/// What comes for a client to be sent, in the order of its coming. It holds no more than the log does.
private final class Arrivals: Sendable {
  enum Arrival {
    case events([RunEvent])
    /// Time to show that the connection stands.
    case beat
  }

  let stream: AsyncStream<Arrival>
  private let source: AsyncStream<Arrival>.Continuation
  /// Since when the client has been taking what is written; nil while nothing is.
  private let writingSince = Mutex<ContinuousClock.Instant?>(nil)
  private let hasClientLeft = Mutex(false)

  init() {
    (stream, source) = AsyncStream.makeStream()
  }

  func finish() {
    source.finish()
  }

  func clientLeft() {
    hasClientLeft.withLock { $0 = true }
    source.finish()
  }

  /// - Throws: when there is nobody left to send to.
  func check() throws {
    if Task.isCancelled || hasClientLeft.withLock({ $0 }) { throw CancellationError() }
  }

  /// Brings the log's events until its end.
  func follow(_ log: RunLog) async {
    var count = 0
    while let events = await log.events(after: count), !events.isEmpty {
      count += events.count
      source.yield(.events(events))
    }
    source.finish()
  }

  /// Brings a beat now and then, and gives up a connection whose client takes nothing.
  func beat(closing channel: any Channel) async {
    while (try? await Task.sleep(for: .seconds(HTTPLimits.keepAliveSeconds))) != nil {
      let since = writingSince.withLock { $0 }
      if let since, ContinuousClock.now - since > .seconds(HTTPLimits.stalledWriteSeconds) {
        channel.close(promise: nil)
        return
      }
      if since == nil { source.yield(.beat) }
    }
  }

  func isWriting(_ begins: Bool) {
    writingSince.withLock { $0 = begins ? .now : nil }
  }
}
