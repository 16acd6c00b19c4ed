import Conversation
import Engine
import Hummingbird
import Store

/// What people thought of runs. It stays with the run, and is handed on to LangSmith where runs are.
struct FeedbackRoutes: Sendable {
  let engine: Engine

  func create(_ call: Call, _ user: Owner) async throws -> Response {
    let feedback = try Feedback(payload: await call.json())
    do {
      try await engine.store.keepFeedback(feedback, of: user)
    } catch StoreError.notFound {
      throw EngineError.runNotFound
    }
    engine.traces.report(feedback)
    return .done
  }

  func listOfThread(_ call: Call, _ user: Owner) async throws -> Response {
    let id: Identifier<Conversation.Thread> = try call.identifier("thread_id", orThrow: .threadNotFound)
    guard try await engine.store.thread(id, of: user) != nil else { throw EngineError.threadNotFound }
    return try .json(await engine.store.feedback(of: id, page: call.page()))
  }
}

extension Feedback {
  /// `{run_id, key, score?, value?, comment?}`; with none of the last three an opinion is taken back.
  fileprivate init(payload json: JSON) throws(ValidationError) {
    var body = try ObjectReader(json, at: ["body"])
    let run: Identifier<Run>? = body.identifier("run_id")
    let key = body.string("key")
    if key.isEmpty || key.unicodeScalars.count > Limits.feedbackKeyScalars {
      body.reject(
        "key", as: "string_length", "String should have 1 to \(Limits.feedbackKeyScalars) characters")
    }
    let score = body.members["score"] ?? .null
    if !score.isNull, score.number == nil, score.bool == nil {
      body.reject("score", as: "float_type", "Input should be a number or a boolean")
    }
    let value = body.members["value"] ?? .null
    if value.text.unicodeScalars.count > Limits.feedbackScalars {
      body.reject("value", as: "too_long", "Value should have at most \(Limits.feedbackScalars) characters")
    }
    let comment = body.optionalString("comment")
    if let comment, comment.unicodeScalars.count > Limits.feedbackScalars {
      body.reject(
        "comment", as: "string_too_long", "String should have at most \(Limits.feedbackScalars) characters")
    }
    try body.check()
    guard let run else { throw ValidationError(body.problems) }
    self.init(runID: run, key: key, score: score, value: value, comment: comment)
  }
}
