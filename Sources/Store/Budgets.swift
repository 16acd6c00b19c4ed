package import Conversation
import GRDB

extension Store {
  /// Whose budget is meant.
  package enum BudgetHolder: Sendable, Equatable {
    case everybody
    case user(Identifier<User>)

    fileprivate var key: String {
      switch self {
      case .everybody: "everybody"
      case .user(let id): id.description
      }
    }
  }

  /// What a user may take: their own budget, completed by that of everybody.
  package func budget(of user: Identifier<User>) async throws(StoreError) -> Budget {
    try await read { db in try Budget.find(of: user, db) }
  }

  /// A budget as it was set, without what completes it.
  package func ownBudget(of holder: BudgetHolder) async throws(StoreError) -> Budget {
    try await read { db in try Budget.find(holder, db) }
  }

  package func setBudget(_ budget: Budget, of holder: BudgetHolder) async throws(StoreError) {
    try await write { db in
      _ = try db.run(
        """
        INSERT INTO budget (holder, \(Budget.columns)) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (holder) DO UPDATE SET
          requests_per_minute = excluded.requests_per_minute, concurrent_runs = excluded.concurrent_runs,
          tokens_per_month = excluded.tokens_per_month,
          microdollars_per_month = excluded.microdollars_per_month, storage_bytes = excluded.storage_bytes
        """, holder.key, budget.requestsPerMinute, budget.concurrentRuns, budget.tokensPerMonth,
        budget.microdollarsPerMonth, budget.storageBytes)
    }
  }
}

extension Budget {
  /// What a user may take, in a transaction.
  static func find(of user: Identifier<User>, _ db: Database) throws -> Budget {
    try find(.user(user), db).completed(by: find(.everybody, db))
  }

  /// - Throws: `.overBudget` when the user may not begin another run.
  static func admitRun(of user: Identifier<User>, _ db: Database) throws {
    let budget = try find(of: user, db)
    if let limit = budget.concurrentRuns {
      let row = try db.row(
        "SELECT count(*) FROM run INDEXED BY run_open "
          + "WHERE user_id = ? AND status IN ('pending', 'running')", user)
      if try row?.integer(0) ?? 0 >= limit {
        throw StoreError.overBudget(BudgetExcess(.concurrentRuns, limit: limit))
      }
    }
    guard budget.tokensPerMonth != nil || budget.microdollarsPerMonth != nil else { return }
    try admitUse(of: user, budget, db)
  }

  /// What models took in the calendar month so far: a run may go over, the next one is refused.
  private static func admitUse(of user: Identifier<User>, _ budget: Budget, _ db: Database) throws {
    let month = Timestamp.now.month
    let row = try db.row(
      "SELECT coalesce(sum(input_tokens + output_tokens), 0), coalesce(sum(cost_micros), 0) FROM usage "
        + "WHERE user_id = ? AND created_at >= ?", user, month.first)
    guard let row else { return }
    if let limit = budget.tokensPerMonth, try row.integer(0) >= limit {
      throw StoreError.overBudget(BudgetExcess(.tokensPerMonth, limit: limit, until: month.next))
    }
    if let limit = budget.microdollarsPerMonth, try row.integer(1) >= limit {
      throw StoreError.overBudget(BudgetExcess(.microdollarsPerMonth, limit: limit, until: month.next))
    }
  }

  fileprivate static let columns =
    "requests_per_minute, concurrent_runs, tokens_per_month, microdollars_per_month, storage_bytes"

  fileprivate static func find(_ holder: Store.BudgetHolder, _ db: Database) throws -> Budget {
    guard let row = try db.row("SELECT \(columns) FROM budget WHERE holder = ?", holder.key) else {
      return Budget()
    }
    return Budget(
      requestsPerMinute: try row.optionalInteger(0), concurrentRuns: try row.optionalInteger(1),
      tokensPerMonth: try row.optionalInteger(2), microdollarsPerMonth: try row.optionalInteger(3),
      storageBytes: try row.optionalInteger(4))
  }
}
