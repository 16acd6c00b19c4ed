import Conversation
import Engine
import Hummingbird
import Store

/// What a person set for themselves, for whatever client they use: the server only keeps it.
struct PreferenceRoutes: Sendable {
  let engine: Engine

  func list(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(JSON.object(await engine.store.preferences(of: user)))
  }

  /// Sets the members of the body and leaves all others as they are; null takes one back.
  func set(_ call: Call, _ user: Owner) async throws -> Response {
    var body = try ObjectReader(await call.json(), at: ["body"])
    for (name, value) in body.members {
      if name.isEmpty || name.unicodeScalars.count > Limits.feedbackKeyScalars {
        body.reject(
          name, as: "string_length", "A name should have 1 to \(Limits.feedbackKeyScalars) characters")
      }
      if value.text.utf8.count > Limits.preferenceBytes {
        body.reject(name, as: "too_long", "A value should have at most \(Limits.preferenceBytes) bytes")
      }
    }
    try body.check()
    guard let all = try await engine.store.setPreferences(body.members, of: user) else {
      throw Refusal(.unprocessableContent, "There can be \(Limits.preferences) preferences at most")
    }
    return try .json(JSON.object(all))
  }
}
