extension DocumentFormat {
  static let epub = DocumentFormat(
    mediaTypes: ["application/epub+zip"],
    extensions: ["epub"],
    isText: false,
    recognises: { file in
      Archive.isZIP(file.head) && Archive(of: file, limits: .init()).contains(EPUB.container)
    },
    extract: { file, limits throws(DocumentError) in
      try EPUB.extract(Archive(of: file, limits: limits))
    })
}

/// EPUB 3.3 and 2: the documents of the spine in order, each a page, which is what readers call a section.
struct EPUB {
  fileprivate static let container = "META-INF/container.xml"

  private var title: String?
  private var paths: [String: String] = [:]
  private var spine: [String] = []

  static func extract(_ archive: Archive) throws(DocumentError) -> SourceText {
    let parts = try archive.contents { name in
      let ending = name.split(separator: ".").last?.lowercased() ?? ""
      return ["xml", "opf", "xhtml", "html", "htm"].contains(ending)
    }
    guard let container = parts[container], let path = try packagePath(in: container),
      let content = parts[path]
    else { throw .malformed(why: "it has no package document") }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let book = try EPUB(content, folder: folder)
    if let locks = parts["META-INF/encryption.xml"], try book.isLocked(locks) { throw .encrypted }
    var builder = TextBuilder(limits: archive.limits)
    for (index, id) in book.spine.enumerated() {
      try builder.page(index + 1)
      guard let path = book.paths[id], let chapter = parts[path] else { continue }
      try HTML.read(chapter, into: &builder)
    }
    return builder.finish(mediaType: DocumentFormat.epub.mediaTypes[0], title: book.title)
  }

  private static func packagePath(in container: [UInt8]) throws(DocumentError) -> String? {
    let reader = try XMLReader(container)
    while let node = try reader.next() {
      if case .start("rootfile", _) = node { return reader.attribute("full-path") }
    }
    return nil
  }

  private init(_ package: [UInt8], folder: String) throws(DocumentError) {
    let reader = try XMLReader(package)
    var isTitle = false
    while let node = try reader.next() {
      switch node {
      case .start("title", false): isTitle = title == nil
      case .end("title"): isTitle = false
      case .text(let text): if isTitle { title = (title ?? "") + text }
      case .start("item", _):
        guard let id = reader.attribute("id"), let path = reader.attribute("href") else { continue }
        paths[id] = folder + path.percentDecoded
      case .start("itemref", _):
        if let id = reader.attribute("idref") { spine.append(id) }
      case .start, .end: break
      }
    }
  }

  /// Whether a chapter is encrypted; fonts often are, in books that anybody may read.
  private func isLocked(_ locks: [UInt8]) throws(DocumentError) -> Bool {
    let chapters = Set(spine.compactMap { paths[$0] })
    let reader = try XMLReader(locks)
    while let node = try reader.next() {
      guard case .start("CipherReference", _) = node, let path = reader.attribute("URI") else { continue }
      if chapters.contains(path.percentDecoded) { return true }
    }
    return false
  }
}

extension String {
  /// With `%20` and its like as the bytes they stand for.
  var percentDecoded: String {
    var bytes: [UInt8] = []
    var rest = Substring(self).utf8
    while let byte = rest.popFirst() {
      let digits = String(Substring(rest.prefix(2)))
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
