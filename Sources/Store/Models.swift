package import Conversation
import GRDB

/// A model that an administrator set up.
package struct StoredModel: Sendable, Equatable {
  package var definition: ModelDefinition
  /// For its provider, if not the one of the settings. Never leaves this program but to that provider.
  package var apiKey: String?

  package init(definition: ModelDefinition, apiKey: String?) {
    self.definition = definition
    self.apiKey = apiKey
  }
}

extension Store {
  /// The models that administrators set up, by name. A key that cannot be opened, because the file that seals
  /// secrets was lost, is none: the model asks for its key again, and all others work.
  package func models() async throws(StoreError) -> [StoredModel] {
    let secrets = secrets
    return try await read { db in
      try db.rows("SELECT definition FROM model ORDER BY name").map { row in
        let definition = try row.json(0).decoded(as: ModelDefinition.self)
        return StoredModel(
          definition: definition, apiKey: try? Self.key(of: definition.name, secrets, db))
      }
    }
  }

  private static func key(
    of model: String, _ secrets: SecretBox, _ db: Database
  ) throws -> String? {
    try db.row("SELECT api_key FROM model WHERE name = ? AND api_key IS NOT NULL", model)
      .map { try secrets.opened($0.blob(0), for: model) }
  }

  /// Sets a model up, or changes it.
  /// - Parameter apiKey: nil keeps the key there is, if the model stays where it is; an empty one takes it away.
  package func saveModel(_ definition: ModelDefinition, apiKey: String?) async throws(StoreError) {
    let secrets = secrets
    try await write { db in
      let kept = try db.row("SELECT definition FROM model WHERE name = ?", definition.name)
      var key = apiKey
      if key == nil, let kept {
        let before = try kept.json(0).decoded(as: ModelDefinition.self)
        // A key goes only to the server it was given for.
        let isSamePlace = before.provider == definition.provider && before.baseURL == definition.baseURL
        key = isSamePlace ? try? Self.key(of: definition.name, secrets, db) : nil
      }
      let sealed = try key.flatMap { $0.isEmpty ? nil : try secrets.sealed($0, for: definition.name) }
      try db.run(
        """
        INSERT INTO model (name, definition, api_key, updated_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
          definition = excluded.definition, api_key = excluded.api_key, updated_at = excluded.updated_at
        """, definition.name, try JSON(encoding: definition), sealed, Timestamp.now)
    }
  }

  /// - Returns: whether there was one of that name.
  @discardableResult
  package func deleteModel(_ name: String) async throws(StoreError) -> Bool {
    try await write { db in try db.run("DELETE FROM model WHERE name = ?", name) > 0 }
  }
}
