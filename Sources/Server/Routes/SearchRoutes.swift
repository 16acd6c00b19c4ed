import Conversation
import Engine
import Hummingbird
import Store

/// Searching files without asking anybody: the passages that an assistant would be given, and why those.
struct SearchRoutes: Sendable {
  let engine: Engine

  /// `GET /search?q=…`, in the files of assistants and threads that the user may see.
  func search(_ call: Call, _ user: Owner) async throws -> Response {
    var query = SearchQuery()
    try query.read(call)
    let search = Search(
      query.text, in: try await namespaces(of: query, for: user), filter: query.filter,
      ranking: query.ranking,
      count: query.limit, offset: query.offset)
    let outcome = try await engine.searcher.outcome(of: search)
    return try .json(SearchReply(outcome, isExplained: query.isExplained))
  }

  private func namespaces(of query: SearchQuery, for user: Owner) async throws -> [Namespace] {
    var namespaces: [Namespace] = []
    for id in query.assistants {
      guard try await engine.store.assistant(id, visibleTo: user) != nil else {
        throw Refusal(.notFound, "Assistant not found.")
      }
      namespaces.append(.assistant(id))
    }
    for id in query.threads {
      guard try await engine.store.thread(id, of: user) != nil else {
        throw Refusal(.notFound, "Thread not found.")
      }
      namespaces.append(.thread(id))
    }
    for id in query.collections {
      guard try await engine.store.collection(id, of: user) != nil else {
        throw EngineError.collectionNotFound
      }
      namespaces.append(.collection(id))
    }
    return namespaces
  }
}

/// The query of the address, checked.
private struct SearchQuery {
  var text = ""
  var assistants: [Identifier<Assistant>] = []
  var threads: [Identifier<Conversation.Thread>] = []
  var collections: [Identifier<FileCollection>] = []
  var filter = ChunkFilter()
  var ranking = Search.Ranking.both
  var limit = Limits.searchRows
  var offset = 0
  var isExplained = false

  mutating func read(_ call: Call) throws(ValidationError) {
    text = call.query("q") ?? ""
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError(
        Problem(type: "missing", location: ["query", "q"], message: "Field required", input: .null))
    }
    assistants = try call.identifiers("assistant_id")
    threads = try call.identifiers("thread_id")
    collections = try call.identifiers("collection_id")
    guard !assistants.isEmpty || !threads.isEmpty || !collections.isEmpty else {
      throw ValidationError(
        Problem(
          type: "value_error", location: ["query"],
          message: "At least one assistant_id, thread_id or collection_id is needed",
          input: .null))
    }
    let files: [Identifier<File>] = try call.identifiers("file_id")
    if !files.isEmpty { filter.files = files }
    filter.from = try call.timestamp("from")
    filter.before = try call.timestamp("before")
    if let name = call.query("ranking") {
      guard let known = Search.Ranking(rawValue: name) else {
        let names = Search.Ranking.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw call.rejected("ranking", name, as: "enum", "Input should be one of \(names)")
      }
      ranking = known
    }
    limit = try call.integer("limit", in: 1...Limits.searchRowsMaximum) ?? limit
    offset = try call.integer("offset", in: 0...Limits.searchOffsetMaximum) ?? 0
    isExplained = try call.flag("explain") ?? false
  }
}

/// What `GET /search` answers.
private struct SearchReply: Encodable {
  var passages: [Passage]
  var hasMore: Bool
  var comparedMeaning: Bool
  var candidates: [SearchOutcome.Candidate]?

  init(_ outcome: SearchOutcome, isExplained: Bool) {
    passages = outcome.passages
    hasMore = outcome.hasMore
    comparedMeaning = outcome.comparedMeaning
    candidates = isExplained ? outcome.candidates : nil
  }

  enum CodingKeys: String, CodingKey {
    case passages
    case hasMore = "has_more"
    case comparedMeaning = "compared_meaning"
    case candidates
  }
}

extension Call {
  /// The ids after `name=`, which may come several times.
  fileprivate func identifiers<Noun>(_ name: String) throws(ValidationError) -> [Identifier<Noun>] {
    var ids: [Identifier<Noun>] = []
    for text in request.uri.queryParameters[values: name[...]].map(String.init) {
      guard let id = Identifier<Noun>(text) else {
        throw rejected(name, text, as: "uuid_parsing", "Input should be a valid UUID")
      }
      ids.append(id)
    }
    guard ids.count <= Limits.searchPlaces else {
      throw rejected(
        name, "\(ids.count)", as: "too_long", "At most \(Limits.searchPlaces) are searched at once")
    }
    return ids
  }

  /// A day, or a second of it, in UTC.
  fileprivate func timestamp(_ name: String) throws(ValidationError) -> Timestamp? {
    guard let text = query(name) else { return nil }
    guard let time = Timestamp(dayOrSecond: text) else {
      throw rejected(
        name, text, as: "datetime_parsing", "Input should be like 2026-11-23 or 2026-11-23T04:17:54Z")
    }
    return time
  }

  fileprivate func flag(_ name: String) throws(ValidationError) -> Bool? {
    switch query(name)?.lowercased() {
    case nil: return nil
    case "true", "1", "yes", "on": return true
    case "false", "0", "no", "off": return false
    case let text?: throw rejected(name, text, as: "bool_parsing", "Input should be a valid boolean")
    }
  }
}

extension Timestamp {
  fileprivate init?(dayOrSecond text: String) {
    let pattern = /([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})Z)?/
    guard let found = text.wholeMatch(of: pattern)?.output,
      let year = Int64(found.1), let month = Int64(found.2), let day = Int64(found.3),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let clock = [found.4, found.5, found.6].map { $0.flatMap { Int64($0) } ?? 0 }
    guard clock[0] < 24, clock[1] < 60, clock[2] < 60 else { return nil }
    let seconds = Self.days(year, month, day) * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
    self.init(microseconds: seconds * 1_000_000)
  }

  /// Days from 1970-01-01 on; a 31st of a shorter month is a day of the next one. Years begin in March, so that
  /// the leap day is the last of its year.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }
}
