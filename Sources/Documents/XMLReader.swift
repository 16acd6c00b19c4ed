import CXML

/// Goes through an XML part node by node. No network, no external files, entities stay unexpanded.
///
/// A document type is refused: office formats have none, and every entity attack needs one.
final class XMLReader {
  enum Node {
    case start(name: String, isEmpty: Bool)
    case end(name: String)
    case text(String)
  }

  private let reader: OpaquePointer
  private let bytes: UnsafeMutableRawBufferPointer

  init(_ content: [UInt8]) throws(DocumentError) {
    guard let count = Int32(exactly: content.count) else {
      throw .tooLarge(.unpackedBytes, limit: Int(Int32.max))
    }
    bytes = .allocate(byteCount: max(1, content.count), alignment: 1)
    bytes.copyBytes(from: content)
    guard let reader = cxml_reader_open(bytes.baseAddress, count) else {
      bytes.deallocate()
      throw .unreadable(why: "out of memory")
    }
    self.reader = reader
  }

  deinit {
    cxml_reader_close(reader)
    bytes.deallocate()
  }

  /// The next element or text by its local name; nil at the end.
  func next() throws(DocumentError) -> Node? {
    while true {
      switch Int(cxml_reader_next(reader)) {
      case CXML_START_ELEMENT: return .start(name: name, isEmpty: false)
      case CXML_EMPTY_ELEMENT: return .start(name: name, isEmpty: true)
      case CXML_END_ELEMENT: return .end(name: name)
      case CXML_TEXT: return .text(cxml_reader_text(reader).map { String(cString: $0) } ?? "")
      case CXML_OTHER: continue
      case CXML_END: return nil
      case CXML_DOCTYPE: throw .malformed(why: "its XML declares a document type")
      case _: throw .malformed(why: "its XML is broken")
      }
    }
  }

  /// Of the element just started, by local name, or by prefix and name where two have the same local one.
  func attribute(_ name: String) -> String? {
    guard let value = cxml_reader_attribute(reader, name) else { return nil }
    defer { cxml_free(value) }
    return String(cString: value)
  }

  private var name: String {
    cxml_reader_local_name(reader).map { String(cString: $0) } ?? ""
  }
}
