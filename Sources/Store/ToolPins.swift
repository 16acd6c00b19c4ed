package import Conversation
import GRDB

extension Store {
  /// What the tools of an assistant said of themselves when a person last agreed.
  package func toolPins(of assistant: Identifier<Assistant>) async throws(StoreError) -> [ToolPin] {
    try await read { db in
      try db.rows("SELECT pin FROM tool_pin WHERE assistant_id = ?", assistant).map {
        try $0.json(0).decoded(as: ToolPin.self)
      }
    }
  }

  /// Keeps what tools say of themselves at their first use; what is there already stays.
  package func pin(_ pins: [ToolPin], for assistant: Identifier<Assistant>) async throws(StoreError) {
    try await write { db in
      // An assistant that was deleted meanwhile needs none.
      guard try db.row("SELECT 1 FROM assistant WHERE assistant_id = ?", assistant) != nil else { return }
      for pin in pins {
        try db.run(
          "INSERT OR IGNORE INTO tool_pin (assistant_id, origin, name, pin, pinned_at) VALUES (?, ?, ?, ?, ?)",
          assistant, pin.origin, pin.name, try JSON(encoding: pin), Timestamp.now)
      }
    }
  }
}

extension Approval {
  /// Whoever owns the assistant and lets the call be made agrees to what its tool says of itself now. Anybody else
  /// lets this one call be made.
  func repin(by run: Run, _ db: Database) throws {
    guard let change, let decision, decision.action != .refuse else { return }
    try db.run(
      """
      INSERT INTO tool_pin (assistant_id, origin, name, pin, pinned_at)
      SELECT assistant_id, ?, ?, ?, ? FROM assistant WHERE assistant_id = ? AND user_id = ?
      ON CONFLICT DO UPDATE SET pin = excluded.pin, pinned_at = excluded.pinned_at
      """, change.now.origin, change.now.name, try JSON(encoding: change.now), Timestamp.now, run.assistantID,
      run.userID)
  }
}
