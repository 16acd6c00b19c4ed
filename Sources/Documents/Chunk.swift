/// A passage of a document, small enough to be searched and cited.
package struct Chunk: Sendable, Equatable, Codable {
  /// Exactly the scalars of the source text in `range`.
  package var text: String
  /// In Unicode scalars of the source text.
  package var range: Range<Int>
  /// The numbers of the pages on which it starts and ends; nil for a source without pages.
  package var page: Int?
  package var endPage: Int?
  /// The titles above its start, the outermost first.
  package var headings: [String]

  package init(
    text: String, range: Range<Int>, page: Int? = nil, endPage: Int? = nil, headings: [String] = []
  ) {
    self.text = text
    self.range = range
    self.page = page
    self.endPage = endPage
    self.headings = headings
  }
}
