/// Every bound of the conversation and its engine, with its unit and its reason. Rooms that meet the outside
/// world below the engine (Transport, Documents) keep their own beside what they bound.
package enum Limits {
  /// Bytes of a JSON body: far above any real message, far below what would hurt a small box.
  package static let jsonBodyBytes = 4 << 20
  /// Bytes of one upload request: the original page allows 10 MB a file; this leaves room for scans.
  package static let uploadBytes = 200 << 20
  /// Free bytes of the disk below which people are warned: room for one large upload.
  package static let leastFreeBytes = 256 << 20
  /// Files in one upload request.
  package static let filesPerUpload = 100
  /// Unicode scalars of a name of an assistant or a thread; longer thread names are cut, as they are first messages.
  package static let nameCharacters = 1_000
  /// Rows of one page of a list, unless a client asks for fewer or, up to `pageRowsMaximum`, for more.
  package static let pageRows = 1_000
  package static let pageRowsMaximum = 10_000
  /// Checkpoints of one page of a history; each repeats the whole state.
  package static let historyRows = 100
  /// Bytes of the messages in one page of a history: what a small box and a page can hold.
  package static let historyBytes = 16 << 20
  /// Bytes a message takes beside its text, roughly, for that sum.
  package static let messageFrameBytes = 400
  /// Messages of a lineage: the newest of a thread longer than anybody edits.
  package static let lineageMessages = 4_000
  /// Rows of one page of found things.
  package static let foundRows = 20
  package static let foundRowsMaximum = 100
  /// Checkpoints of one page of a timeline, which repeats no state.
  package static let timelineRows = 100
  package static let timelineRowsMaximum = 1_000
  /// Unicode scalars of a message that a timeline shows.
  package static let excerptScalars = 240
  /// Unicode scalars of what a person writes about an answer, and of what its score is filed under.
  package static let feedbackScalars = 10_000
  package static let feedbackKeyScalars = 100
  /// What one person sets for themselves: names, and bytes of each value.
  package static let preferences = 100
  package static let preferenceBytes = 64 << 10
  /// Messages a client may write at once.
  package static let messagesPerUpdate = 1_000
  /// Steps of one run: the original's recursion limits.
  package static let agentSteps = 50
  package static let steps = 25
  /// Tool calls of one message that are carried out; a model that asks for more is told so.
  package static let toolCallsPerStep = 32
  /// Of these at once: more would starve the others on two cores.
  package static let toolCallsAtOnce = 8
  /// Seconds one tool call may take.
  package static let toolSeconds = 60.0
  /// UTF-8 bytes of one tool result: what a model can still read.
  package static let toolResultBytes = 256 << 10
  /// UTF-8 bytes of what a result brings beside its text, such as an image; what is larger is left out.
  package static let toolArtifactBytes = 12 << 20
  /// Services one person may describe.
  package static let customTools = 100
  /// Unicode scalars of the reason a person gives for refusing a call.
  package static let reasonCharacters = 2_000
  /// Runs that go on at once in the process; more are refused. They mostly wait for models.
  package static let runsAtOnce = 1_000
  /// Runs of one thread that may wait for it.
  package static let runsWaitingPerThread = 16
  /// Seconds a finished run's events are kept for clients that come back.
  package static let eventsKeptSeconds = 300.0
  /// Finished runs whose events are kept.
  package static let endedRunsKept = 256
  /// Passages a search returns: the original's k.
  package static let passages = 4
  /// Chunks that a kept search tells of: what a reader looks through to see why.
  package static let candidatesKept = 16
  /// Answers of models that are kept for the same question, one answer's bytes, and the bytes of all.
  package static let cachedResponses = 2_000
  package static let cachedResponseBytes = 256 << 10
  package static let cachedResponsesBytes = 64 << 20
  /// Models an administrator may set up, and Unicode scalars of a model's name.
  package static let models = 200
  package static let modelNameCharacters = 120
  /// Characters of the name of a model that Ollama is to fetch.
  package static let pulledNameCharacters = 200
  /// Models asked one after the other, when each in turn cannot be.
  package static let modelFallbacks = 3
  /// Passages of a page of `GET /search`, and at most, and before it: rankings are read no deeper.
  package static let searchRows = 10
  package static let searchRowsMaximum = 100
  package static let searchOffsetMaximum = 400
  /// Assistants, threads or files that one search may name.
  package static let searchPlaces = 32
}
