/// What a conversation has come to: the state that graphs read and checkpoints change.
///
/// It has two channels, each with one reducer:
/// `messages` merges by id (a known id is replaced in place, a new one appended), and
/// `messageCount` sums (the retrieval graph counts its turns in it).
package struct ThreadState: Sendable, Equatable {
  package private(set) var messages: [Message] = []
  package private(set) var messageCount = 0
  private var places: [String: Int] = [:]

  package init() {}

  package init(messages: [Message]) {
    self.init()
    apply(StateUpdate(messages: messages))
  }

  /// Reduces the update into the state. O(messages in the update), unless it removes some: then O(all).
  package mutating func apply(_ update: StateUpdate) {
    for message in update.messages {
      if let place = places[message.id] {
        messages[place] = message
      } else {
        places[message.id] = messages.count
        messages.append(message)
      }
    }
    remove(update.removed)
    messageCount += update.messageCount
  }

  private mutating func remove(_ ids: [String]) {
    guard !ids.isEmpty else { return }
    let removed = Set(ids)
    messages.removeAll { removed.contains($0.id) }
    places = Dictionary(uniqueKeysWithValues: messages.enumerated().map { ($1.id, $0) })
  }

  package func message(withID id: String) -> Message? {
    places[id].map { messages[$0] }
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.messages == right.messages && left.messageCount == right.messageCount
  }
}

/// What one step changed: all that its checkpoint stores.
package struct StateUpdate: Sendable, Equatable {
  /// New and replacing messages, in order.
  package var messages: [Message]
  /// Ids of messages taken out.
  package var removed: [String]
  /// Added to the count.
  package var messageCount: Int

  package init(messages: [Message] = [], removed: [String] = [], messageCount: Int = 0) {
    self.messages = messages
    self.removed = removed
    self.messageCount = messageCount
  }

  package var isEmpty: Bool {
    messages.isEmpty && removed.isEmpty && messageCount == 0
  }
}
