import Conversation
import Foundation
import GRDB

/// What was read out of a file. All places count Unicode scalars from the start of the text.
package struct ExtractedText: Sendable, Equatable {
  package var text: String
  package var title: String?
  /// In order; empty for formats without pages.
  package var pages: [PageSpan]

  package init(text: String, title: String? = nil, pages: [PageSpan] = []) {
    self.text = text
    self.title = title
    self.pages = pages
  }

  /// Where one page stands in the text.
  package struct PageSpan: Sendable, Equatable {
    /// From 1.
    package var page: Int
    package var start: Int
    package var end: Int

    package init(page: Int, start: Int, end: Int) {
      self.page = page
      self.start = start
      self.end = end
    }
  }
}

extension ExtractedText {
  /// Nil for formats without pages.
  var pageCount: Int? {
    pages.isEmpty ? nil : pages.count
  }

  init(_ row: Row) throws {
    self.init(
      text: try row.text(0), title: try row.optionalText(1), pages: try PageSpan.list(row.text(2)))
  }

  func save(of file: Identifier<File>, revision: Int, _ db: Database) throws {
    let places = JSON.array(pages.map { [.integer($0.page), .integer($0.start), .integer($0.end)] })
    try db.run(
      "INSERT INTO file_text (file_id, revision, text, pages) VALUES (?, ?, ?, ?) "
        + "ON CONFLICT DO UPDATE SET text = excluded.text, pages = excluded.pages",
      file, revision, text, places)
  }
}

extension ExtractedText.PageSpan {
  static func list(_ json: String) throws -> [Self] {
    try JSONDecoder().decode([[Int]].self, from: Data(json.utf8)).map(Self.init)
  }

  fileprivate init(_ place: [Int]) throws(StoreError) {
    guard place.count == 3 else { throw .corrupt(cause: "a page is no list of three numbers") }
    self.init(page: place[0], start: place[1], end: place[2])
  }
}
