/// What a file says, as one text, with the places of its pages and headings in it.
///
/// All offsets count Unicode scalars from the start of `text`, in half-open ranges. Lines end in `\n`, there
/// is no NUL and no other control character but the tab. Pages and headings are in order and inside the text.
package struct SourceText: Sendable, Equatable, Codable {
  /// A page, slide or chapter, counted from 1 as a viewer's `#page=` does, whatever number is printed on it.
  package struct Page: Sendable, Equatable, Codable {
    package var number: Int
    package var range: Range<Int>

    package init(number: Int, range: Range<Int>) {
      self.number = number
      self.range = range
    }
  }

  /// A heading's level, from 1, its place, and its title on one line, of at most `longestTitle` scalars.
  package struct Heading: Sendable, Equatable, Codable {
    package var level: Int
    package var range: Range<Int>
    package var title: String

    /// Titles are repeated in each chunk below them, so a hostile one must not multiply the text.
    package static let longestTitle = 200

    package init(level: Int, range: Range<Int>, title: String) {
      self.level = level
      self.range = range
      self.title = title
    }
  }

  package var text: String
  package var mediaType: String
  package var title: String?
  /// Empty for formats without pages.
  package var pages: [Page]
  package var headings: [Heading]

  package init(
    text: String, mediaType: String = "text/plain", title: String? = nil, pages: [Page] = [],
    headings: [Heading] = []
  ) {
    self.text = text
    self.mediaType = mediaType
    self.title = title
    self.pages = pages
    self.headings = headings
  }

  /// Whether every range lies in the text and in order: asked of what another process claims.
  /// - Complexity: linear in the text.
  var isConsistent: Bool {
    let count = text.unicodeScalars.count
    return Self.areOrdered(pages.map(\.range), upTo: count)
      && Self.areOrdered(headings.map(\.range), upTo: count)
      && pages.allSatisfy { $0.number > 0 }
      && headings.allSatisfy {
        $0.level > 0 && $0.title.unicodeScalars.count <= Heading.longestTitle
      }
  }

  private static func areOrdered(_ ranges: [Range<Int>], upTo count: Int) -> Bool {
    var end = 0
    for range in ranges {
      guard range.lowerBound >= end, range.upperBound <= count else { return false }
      end = range.upperBound
    }
    return true
  }
}
