/// What one search sees: the rows that were complete when it began, and the graph over them if there is one.
///
/// Readers take the current view under a lock that is held for a few instructions, and then need no
/// lock at all: blocks only ever gain rows, and what was replaced lives until its last reader is done.
struct View: Sendable {
  var blocks: [Block] = []
  /// Rows below this number are written; some may be dead.
  var rowCount = 0
  /// Rows that count.
  var liveCount = 0
  /// Leads to every row, or is not there.
  var graph: Graph?

  func withRow<R>(_ row: Int, _ body: (Block, Int) -> R) -> R {
    body(blocks[row >> Block.shift], row & (Block.rowCount - 1))
  }
}
