import Conversation
import Synchronization

/// The states at the heads of threads in use, so that a turn need not read the whole thread again.
///
/// A checkpoint never changes, so an entry is never wrong; whether the checkpoint still exists is asked of
/// the database first.
final class RecentStates: Sendable {
  /// Messages of all kept states together; at a typical 1 KB each some 8 MB.
  private static let messagesMaximum = 8192

  private struct Entry {
    var id: Identifier<Checkpoint>
    var state: ThreadState
  }

  /// Least recently used first.
  private let entries = Mutex<[Entry]>([])

  func state(at id: Identifier<Checkpoint>) -> ThreadState? {
    entries.withLock { entries in
      entries.last { $0.id == id }?.state
    }
  }

  func keep(_ state: ThreadState, at id: Identifier<Checkpoint>) {
    entries.withLock { entries in
      entries.removeAll { $0.id == id }
      Self.append(Entry(id: id, state: state), to: &entries)
    }
  }

  /// Puts the state after `checkpoint` in the place of that before it, if that is there.
  func advance(to checkpoint: Checkpoint, by update: StateUpdate) {
    entries.withLock { entries in
      guard let place = entries.lastIndex(where: { $0.id == checkpoint.parentID }) else { return }
      var entry = entries.remove(at: place)
      entry.id = checkpoint.id
      entry.state.apply(update)
      Self.append(entry, to: &entries)
    }
  }

  private static func append(_ entry: Entry, to entries: inout [Entry]) {
    entries.append(entry)
    var sum = entries.reduce(0) { $0 + $1.state.messages.count + 1 }
    while sum > messagesMaximum, let first = entries.first {
      sum -= first.state.messages.count + 1
      entries.removeFirst()
    }
  }
}
