import Conversation
import NIOCore
import Synchronization

/// Replies that are still being sent, by whom they go to: what is taken from somebody ends what they have open.
final class LiveReplies: Sendable {
  private struct Entry {
    let user: Identifier<User>
    let session: Identifier<Session>?
    let apiKey: Identifier<APIKey>?
    let channel: any Channel
  }

  private let entries = Mutex<(next: Int, open: [Int: Entry])>((0, [:]))

  /// Notes a reply, which also ends when its caller's credential expires.
  /// - Returns: what to do when it has been sent.
  func add(_ caller: Caller, on channel: any Channel) -> @Sendable () -> Void {
    var apiKey: Identifier<APIKey>?
    if case .apiKey(let key) = caller.credential { apiKey = key.id }
    let entry = Entry(user: caller.user.id, session: caller.session, apiKey: apiKey, channel: channel)
    let place = entries.withLock { entries in
      entries.next += 1
      entries.open[entries.next] = entry
      return entries.next
    }
    let expiry = caller.expiresAt.map { time in
      channel.eventLoop.scheduleTask(
        in: .microseconds(max(0, time.microseconds - Timestamp.now.microseconds))
      ) {
        channel.close(promise: nil)
      }
    }
    return { [self] in
      expiry?.cancel()
      entries.withLock { _ = $0.open.removeValue(forKey: place) }
    }
  }

  /// Ends all replies to a user; of their sessions, one may be left.
  func end(of user: Identifier<User>, except session: Identifier<Session>? = nil) {
    end { $0.user == user && (session == nil || $0.session != session) }
  }

  func end(session: Identifier<Session>) {
    end { $0.session == session }
  }

  func end(apiKey: Identifier<APIKey>) {
    end { $0.apiKey == apiKey }
  }

  private func end(_ isMeant: (Entry) -> Bool) {
    let channels = entries.withLock { $0.open.values.filter(isMeant).map(\.channel) }
    for channel in channels { channel.close(promise: nil) }
  }
}
