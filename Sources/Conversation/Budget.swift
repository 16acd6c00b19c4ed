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
