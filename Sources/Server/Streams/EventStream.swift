import Conversation
import Engine
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

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
    let arrivals = Arrivals<[RunEvent]>()
    channel.triggerUserOutboundEvent(ClientWatch { arrivals.clientLeft() }, promise: nil)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await follow(log, into: arrivals) }
      group.addTask { await arrivals.beat(closing: channel) }
      defer { group.cancelAll() }
      try await withGracefulShutdownHandler {
        try await send(arrivals, to: &writer)
      } onGracefulShutdown: {
        arrivals.finish()
      }
    }
  }

  /// Brings the log's events until its end.
  private func follow(_ log: RunLog, into arrivals: Arrivals<[RunEvent]>) async {
    var count = 0
    while let events = await log.events(after: count), !events.isEmpty {
      count += events.count
      arrivals.bring(events)
    }
    arrivals.finish()
  }

  @concurrent private func send(_ arrivals: Arrivals<[RunEvent]>, to writer: inout any ResponseBodyWriter)
    async throws
  {
    let isStranger = lastSeen != nil && lastSeen?.epoch != epoch
    let seen = isStranger ? -1 : lastSeen?.place ?? -1
    var fold = EventFold(
      runID: log.runID, mode: mode, showsWholeThread: mode == .messages || isStranger)
    for await arrival in arrivals.stream {
      var buffer = ByteBuffer()
      switch arrival {
      case .beat:
        buffer.writeString(": ping\r\n\r\n")
      case .content(let events):
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
