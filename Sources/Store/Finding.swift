package import Conversation
import Foundation
import GRDB

/// Searches over everything a user owns. Each page is asked for one row longer than it is shown, to tell
/// whether there is more.
extension Store {
  /// Messages of people and assistants that have all the words, best first by BM25; the last word may be a
  /// beginning. In scripts without spaces, where a word is no token, they are looked through, newest first.
  package func findMessages(
    _ query: String, of user: Identifier<User>, page: Page
  ) async throws(StoreError) -> Found.Page<Found.Message> {
    let wanted = FindQuery(query)
    guard !wanted.isEmpty else { return Found.Page([], limit: page.limit) }
    let found: [Found.Message] = try await read { db in
      let rows =
        wanted.isTokenised
        ? try db.rows(Found.Message.byWords, wanted.match(owner: user), user, page.limit + 1, page.offset)
        : try db.rows(Found.Message.byText, user, wanted.text, page.limit + 1, page.offset)
      return try rows.map { try Found.Message($0, lookedFor: wanted) }
    }
    return Found.Page(found, limit: page.limit)
  }

  /// Passages of the user's files that have all the words, best first by BM25.
  package func findPassages(
    _ query: String, of user: Identifier<User>, page: Page
  ) async throws(StoreError) -> Found.Page<Found.Passage> {
    let wanted = FindQuery(query)
    guard !wanted.isEmpty else { return Found.Page([], limit: page.limit) }
    let found: [Found.Passage] = try await read { db in
      try db.rows(Found.Passage.byWords, wanted.matchInFiles, user, page.limit + 1, page.offset)
        .map(Found.Passage.init)
    }
    return Found.Page(found, limit: page.limit)
  }

  /// The user's assistants with the text in their name or their settings, newest first.
  package func findAssistants(
    _ query: String, of user: Identifier<User>, page: Page
  ) async throws(StoreError) -> Found.Page<Assistant> {
    let pattern = FindQuery(query).pattern
    let found: [Assistant] = try await read { db in
      try db.rows(
        """
        SELECT \(Assistant.columns) FROM assistant
        WHERE user_id = ?1 AND (name LIKE ?2 ESCAPE '\\' OR config LIKE ?2 ESCAPE '\\')
        ORDER BY updated_at DESC, rowid DESC LIMIT ?3 OFFSET ?4
        """, user, pattern, page.limit + 1, page.offset
      ).map(Assistant.init)
    }
    return Found.Page(found, limit: page.limit)
  }

  /// The user's threads with the text in their name, last used first.
  package func findThreads(
    _ query: String, of user: Identifier<User>, page: Page
  ) async throws(StoreError) -> Found.Page<Conversation.Thread> {
    let pattern = FindQuery(query).pattern
    let found: [Conversation.Thread] = try await read { db in
      try db.rows(
        """
        SELECT \(Conversation.Thread.columns) FROM thread WHERE user_id = ? AND name LIKE ? ESCAPE '\\'
        ORDER BY updated_at DESC, rowid DESC LIMIT ? OFFSET ?
        """, user, pattern, page.limit + 1, page.offset
      ).map(Conversation.Thread.init)
    }
    return Found.Page(found, limit: page.limit)
  }
}

// MARK: Queries

/// What a person looks for, in the forms the searches take.
private struct FindQuery {
  /// As typed, without the space around it.
  let text: String
  private let words: [String]

  init(_ query: String) {
    text = String(query.prefix(TextQuery.charactersMaximum)).trimmingCharacters(in: .whitespacesAndNewlines)
    words = TextQuery.words(of: text)
  }

  var isEmpty: Bool { words.isEmpty }
  /// What an excerpt lights.
  var lit: [String] { isTokenised ? words : [text] }

  /// Whether the full-text index knows words of this script one by one.
  var isTokenised: Bool {
    !text.unicodeScalars.contains { scalar in
      switch scalar.value {
      case 0x0e00...0x0eff, 0x1000...0x109f, 0x1780...0x17ff, 0x3040...0x30ff, 0x3400...0x9fff,
        0xac00...0xd7af, 0xf900...0xfaff, 0x20000...0x3ffff:
        true
      default: false
      }
    }
  }

  /// All the words, the last of them as a beginning.
  private var expression: String {
    words.map { "\"\($0)\"" }.joined(separator: " AND ") + "*"
  }

  func match(owner: Identifier<User>) -> String {
    "(owner : \"\(owner.description.replacing("-", with: ""))\") AND (text : (\(expression)))"
  }

  var matchInFiles: String { "{headings text} : (\(expression))" }

  /// For `LIKE`: the text anywhere, none of it an operator.
  var pattern: String {
    let plain = text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    return "%\(plain)%"
  }
}

// MARK: Rows

extension Found.Message {
  private static let columns = """
    c.thread_id, t.name, json_extract(m.body, '$.id'), json_extract(m.body, '$.type'), c.checkpoint_id,
      c.created_at, m.body
    """

  fileprivate static let byWords = """
    SELECT \(columns)
    FROM message_text f JOIN message m ON m.key = f.rowid JOIN checkpoint c ON c.seq = m.seq
      JOIN thread t ON t.thread_id = c.thread_id
    WHERE message_text MATCH ? AND t.user_id = ? ORDER BY f.rank LIMIT ? OFFSET ?
    """

  fileprivate static let byText = """
    SELECT \(columns)
    FROM thread t JOIN checkpoint c ON c.thread_id = t.thread_id
      JOIN message m ON m.branch = c.branch AND m.seq = c.seq
    WHERE t.user_id = ? AND \(MessageText.isSaid) AND instr(lower(m.body), lower(?)) > 0
    ORDER BY t.updated_at DESC, m.key DESC LIMIT ? OFFSET ?
    """

  fileprivate init(_ row: Row, lookedFor query: FindQuery) throws {
    let message = try JSONDecoder().decode(Message.self, from: Data(row.text(6).utf8))
    self.init(
      threadID: try row.identifier(0), threadName: try row.text(1), messageID: try row.text(2),
      type: try row.text(3), checkpointID: try row.identifier(4), createdAt: try row.timestamp(5),
      excerpt: Found.Piece.pieces(of: message.text, around: query.lit))
  }
}

extension Found.Passage {
  fileprivate static let byWords = """
    SELECT f.file_id, f.name, c.page, c.start, c."end", snippet(chunk_words, 2, char(2), char(3), '…', 24)
    FROM chunk_words w JOIN chunk c ON c.key = w.rowid JOIN file f ON f.file_id = c.file_id
    WHERE chunk_words MATCH ? AND f.user_id = ? ORDER BY w.rank LIMIT ? OFFSET ?
    """

  fileprivate init(_ row: Row) throws {
    self.init(
      fileID: try row.identifier(0), fileName: try row.text(1), page: try row.optionalInteger(2),
      start: try row.integer(3), end: try row.integer(4), excerpt: Found.Piece.pieces(marked: try row.text(5))
    )
  }
}

extension Found.Piece {
  /// Of a text in which each match stands between U+0002 and U+0003.
  fileprivate static func pieces(marked text: String) -> [Found.Piece] {
    text.split(separator: "\u{2}", omittingEmptySubsequences: false).enumerated().flatMap { place, part in
      let halves = part.split(separator: "\u{3}", maxSplits: 1, omittingEmptySubsequences: false)
      let isMarked = place > 0 && halves.count == 2
      return halves.enumerated().map { Found.Piece(text: String($1), isMatch: isMarked && $0 == 0) }
    }.filter { !$0.text.isEmpty }
  }

  /// Of a text around the first place that has one of the words, all of them lit.
  fileprivate static func pieces(of text: String, around words: [String]) -> [Found.Piece] {
    let options: String.CompareOptions = [.caseInsensitive, .diacriticInsensitive]
    let first = words.compactMap { text.range(of: $0, options: options)?.lowerBound }.min() ?? text.startIndex
    let reach = Limits.excerptScalars / 3
    let start = text.index(first, offsetBy: -reach, limitedBy: text.startIndex) ?? text.startIndex
    let end = text.index(first, offsetBy: 2 * reach, limitedBy: text.endIndex) ?? text.endIndex
    var pieces: [Found.Piece] = start == text.startIndex ? [] : [Found.Piece(text: "…", isMatch: false)]
    var place = start
    while place < end {
      let next = words.compactMap { text.range(of: $0, options: options, range: place..<end) }
        .min { $0.lowerBound < $1.lowerBound }
      let plain = text[place..<(next?.lowerBound ?? end)]
      if !plain.isEmpty { pieces.append(Found.Piece(text: String(plain), isMatch: false)) }
      if let next { pieces.append(Found.Piece(text: String(text[next]), isMatch: true)) }
      place = next?.upperBound ?? end
    }
    return end == text.endIndex ? pieces : pieces + [Found.Piece(text: "…", isMatch: false)]
  }
}
