import Foundation
import FoundationXML

/// A small XML document as a tree: what feeds of search results come as.
///
/// Nothing outside of the document is loaded, and documents that declare entities are refused.
struct XMLTree {
  enum Content {
    case text(String)
    case element(XMLTree)
  }

  let name: String
  let attributes: [String: String]
  fileprivate(set) var content: [Content] = []

  /// Elements within elements; feeds have ten.
  fileprivate static let depth = 64

  /// The root element; nil for anything that is not well-formed.
  /// - Complexity: linear in the bytes, which the caller bounds.
  init?(_ bytes: [UInt8]) {
    guard !String(decoding: bytes, as: UTF8.self).contains("<!ENTITY") else { return nil }
    let parser = XMLParser(data: Data(bytes))
    let builder = XMLTreeBuilder()
    parser.delegate = builder
    guard parser.parse(), let root = builder.root else { return nil }
    self = root
  }

  fileprivate init(name: String, attributes: [String: String]) {
    self.name = name
    self.attributes = attributes
  }

  /// The child elements of that name.
  func children(_ name: String) -> [XMLTree] {
    content.compactMap { if case .element(let child) = $0, child.name == name { child } else { nil } }
  }

  /// Every element that the names lead to, one after the other.
  func elements(_ path: String...) -> [XMLTree] {
    path.reduce([self]) { found, name in found.flatMap { $0.children(name) } }
  }

  /// The words inside, those of elements within included, on one line.
  var text: String { rawText.onOneLine }

  private var rawText: String {
    content.map {
      if case .text(let text) = $0 { text } else if case .element(let e) = $0 { e.rawText } else { "" }
    }
    .joined()
  }
}

/// Builds the tree from the parser's events.
private final class XMLTreeBuilder: NSObject, XMLParserDelegate {
  private(set) var root: XMLTree?
  private var open: [XMLTree] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    guard open.count < XMLTree.depth else { return parser.abortParsing() }
    open.append(XMLTree(name: name, attributes: attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard !open.isEmpty else { return }
    open[open.count - 1].content.append(.text(text))
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    self.parser(parser, foundCharacters: String(decoding: block, as: UTF8.self))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let element = open.popLast() else { return }
    if open.isEmpty { root = element } else { open[open.count - 1].content.append(.element(element)) }
  }
}
