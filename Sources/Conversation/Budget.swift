/// How much somebody may take; nil anywhere is without limit. Of a person's own budget, nil means the one that
/// stands for everybody.
package struct Budget: Codable, Sendable, Equatable {
  /// Requests a minute, of all kinds.
  package var requestsPerMinute: Int?
  /// Runs that go on at once.
  package var concurrentRuns: Int?
  /// Tokens in and out, in a calendar month (UTC).
  package var tokensPerMonth: Int?
  /// What models cost in a calendar month (UTC), in millionths of a US dollar.
  package var microdollarsPerMonth: Int?
  /// Bytes of uploaded files.
  package var storageBytes: Int?

  package init(
    requestsPerMinute: Int? = nil, concurrentRuns: Int? = nil, tokensPerMonth: Int? = nil,
    microdollarsPerMonth: Int? = nil, storageBytes: Int? = nil
  ) {
    self.requestsPerMinute = requestsPerMinute
    self.concurrentRuns = concurrentRuns
    self.tokensPerMonth = tokensPerMonth
    self.microdollarsPerMonth = microdollarsPerMonth
    self.storageBytes = storageBytes
  }

  /// Itself, with what it leaves open taken from another.
  package func completed(by other: Budget) -> Budget {
    Budget(
      requestsPerMinute: requestsPerMinute ?? other.requestsPerMinute,
      concurrentRuns: concurrentRuns ?? other.concurrentRuns,
      tokensPerMonth: tokensPerMonth ?? other.tokensPerMonth,
      microdollarsPerMonth: microdollarsPerMonth ?? other.microdollarsPerMonth,
      storageBytes: storageBytes ?? other.storageBytes)
  }

  package enum CodingKeys: String, CodingKey {
    case requestsPerMinute = "requests_per_minute"
    case concurrentRuns = "concurrent_runs"
    case tokensPerMonth = "tokens_per_month"
    case microdollarsPerMonth = "microdollars_per_month"
    case storageBytes = "storage_bytes"
  }
}

/// A bound of somebody's budget that they have come up against.
package struct BudgetExcess: Error, Sendable, Equatable {
  package var bound: Bound
  package var limit: Int
  /// When there will be room again, as far as time alone makes it.
  package var until: Timestamp?

  /// The names are those of `Budget`.
  package enum Bound: String, Sendable, CaseIterable {
    case requestsPerMinute = "requests_per_minute"
    case concurrentRuns = "concurrent_runs"
    case tokensPerMonth = "tokens_per_month"
    case microdollarsPerMonth = "microdollars_per_month"
    case storageBytes = "storage_bytes"
  }

  package init(_ bound: Bound, limit: Int, until: Timestamp? = nil) {
    self.bound = bound
    self.limit = limit
    self.until = until
  }

  /// For the person: what they may take, and what to do.
  package var message: String {
    let when = until.map { " There is room again at \($0)." } ?? ""
    return switch bound {
    case .requestsPerMinute: "You may make \(limit) requests a minute.\(when)"
    case .concurrentRuns: "You may have \(limit) runs going on at once. Wait for one, or stop one."
    case .tokensPerMonth: "You have used the \(limit) tokens you may use this month.\(when)"
    case .microdollarsPerMonth:
      "You have used the \(Self.dollars(limit)) US dollars you may spend on models this month.\(when)"
    case .storageBytes: "Your files may take \(limit) bytes together. Delete some, or ask an administrator."
    }
  }

  private static func dollars(_ microdollars: Int) -> String {
    let cents = microdollars / 10_000
    return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
  }
}
