package import Conversation
import GRDB

/// By what the use of models is summed up.
package enum UsageGrouping: String, Sendable, CaseIterable {
  case day, model, assistant, user
}

/// Which uses are summed up; days are UTC, both included.
package struct UsageScope: Sendable, Equatable {
  /// Nil: everybody's.
  package var user: Identifier<User>?
  /// `2026-11-24`
  package var firstDay: String?
  package var lastDay: String?

  package init(user: Identifier<User>?, firstDay: String? = nil, lastDay: String? = nil) {
    self.user = user
    self.firstDay = firstDay
    self.lastDay = lastDay
  }
}

extension Store {
  /// Adds what a call took, where no checkpoint is stored with it.
  package func record(_ use: UsageRecord) async throws(StoreError) {
    try await write { db in try use.insert(db) }
  }

  /// What all of it came to.
  package func usageTotal(in scope: UsageScope) async throws(StoreError) -> UsageTotal {
    try await read { db in
      try db.row(
        "SELECT NULL, \(UsageTotal.sums) FROM usage \(scope.condition)", scope.user, scope.firstDay,
        scope.lastDay
      ).map(UsageTotal.init) ?? UsageTotal()
    }
  }

  /// The sums by day, newest first, or by something else, the costliest first.
  package func usage(
    by grouping: UsageGrouping, in scope: UsageScope, page: Page = Page()
  ) async throws(StoreError) -> [UsageTotal] {
    try await read { db in
      try db.rows(
        "SELECT \(grouping.column), \(UsageTotal.sums) FROM usage \(scope.condition) "
          + "GROUP BY 1 ORDER BY \(grouping.order) LIMIT ?4 OFFSET ?5", scope.user, scope.firstDay,
        scope.lastDay, page.limit, page.offset
      ).map(UsageTotal.init)
    }
  }

  /// What one run took; nothing when it called no model.
  package func usage(of run: Identifier<Run>) async throws(StoreError) -> UsageTotal {
    try await read { db in
      try db.row("SELECT NULL, \(UsageTotal.sums) FROM usage WHERE run_id = ?", run).map(UsageTotal.init)
        ?? UsageTotal()
    }
  }

  /// What each of these runs took; those that called no model are not among them.
  package func usage(of runs: [Identifier<Run>]) async throws(StoreError) -> [Identifier<Run>: UsageTotal] {
    try await read { db in
      var totals: [Identifier<Run>: UsageTotal] = [:]
      for run in runs {
        let row = try db.row("SELECT NULL, \(UsageTotal.sums) FROM usage WHERE run_id = ?", run)
        guard let total = try row.map(UsageTotal.init), total.calls > 0 else { continue }
        totals[run] = total
      }
      return totals
    }
  }

  /// What a user has taken since then: for budgets.
  /// - Complexity: O(calls since then), by an index.
  package func usage(
    of user: Identifier<User>, since time: Timestamp
  ) async throws(StoreError) -> UsageTotal {
    try await read { db in
      try db.row(
        "SELECT NULL, \(UsageTotal.sums) FROM usage WHERE user_id = ? AND created_at >= ?", user, time
      ).map(UsageTotal.init) ?? UsageTotal()
    }
  }
}

extension UsageScope {
  /// One user's rows are found by their index.
  fileprivate var condition: String {
    (user == nil ? "WHERE ?1 IS NULL" : "WHERE user_id = ?1")
      + " AND day >= coalesce(?2, '') AND day <= coalesce(?3, '9999')"
  }
}

extension UsageGrouping {
  fileprivate var column: String {
    switch self {
    case .day: "day"
    case .model: "model"
    case .assistant: "assistant_id"
    case .user: "user_id"
    }
  }

  fileprivate var order: String {
    switch self {
    case .day: "1 DESC"
    case .model, .assistant, .user: "6 DESC, 2 DESC, 1"
    }
  }
}

extension UsageTotal {
  fileprivate static let sums = """
    count(*), coalesce(sum(input_tokens), 0), coalesce(sum(cached_tokens), 0), \
    coalesce(sum(output_tokens), 0), coalesce(sum(cost_micros), 0), count(*) - count(cost_micros)
    """

  fileprivate init(_ row: Row) throws {
    self.init(
      key: try row.optionalText(0), calls: try row.integer(1), inputTokens: try row.integer(2),
      cachedTokens: try row.integer(3), outputTokens: try row.integer(4), costMicros: try row.integer(5),
      unpricedCalls: try row.integer(6))
  }
}

extension UsageRecord {
  func insert(_ db: Database) throws {
    try db.run(
      """
      INSERT INTO usage (user_id, assistant_id, thread_id, run_id, model, input_tokens, cached_tokens,
        output_tokens, cost_micros, is_estimated, day, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, userID, assistantID, threadID, runID, model, usage.inputTokens, usage.cacheReadTokens,
      usage.outputTokens, costMicros, isEstimated, String(createdAt.description.prefix(10)), createdAt)
  }
}
