import Conversation
import Engine
import HTTPTypes

extension OpenAPIDocument {
  static let searchOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/search", id: "search", noun: .files,
      summary: "The passages of files that answer a query best, as an assistant is given them, and why those",
      query: [
        .init(
          name: "q", description: "What is looked for.", schema: ["type": "string", "pattern": "\\S"],
          isRequired: true),
        place("assistant_id", "Search what this assistant knows."),
        place("thread_id", "Search what this thread of yours knows. One place at least is to be named."),
        place("collection_id", "Search the files of this collection of yours."),
        place("file_id", "Of these files only."),
        .init(name: "from", description: "Of files given since; a day or second in UTC.", schema: moment),
        .init(name: "before", description: "Of files given before.", schema: moment),
        .init(
          name: "ranking", description: "By words, by meaning, or by both, fused.",
          schema: Schemas.choice(Search.Ranking.self)),
        .init(
          name: "limit", description: "How many at most.",
          schema: Schemas.integer(1, Limits.searchRowsMaximum, default: Limits.searchRows)),
        .init(
          name: "offset", description: "How many better ones to leave out.",
          schema: Schemas.integer(0, Limits.searchOffsetMaximum, default: 0)),
        .init(
          name: "explain", description: "With every chunk that was considered, and what became of it.",
          schema: ["type": "boolean", "default": false]),
      ],
      answer: .json(Schemas.reference("SearchReply"), "The passages, best first."), refusals: [.notFound])
  ]

  /// May come several times.
  private static func place(_ name: String, _ description: String) -> DocumentedOperation.Parameter {
    .init(
      name: name, description: description,
      schema: [
        "type": "array", "items": Schemas.id, "minItems": 1, "maxItems": .integer(Limits.searchPlaces),
      ])
  }

  private static let moment: JSON = [
    "type": "string",
    "pattern":
      "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?$",
  ]
}

extension OpenAPISchemas {
  static let search: [String: JSON] = [
    "Passage": closed(passage, optional: place),
    "SearchCandidate": closed(
      passage.merging(["fate": choice(SearchOutcome.Candidate.Fate.self)]) { first, _ in first },
      optional: place.merging(["of": id]) { first, _ in first }),
    "SearchReply": closed(
      [
        "passages": list(of: "Passage"), "has_more": ["type": "boolean"],
        "compared_meaning": ["type": "boolean"],
      ],
      optional: ["candidates": list(of: "SearchCandidate")]),
  ]

  private static let passage: [String: JSON] = [
    "chunk_id": id, "file_id": id, "source": text, "text": text, "start": integer(0), "end": integer(0),
    "headings": ["type": "array", "items": text], "score": ["type": "number"],
  ]

  /// The page, and for each ranking that had it the place and the score.
  private static let place: [String: JSON] = [
    "page": integer(0), "text_rank": integer(1), "vector_rank": integer(1), "text_score": ["type": "number"],
    "similarity": ["type": "number"],
  ]
}
