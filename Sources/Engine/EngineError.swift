package import Conversation

/// Why the engine did not do what it was asked. A case is what the caller can do about it.
package enum EngineError: Error, Sendable {
  case threadNotFound
  case assistantNotFound
  /// The thread's assistant was deleted, or is no longer shared with its owner.
  case threadHasNoAssistant
  case checkpointNotFound
  case runNotFound
  case fileNotFound
  case collectionNotFound
  /// Another run of the thread is not done.
  case threadBusy(Identifier<Run>)
  /// More runs than the machine is meant to carry; try again later.
  case tooManyRuns
  case invalidConfiguration(ConfigurationError)
  case modelNotFound
  /// The configuration file sets the model up, so it is changed there.
  case modelPinned(String)
  case tooManyModels
  /// What was decided about is not what waits: look again.
  case staleApproval(String)
  /// A decision is missing, or says too little.
  case invalidDecision(callID: String, problem: String)
  case toolNotFound
  /// The embedding models are not so that this could be done; the text says how they are.
  case spaceRefused(String)
}
