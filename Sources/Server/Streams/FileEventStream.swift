import Conversation
import Engine
import Foundation
import Hummingbird
import NIOCore
import ServiceLifecycle

/// What changes in a user's files, on its way to one client: first the files with work to do, then each file
/// as it is after each change.
///
/// A client that comes back with the last id it saw is sent the last state of each file that changed
/// meanwhile; one that was away for too long, or was with another life of the program, begins anew.
struct FileEventStream: Sendable {
  let ingester: Ingester
  let user: Owner
  /// Only files of that namespace; nil for all.
  let namespace: Namespace?
  let epoch: String
  /// What the client saw last; nil when it is new here.
  let lastSeen: EventID?

  func response(to call: Call) -> Response {
    Response(
      status: .ok, headers: EventStream.headers,
      body: ResponseBody { writer in
        try await write(to: &writer, channel: call.channel)
        try await writer.finish(nil)
      })
  }

  @concurrent private func write(to writer: inout any ResponseBodyWriter, channel: any Channel) async throws {
    let arrivals = Arrivals<[Event]>()
    channel.triggerUserOutboundEvent(ClientWatch { arrivals.clientLeft() }, promise: nil)
    let place = ingester.feed.place
    let resumes = lastSeen.map { $0.epoch == epoch && ingester.feed.remembers($0.place, of: user) } ?? false
    if !resumes { arrivals.bring([.open(try await openFiles(), at: place)]) }
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await follow(after: resumes ? lastSeen?.place ?? place : place, into: arrivals) }
      group.addTask { await arrivals.beat(closing: channel) }
      defer { group.cancelAll() }
      try await withGracefulShutdownHandler {
        try await send(arrivals, to: &writer)
      } onGracefulShutdown: {
        arrivals.finish()
      }
    }
  }

  private func openFiles() async throws -> [File] {
    try await ingester.openFiles(of: user).filter { namespace == nil || $0.namespace == namespace }
  }

  private func follow(after place: Int, into arrivals: Arrivals<[Event]>) async {
    var place = place
    while true {
      let changes = await ingester.feed.changes(of: user, after: place)
      guard let last = changes.last else { return }
      place = last.place
      let wanted = changes.filter { namespace == nil || $0.namespace == namespace }
      if !wanted.isEmpty { arrivals.bring(wanted.map(Event.change)) }
    }
  }

  @concurrent private func send(_ arrivals: Arrivals<[Event]>, to writer: inout any ResponseBodyWriter)
    async throws
  {
    for await arrival in arrivals.stream {
      var buffer = ByteBuffer()
      switch arrival {
      case .beat: buffer.writeString(": ping\r\n\r\n")
      case .content(let events):
        for event in events { buffer.writeBytes(try event.bytes(epoch: epoch)) }
      }
      arrivals.isWriting(true)
      try await writer.write(buffer)
      arrivals.isWriting(false)
    }
    try arrivals.check()
  }
}

extension FileEventStream {
  /// One event as it goes over the wire.
  fileprivate enum Event: Sendable {
    /// The files with work to do.
    case open([File], at: Int)
    case change(FileFeed.Change)

    func bytes(epoch: String) throws -> Data {
      switch self {
      case .open(let files, let place):
        try WireEvent.bytes("open", id: EventID(place: place, epoch: epoch), data: JSON.encoded(files))
      case .change(let change):
        try WireEvent.bytes(
          change.file == nil ? "deleted" : "file", id: EventID(place: change.place, epoch: epoch),
          data: change.file.map(JSON.encoded) ?? JSON.encoded(["file_id": change.fileID]))
      }
    }
  }
}
