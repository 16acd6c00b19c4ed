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
  /// The models that administrators set up, by name.
  package func models() async throws(StoreError) -> [StoredModel] {
    try await read { db in
      try db.rows("SELECT definition, api_key FROM model ORDER BY name").map { row in
        StoredModel(
          definition: try row.json(0).decoded(as: ModelDefinition.self), apiKey: try row.optionalText(1))
      }
    }
  }

  /// Sets a model up, or changes it.
  /// - Parameter apiKey: nil keeps the key there is, if the model stays where it is; an empty one takes it away.
  package func saveModel(_ definition: ModelDefinition, apiKey: String?) async throws(StoreError) {
    try await write { db in
      let kept = try db.row("SELECT definition, api_key FROM model WHERE name = ?", definition.name)
      var key = apiKey
      if key == nil, let kept {
        let before = try kept.json(0).decoded(as: ModelDefinition.self)
        // A key goes only to the server it was given for.
        let isSamePlace = before.provider == definition.provider && before.baseURL == definition.baseURL
        key = isSamePlace ? try kept.optionalText(1) : nil
      }
      try db.run(
        """
        INSERT INTO model (name, definition, api_key, updated_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
          definition = excluded.definition, api_key = excluded.api_key, updated_at = excluded.updated_at
        """, definition.name, try JSON(encoding: definition), key?.isEmpty == true ? nil : key, Timestamp.now)
    }
  }

  /// - Returns: whether there was one of that name.
  @discardableResult
  package func deleteModel(_ name: String) async throws(StoreError) -> Bool {
    try await write { db in try db.run("DELETE FROM model WHERE name = ?", name) > 0 }
  }
}
