import Conversation
import Engine
import Foundation

/// A set as `opengpts bench retrieval --help` describes it.
extension RetrievalSet {
  init(folder: URL) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    func named(_ ending: String) -> URL? {
      names.sorted().first { $0.hasSuffix(ending) }.map { folder.appending(path: $0) }
    }
    if names.contains("corpus.jsonl") {
      try self.init(beir: folder)
    } else if let documents = named("docs.json"), let queries = named("queries.json"),
      let judgements = named("qrels.json")
    {
      try self.init(documents: documents, queries: queries, judgements: judgements)
    } else {
      throw CommandFailure(message: "\(folder.path) holds no set of texts and questions; see --help.")
    }
  }

  private init(beir folder: URL) throws {
    let documents = try Self.lines(of: folder.appending(path: "corpus.jsonl")).map { line in
      let json = try JSON(parsing: line)
      return Text(id: json.word("_id"), title: json.word("title"), text: json.word("text"))
    }
    let queries = try Self.lines(of: folder.appending(path: "queries.jsonl")).map { line in
      let json = try JSON(parsing: line)
      return (id: json.word("_id"), text: json.word("text"))
    }
    var gains: [String: [String: Double]] = [:]
    for line in try Self.lines(of: folder.appending(path: "qrels/test.tsv")).dropFirst() {
      let parts = line.split(separator: "\t").map(String.init)
      if parts.count == 3, let gain = Double(parts[2]), gain > 0 {
        gains[parts[0], default: [:]][parts[1]] = gain
      }
    }
    self.init(documents: documents, queries: queries, gains: gains)
  }

  private init(documents: URL, queries: URL, judgements: URL) throws {
    let texts = try Self.list(in: documents).map {
      Text(id: $0.word("id"), title: $0.word("title"), text: $0.word("body"))
    }
    let questions = try Self.list(in: queries).enumerated().map {
      (id: String($0.offset + 1), text: $0.element.word("query"))
    }
    var gains: [String: [String: Double]] = [:]
    for judgement in try Self.list(in: judgements) {
      guard let position = Double(judgement.word("position")), (1...4).contains(position) else { continue }
      gains[judgement.word("query_num"), default: [:]][judgement.word("id")] = 5 - position
    }
    self.init(documents: texts, queries: questions, gains: gains)
  }

  private static func lines(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private static func list(in file: URL) throws -> [JSON] {
    guard let list = try JSON(parsing: Data(contentsOf: file)).array else {
      throw CommandFailure(message: "\(file.path) holds no list.")
    }
    return list
  }
}

extension JSON {
  /// A text or a number, as text.
  fileprivate func word(_ name: String) -> String {
    self[name].map { $0.string ?? ($0.isNull ? "" : $0.text) } ?? ""
  }
}
