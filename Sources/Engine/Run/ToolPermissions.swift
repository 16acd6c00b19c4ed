import Conversation
import Providers

/// Which calls a person is asked about first. Pure: the assistant's settings and the conversation decide.
package struct ToolPermissions: Sendable {
  /// Every call is asked for, as the assistant's "Tool Confirmation" has it.
  package var asksForAll = false
  /// Whether calls are asked for that could carry private text away; see `mayLeak`.
  package var guardsEgress = true
  private var rules: [String: Rule] = [:]

  /// What is known of one function.
  private struct Rule {
    var asks: Bool
    var readsOnly: Bool
    var reach: ToolReach
    var change: ToolChange?
  }

  package init(asksForAll: Bool = false, guardsEgress: Bool = true) {
    self.asksForAll = asksForAll
    self.guardsEgress = guardsEgress
  }

  init(tools: [ChosenTool], asksForAll: Bool, guardsEgress: Bool) {
    self.init(asksForAll: asksForAll, guardsEgress: guardsEgress)
    let pairs = tools.map { chosen in
      (
        chosen.tool.specification.name,
        Rule(
          asks: chosen.asksFirst, readsOnly: chosen.tool.readsOnly, reach: chosen.tool.reach,
          change: chosen.change)
      )
    }
    rules = Dictionary(pairs) { first, _ in first }
  }

  /// Why a person is to be asked before the call is made; nil when nobody is.
  func cause(for call: ToolCall, in state: ThreadState) -> Approval.Cause? {
    if rules[call.name]?.change != nil { return .changed }
    if asksForAll { return .confirmation }
    // A tool that is not there is not called either; the model is told so.
    guard let rule = rules[call.name] else { return nil }
    if rule.asks { return .permission }
    return guardsEgress && mayLeak(rule, in: state) ? .egress : nil
  }

  /// What the call's tool says of itself that nobody has agreed to yet.
  func change(of call: ToolCall) -> ToolChange? {
    rules[call.name]?.change
  }

  /// Whether a call could take what the files say to where somebody else's text wants it: three things have to
  /// come together, private passages and strangers' text in what the model reads, and a tool that goes where
  /// the model says or changes something elsewhere.
  private func mayLeak(_ rule: Rule, in state: ThreadState) -> Bool {
    guard rule.reach == .anywhere || (rule.reach == .service && !rule.readsOnly) else { return false }
    var isPrivate = false
    var isForeign = false
    for message in state.messages where message.role == .tool || message.role == .function {
      switch reach(of: message) {
      case .nowhere: continue
      case .knowledge: isPrivate = true
      case .service, .anywhere: isForeign = true
      }
    }
    return isPrivate && isForeign
  }

  /// A result of a tool that the assistant no longer has is anybody's text, unless it is the files'.
  private func reach(of result: Message) -> ToolReach {
    let name = result.name ?? ""
    if name == RetrievalTool.functionName || name == RetrievalGraph.functionName { return .knowledge }
    return rules[name]?.reach ?? .anywhere
  }
}
