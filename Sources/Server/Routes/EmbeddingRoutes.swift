import Engine
import Foundation
import Hummingbird

/// Which embedding model's vectors are searched, and the change to another: for administrators.
struct EmbeddingRoutes: Sendable {
  private let keeper: SpaceKeeper

  init(engine: Engine) {
    keeper = engine.spaceKeeper
  }

  func get(_ call: Call, _ user: Owner) async throws -> Response {
    try .json(await keeper.report)
  }

  func start(_ call: Call, _ user: Owner) async throws -> Response {
    try await change(call) { try await $0.start() }
  }

  func cancel(_ call: Call, _ user: Owner) async throws -> Response {
    try await change(call) { try await $0.cancel() }
  }

  func undo(_ call: Call, _ user: Owner) async throws -> Response {
    try await change(call) { try await $0.undo() }
  }

  func drop(_ call: Call, _ user: Owner) async throws -> Response {
    try await change(call) { try await $0.drop() }
  }

  private func change(_ call: Call, _ change: (SpaceKeeper) async throws -> Void) async throws -> Response {
    try await call.skipBody()
    try await change(keeper)
    return try .json(await keeper.report)
  }
}
