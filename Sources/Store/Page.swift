import Conversation

/// A part of a list.
package struct Page: Sendable, Equatable {
  /// Rows at most, from 0 to `Limits.pageRowsMaximum`.
  package let limit: Int
  /// Rows left out before it.
  package let offset: Int

  /// Values out of range are brought into it.
  package init(limit: Int = Limits.pageRows, offset: Int = 0) {
    self.limit = min(max(limit, 0), Limits.pageRowsMaximum)
    self.offset = max(offset, 0)
  }
}
