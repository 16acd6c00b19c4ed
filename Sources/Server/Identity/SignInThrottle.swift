import HTTPTypes
import Synchronization

/// Slows down whoever guesses passwords: counts the failures of the last minute, by account and by address.
final class SignInThrottle: Sendable {
  private let failures = Mutex<[String: [ContinuousClock.Instant]]>([:])

  /// - Throws: a refusal that says when to come back.
  func admit(login: String, address: String) throws(Refusal) {
    let oldest = ContinuousClock.now - .seconds(60)
    let waits = failures.withLock { failures in
      Self.keys(login, address).compactMap { key, limit -> ContinuousClock.Instant? in
        let recent = (failures[key] ?? []).filter { $0 > oldest }
        return recent.count >= limit ? recent[recent.count - limit] + .seconds(60) : nil
      }
    }
    guard let until = waits.max() else { return }
    let seconds = max(1, Int((until - .now) / .seconds(1)) + 1)
    var refusal = Refusal(
      .tooManyRequests, "Too many failed sign-ins. Try again in \(seconds) seconds")
    refusal.headers[.retryAfter] = "\(seconds)"
    throw refusal
  }

  func failed(login: String, address: String) {
    let now = ContinuousClock.now
    failures.withLock { failures in
      if failures.count > IdentityLimits.failuresRemembered {
        failures = failures.filter { $0.value.last.map { now - $0 < .seconds(60) } ?? false }
      }
      for (key, limit) in Self.keys(login, address) {
        failures[key, default: []].append(now)
        if failures[key, default: []].count > limit { failures[key]?.removeFirst() }
      }
    }
  }

  private static func keys(_ login: String, _ address: String) -> [(String, Int)] {
    [
      ("\(login) \(address)", IdentityLimits.failuresPerAccountAndAddress),
      (" \(address)", IdentityLimits.failuresPerAddress), ("\(login) ", IdentityLimits.failuresPerAccount),
    ]
  }
}
