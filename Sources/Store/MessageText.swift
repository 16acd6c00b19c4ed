import Conversation
import GRDB

/// The full-text index over what people and assistants said. It keeps no text, only words, and is kept in step
/// with the messages by hand: in a schema that is not trusted, no view and no trigger may read JSON.
enum MessageText {
  /// Rows of `key`, `owner`, `text` for messages `m` of checkpoints `c` of threads `t`.
  static let columns = """
    m.key, replace(t.user_id, '-', ''),
      CASE json_type(m.body, '$.content')
        WHEN 'text' THEN json_extract(m.body, '$.content')
        ELSE (
          SELECT group_concat(json_extract(part.value, '$.text'), ' ')
          FROM json_each(m.body, '$.content') part WHERE part.type = 'object')
      END
    """
  static let isSaid = "m.removed = 0 AND json_extract(m.body, '$.type') IN ('human', 'ai')"

  /// Takes in the message that was inserted last, if it says anything.
  static func addLast(_ db: Database) throws {
    try db.run(
      """
      INSERT INTO message_text (rowid, owner, text)
      SELECT \(columns)
      FROM message m JOIN checkpoint c ON c.seq = m.branch JOIN thread t ON t.thread_id = c.thread_id
      WHERE m.key = last_insert_rowid() AND \(isSaid)
      """)
  }

  /// Takes out the messages of a thread, while they are still there to be read.
  static func remove(of thread: Identifier<Conversation.Thread>, _ db: Database) throws {
    try db.run(
      """
      INSERT INTO message_text (message_text, rowid, owner, text)
      SELECT 'delete', \(columns)
      FROM thread t JOIN checkpoint c ON c.thread_id = t.thread_id
        JOIN message m ON m.branch = c.branch AND m.seq = c.seq
      WHERE t.thread_id = ? AND \(isSaid)
      """, thread)
  }
}
