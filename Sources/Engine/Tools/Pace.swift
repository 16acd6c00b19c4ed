/// Keeps requests to one service a time apart, as the service asks of its users.
actor Pace {
  private let interval: Duration
  private var next: ContinuousClock.Instant

  /// A caller that would have to wait longer is turned away: its call has a deadline of its own.
  private static let longestWait = Duration.seconds(12)

  init(intervalSeconds: Double) {
    interval = .seconds(intervalSeconds)
    next = .now
  }

  /// Returns when it is the caller's turn.
  /// - Throws: `ToolError` when too many stand before it, and cancellation.
  func turn(of service: String) async throws {
    let now = ContinuousClock.now
    let turn = max(now, next)
    guard turn - now <= Self.longestWait else {
      throw ToolError("\(service) is being asked by too many at once. Try again in a few seconds.")
    }
    next = turn + interval
    try await Task.sleep(until: turn, clock: .continuous)
  }
}
