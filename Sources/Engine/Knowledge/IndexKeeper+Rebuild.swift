import Conversation
import Logging
import Store

/// # Building an index anew beside the one that serves
///
/// 1. The parameters are part of a file's name. After they have changed, the file of the earlier ones is
///    opened, levelled with SQLite, and serves: searched, added to, and not saved any more.
/// 2. Another index is built from SQLite, behind the searches and after those of other namespaces.
/// 3. When its graph is there it is levelled with SQLite and takes the other's place, in one step: a search
///    sees the one or the other. Levelled once more, it has what was committed meanwhile; until then such a
///    vector may be missed for some milliseconds, as one may that is committed but not added yet.
/// 4. It is saved. Of earlier files the last one stays: with the earlier parameters again, it is opened,
///    levelled and serves at once. That is the way back.
extension IndexKeeper {
  /// Steps 2 to 4; nothing if that is under way.
  func rebuild(_ old: OpenIndex) {
    guard rebuilding.insert(old.namespace).inserted else { return }
    lastRebuild = Task { [previous = lastRebuild] in
      await previous?.value
      do {
        try await replace(old)
      } catch {
        logger.warning(
          "index not rebuilt; the earlier one serves on, tried again when it is opened next",
          metadata: ["namespace": "\(old.namespace)", "cause": "\(error)"])
      }
      rebuilding.remove(old.namespace)
    }
  }

  private func replace(_ old: OpenIndex) async throws {
    let new = try await OpenIndex.build(old.namespace, from: store, cache: cache)
    await new.built()
    try await new.level()
    guard swap(old, for: new) else { return new.close() }
    try await new.level()
    new.saveIfChanged(noneSince: .zero)
    cache.retirePredecessors(of: old.namespace)
  }

  /// Indexes that are being built beside those that serve.
  var rebuildingCount: Int { rebuilding.count }
}
