package import Conversation
import Synchronization

/// What has lately changed in the files of each user, for those who watch.
///
/// Only the last state of each file is kept, under a number that grows with each change, so a watcher that
/// comes back with the last number it saw gets what it missed, each file once, and a slow one costs nothing.
package final class FileFeed: Sendable {
  /// The state of a file after a change.
  package struct Change: Sendable, Equatable {
    /// Grows with each change; the same for no two.
    package var place: Int
    package var fileID: Identifier<File>
    package var namespace: Namespace
    /// Nil when it was deleted.
    package var file: File?
  }

  /// Files of one user whose last change is kept; a watcher that missed more is told so.
  private static let filesKept = 2_000

  private let state = Mutex(State())

  fileprivate struct State {
    var place = 0
    var users: [Identifier<User>: Changes] = [:]
    var watchers: [Int: (user: Identifier<User>, continuation: CheckedContinuation<Void, Never>)] = [:]
    var nextWatcher = 0
  }

  fileprivate struct Changes {
    var last: [Identifier<File>: Change] = [:]
    /// The place of the newest change that is no longer kept.
    var forgotten = 0
  }

  package init() {}

  func post(_ file: File) {
    post(Change(place: 0, fileID: file.id, namespace: file.namespace, file: file), to: file.userID)
  }

  func postDeleted(_ file: File) {
    post(Change(place: 0, fileID: file.id, namespace: file.namespace, file: nil), to: file.userID)
  }

  private func post(_ change: Change, to user: Identifier<User>) {
    let waiting = state.withLock { state in
      state.place += 1
      var change = change
      change.place = state.place
      state.users[user, default: Changes()].add(change, keeping: Self.filesKept)
      let tickets = state.watchers.filter { $0.value.user == user }.keys
      return tickets.compactMap { state.watchers.removeValue(forKey: $0)?.continuation }
    }
    for watcher in waiting { watcher.resume() }
  }

  /// Where the feed stands now.
  package var place: Int { state.withLock { $0.place } }

  /// Whether all changes after a place are still known.
  package func remembers(_ place: Int, of user: Identifier<User>) -> Bool {
    state.withLock { $0.place >= place && place >= ($0.users[user]?.forgotten ?? 0) }
  }

  /// What changed after a place, in order, as soon as there is anything. Cancelling the task that waits
  /// returns an empty list.
  package func changes(of user: Identifier<User>, after place: Int) async -> [Change] {
    while !Task.isCancelled {
      let found = state.withLock { $0.changes(of: user, after: place) }
      if !found.isEmpty { return found }
      await waitForMore(of: user, after: place)
    }
    return []
  }

  private func waitForMore(of user: Identifier<User>, after place: Int) async {
    let ticket = state.withLock { state in
      state.nextWatcher += 1
      return state.nextWatcher
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDue = state.withLock { state in
          let isDue = Task.isCancelled || !state.changes(of: user, after: place).isEmpty
          if !isDue { state.watchers[ticket] = (user, continuation) }
          return isDue
        }
        if isDue { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.watchers.removeValue(forKey: ticket) }?.continuation.resume()
    }
  }
}

extension FileFeed.State {
  fileprivate func changes(of user: Identifier<User>, after place: Int) -> [FileFeed.Change] {
    (users[user]?.last.values.filter { $0.place > place } ?? []).sorted { $0.place < $1.place }
  }
}

extension FileFeed.Changes {
  fileprivate mutating func add(_ change: FileFeed.Change, keeping most: Int) {
    last[change.fileID] = change
    guard last.count > most, let oldest = last.values.min(by: { $0.place < $1.place }) else { return }
    last[oldest.fileID] = nil
    forgotten = oldest.place
  }
}
