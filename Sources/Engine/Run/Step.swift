import Conversation

/// The decision after each checkpoint: what happens next. Pure, and the only place where it is decided.
struct Step {
  let graph: any Graph

  enum Action {
    case perform(Node, Work)
    /// Stop here until a person lets the run go on.
    case awaitConfirmation
    case finish
    case stopAtLimit
  }

  /// - Parameters:
  ///   - taken: steps this run has taken already.
  ///   - isConfirmed: a person has just let this very node run.
  func action(at snapshot: Snapshot, taken: Int, isConfirmed: Bool) -> Action {
    guard let node = snapshot.checkpoint.next.first else { return .finish }
    if node == .start { return .perform(.start, .write(StateUpdate())) }
    if node == .action, !isConfirmed, !questions(at: snapshot).isEmpty { return .awaitConfirmation }
    if taken >= graph.stepLimit { return .stopAtLimit }
    return .perform(node, graph.work(of: node, in: snapshot.state))
  }

  /// What a person is asked before the calls at that checkpoint are made.
  func questions(at snapshot: Snapshot) -> [Approval] {
    guard snapshot.checkpoint.next.first == .action else { return [] }
    return graph.calls(in: snapshot.state).enumerated().compactMap { place, call in
      graph.cause(for: call, in: snapshot.state).map {
        Approval(
          of: call, place: place, at: snapshot.checkpoint.id, cause: $0, change: graph.change(of: call))
      }
    }
  }

  /// The checkpoint after `node` has written `update`.
  func checkpoint(
    after snapshot: Snapshot, node: Node, update: StateUpdate, runID: Identifier<Run>?,
    source: Checkpoint.Source = .loop
  ) -> Snapshot {
    var state = snapshot.state
    state.apply(update)
    let next = graph.next(after: node, in: state)
    let checkpoint = Checkpoint(
      threadID: snapshot.checkpoint.threadID, parentID: snapshot.checkpoint.id, runID: runID,
      step: snapshot.checkpoint.step + 1, source: source, node: node, next: next.map { [$0] } ?? [])
    return Snapshot(checkpoint: checkpoint, state: state)
  }

  /// How a run stands that has come to this checkpoint; nil if it goes on.
  func ending(at snapshot: Snapshot, taken: Int) -> Run.Status? {
    switch action(at: snapshot, taken: taken, isConfirmed: false) {
    case .perform, .stopAtLimit: nil
    case .awaitConfirmation: .interrupted
    case .finish: .success
    }
  }
}
