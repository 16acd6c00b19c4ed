import Conversation
import Synchronization

/// A model, and the indexes of the vectors it made.
struct OpenSpace: Sendable {
  let embedder: Embedder
  let indexes: IndexKeeper

  /// The name beside each of its vectors.
  var model: String { embedder.space.model }
}

/// The space that serves, and the one that is made ready beside it.
///
/// Whoever embeds or searches takes `serving` once and stays with it to the end: so a question and the vectors
/// it is compared with are always of one model, whenever another comes to serve.
final class Spaces: Sendable {
  private struct State {
    var serving: OpenSpace
    var next: OpenSpace?
  }

  private let state: Mutex<State>

  init(serving: OpenSpace) {
    state = Mutex(State(serving: serving))
  }

  var serving: OpenSpace { state.withLock { $0.serving } }

  /// What is being made ready; nil when nothing is.
  var next: OpenSpace? {
    get { state.withLock { $0.next } }
    set { state.withLock { $0.next = newValue } }
  }

  private var all: [OpenSpace] { state.withLock { [$0.serving] + ($0.next.map { [$0] } ?? []) } }

  /// From here on searches are answered by `space`, in one step.
  /// - Returns: the one that served.
  func serve(_ space: OpenSpace) -> OpenSpace {
    state.withLock { state in
      defer { state = State(serving: space) }
      return state.serving
    }
  }

  /// To be called after the namespace lost some of its chunks, or was given others.
  func drop(_ namespace: Namespace) async {
    for space in all { await space.indexes.drop(namespace) }
  }

  /// To be called after the namespace was deleted.
  func delete(_ namespace: Namespace) async {
    for space in all { await space.indexes.delete(namespace) }
  }

  /// To be called now and then.
  func releaseIfIdle() async {
    for space in all {
      await space.embedder.releaseIfIdle()
      await space.indexes.saveQuiet()
    }
  }

  /// Lets what is being written come to its end.
  func finishSaving() async {
    for space in all { await space.indexes.finishSaving() }
  }
}
