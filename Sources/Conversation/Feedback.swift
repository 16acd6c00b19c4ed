/// What a person thought of a run: one entry for each key, `user_score` above all.
package struct Feedback: Codable, Sendable, Equatable {
  package var runID: Identifier<Run>
  package var key: String
  /// A number or a truth value; null for none.
  package var score: JSON
  package var value: JSON
  package var comment: String?
  package var updatedAt: Timestamp

  package init(
    runID: Identifier<Run>, key: String, score: JSON, value: JSON, comment: String?,
    updatedAt: Timestamp = .now
  ) {
    self.runID = runID
    self.key = key
    self.score = score
    self.value = value
    self.comment = comment
    self.updatedAt = updatedAt
  }

  /// Whether it says anything.
  package var isEmpty: Bool { score.isNull && value.isNull && comment == nil }

  package enum CodingKeys: String, CodingKey {
    case runID = "run_id"
    case key, score, value, comment
    case updatedAt = "updated_at"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(runID, forKey: .runID)
    try container.encode(key, forKey: .key)
    try container.encode(score, forKey: .score)
    try container.encode(value, forKey: .value)
    try container.encode(comment, forKey: .comment)
    try container.encode(updatedAt, forKey: .updatedAt)
  }
}
