package import Conversation
package import Providers

/// What happens in a run, as those who watch it are told.
package enum RunEvent: Sendable {
  /// The run has begun: its input is committed. `state` is the whole conversation, `input` what is new in it.
  case began(state: [Message], input: [Message])
  /// The model added a piece; not committed yet.
  case delta(MessageDelta)
  /// Time to look at the message that grows: at most one in `RunLog.pulse`, so that those who are shown whole
  /// messages are not sent each token.
  case pulse
  /// These messages are committed: new, or in place of what was shown under their ids.
  case committed([Message])
  /// A tool call goes on; not committed, and of no use once it is done.
  case progress(ToolProgress)
  /// The model is asked again after a while; not committed, and of no use once it has answered.
  case waiting(ModelWait)
  case failed(RunFailure)
  /// Nothing follows.
  case ended
}
