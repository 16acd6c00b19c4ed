import Conversation
import Engine
import Hummingbird
import Providers

/// The documents that describe a run's configuration, input and output (JSON Schema, draft 2020-12).
struct SchemaRoutes: Sendable {
  let engine: Engine

  func config(_ call: Call) async throws -> Response {
    try .json(ConfigSchema(models: engine.models.names, tools: engine.tools.types).document)
  }

  func input(_ call: Call) async throws -> Response {
    try .json(MessageSchema.input)
  }

  func output(_ call: Call) async throws -> Response {
    try .json(MessageSchema.output)
  }
}
