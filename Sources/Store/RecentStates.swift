import Conversation
import Synchronization

/// The states at the heads of threads in use, so that a turn need not read the whole thread again.
///
/// A checkpoint never changes, so an entry is never wrong; whether the checkpoint still exists is asked of
/// the database first.
final class RecentStates: Sendable {
  /// Bytes of all kept states together, as `Entry` estimates them: a small part of an idle daemon.
  static let bytesMaximum = 8 << 20

  private struct Entry {
    var id: Identifier<Checkpoint>
    var state: ThreadState
    var bytes: Int
  }

  /// Least recently used first.
  private let entries = Mutex<[Entry]>([])

  func state(at id: Identifier<Checkpoint>) -> ThreadState? {
    entries.withLock { entries in
      guard let place = entries.lastIndex(where: { $0.id == id }) else { return nil }
      let entry = entries.remove(at: place)
      entries.append(entry)
      return entry.state
    }
  }

  func keep(_ state: ThreadState, at id: Identifier<Checkpoint>) {
    let entry = Entry(id: id, state: state, bytes: state.messages.reduce(0) { $0 + $1.estimatedBytes })
    entries.withLock { entries in
      entries.removeAll { $0.id == id }
      Self.append(entry, to: &entries)
    }
  }

  /// Puts the state after `checkpoint` in the place of that before it, if that is there.
  func advance(to checkpoint: Checkpoint, by update: StateUpdate) {
    entries.withLock { entries in
      guard let place = entries.lastIndex(where: { $0.id == checkpoint.parentID }) else { return }
      var entry = entries.remove(at: place)
      entry.id = checkpoint.id
      entry.state.apply(update)
      // Too much when a message is replaced or removed, which only makes the entry leave a little earlier.
      entry.bytes += update.messages.reduce(0) { $0 + $1.estimatedBytes }
      Self.append(entry, to: &entries)
    }
  }

  private static func append(_ entry: Entry, to entries: inout [Entry]) {
    entries.append(entry)
    var sum = entries.reduce(0) { $0 + $1.bytes }
    while sum > bytesMaximum, let first = entries.first {
      sum -= first.bytes
      entries.removeFirst()
    }
  }
}

extension Message {
  /// What it takes in memory, roughly: its texts, and the frame around them.
  fileprivate var estimatedBytes: Int {
    MemoryLayout<Message>.stride + content.estimatedBytes + (artifact?.estimatedBytes ?? 0)
      + toolCalls.reduce(0) { $0 + $1.arguments.estimatedBytes + 64 }
      + invalidToolCalls.reduce(0) { $0 + $1.estimatedBytes }
      + JSON.object(additionalKwargs).estimatedBytes + JSON.object(responseMetadata).estimatedBytes
  }
}

extension JSON {
  fileprivate var estimatedBytes: Int {
    switch self {
    case .null, .bool, .integer, .number: 16
    case .string(let text): 32 + text.utf8.count
    case .array(let elements): elements.reduce(32) { $0 + $1.estimatedBytes }
    case .object(let members): members.reduce(64) { $0 + $1.key.utf8.count + $1.value.estimatedBytes }
    }
  }
}
