import Conversation
import Synchronization

/// How many requests each user has left this minute: a bucket that fills evenly.
final class RequestRates: Sendable {
  private struct Bucket {
    var tokens: Double
    var at: ContinuousClock.Instant
  }

  private let buckets = Mutex<[Identifier<User>: Bucket]>([:])

  /// Takes one.
  /// - Returns: nil, or the seconds until there is one again.
  func take(of user: Identifier<User>, perMinute limit: Int) -> Double? {
    let rate = Double(limit) / 60
    let now = ContinuousClock.now
    return buckets.withLock { buckets in
      var bucket = buckets[user] ?? Bucket(tokens: Double(limit), at: now)
      bucket.tokens = min(Double(limit), bucket.tokens + rate * ((now - bucket.at) / .seconds(1)))
      bucket.at = now
      defer { buckets[user] = bucket }
      guard bucket.tokens >= 1 else { return rate > 0 ? (1 - bucket.tokens) / rate : 60 }
      bucket.tokens -= 1
      return nil
    }
  }
}
