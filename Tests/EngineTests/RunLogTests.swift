import Conversation
import Testing

@testable import Engine

@Suite struct RunLogTests {
  private func log(ofDeltas count: Int) -> RunLog {
    let log = RunLog(runID: .timeOrdered())
    log.append(.began(state: [], input: []))
    for number in 0..<count { log.append(.delta(MessageDelta(id: "m", text: "\(number) "))) }
    log.append(.committed([.assistant("all")]))
    log.append(.ended)
    return log
  }

  @Test func `whoever comes back after any event gets exactly what follows`() async {
    let log = log(ofDeltas: 20)
    let whole = await log.untilEnd().map { "\($0)" }
    for seen in 0...whole.count {
      var rest: [RunEvent] = []
      while let events = await log.events(after: seen + rest.count), !events.isEmpty { rest += events }
      #expect(rest.map { "\($0)" } == Array(whole[seen...]))
    }
    #expect(await log.events(after: whole.count + 5) == nil)
  }

  @Test func `a burst of pieces has one pulse at once and one a little later`() async throws {
    let log = RunLog(runID: .timeOrdered())
    for number in 0..<1000 { log.append(.delta(MessageDelta(id: "m", text: "\(number)"))) }
    let atOnce = await log.events(after: 0) ?? []
    #expect(atOnce.pulses < 10)
    #expect(await log.endsWithPulse(within: .seconds(10)), "the last pieces were never shown")
  }

  @Test func `many watchers see the same, also those that wait`() async {
    let log = RunLog(runID: .timeOrdered())
    let counts = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { await log.untilEnd().count } }
      for number in 0..<50 {
        log.append(.committed([.assistant("\(number)")]))
        await Task.yield()
      }
      log.append(.ended)
      return await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(counts == [51])
  }

  @Test func `a watcher whose task is cancelled stops waiting`() async {
    let log = RunLog(runID: .timeOrdered())
    let task = Task { await log.events(after: 0) }
    task.cancel()
    #expect(await task.value?.isEmpty == true)
  }

  @Test func `nothing follows the end`() async {
    let log = log(ofDeltas: 1)
    let count = await log.untilEnd().count
    log.append(.committed([.assistant("late")]))
    #expect(await log.events(after: count) == nil)
  }
}

extension [RunEvent] {
  fileprivate var pulses: Int {
    count { if case .pulse = $0 { true } else { false } }
  }
}

extension RunLog {
  fileprivate func endsWithPulse(within patience: Duration) async -> Bool {
    let end = ContinuousClock.now + patience
    while ContinuousClock.now < end {
      if case .pulse = await events(after: 0)?.last { return true }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return false
  }
}
