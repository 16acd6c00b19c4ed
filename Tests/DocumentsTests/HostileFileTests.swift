import Documents
import Testing

/// Whatever the bytes are, the answer is text or an error with a name.
struct HostileFileTests {
  @Test func `an empty file and a blank one are empty`() {
    #expect(throws: DocumentError.empty) { try parse("", named: "a.pdf") }
    #expect(throws: DocumentError.empty) { try parse(" \n\n", named: "a.txt") }
    #expect(throws: DocumentError.empty) { try parse("<html></html>", named: "a.html") }
    #expect(throws: DocumentError.empty) { try parse(DOCXFixture.bytes(body: ""), named: "a.docx") }
  }

  @Test func `binary files are refused by what they are`() {
    #expect(throws: DocumentError.unsupported(mediaType: "image/png")) {
      try parse([0x89] + "PNG\r\n\u{1A}\n".utf8 + [0, 0, 0, 13], named: "a.png")
    }
    #expect(throws: DocumentError.unsupported(mediaType: "application/octet-stream")) {
      try parse((0..<512).map { UInt8(truncatingIfNeeded: $0 * 7) }, named: "a.bin")
    }
    #expect(throws: DocumentError.malformed(why: "its content is not DOCX")) {
      try parse(ZIPFixture.bytes([("a.txt", "hello")]), named: "a.docx")
    }
    #expect(throws: DocumentError.malformed(why: "its content is not PDF")) {
      try parse([UInt8](repeating: 0, count: 4096), named: "a.pdf")
    }
  }

  @Test func `an encrypted office file is told from an old one`() {
    let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
    let wide = { (text: String) -> [UInt8] in text.utf16.flatMap { [UInt8($0), 0] } }
    #expect(throws: DocumentError.encrypted) {
      try parse(ole + wide("EncryptedPackage"), named: "a.docx")
    }
    #expect(throws: DocumentError.unsupported(mediaType: "application/vnd.ms-excel")) {
      try parse(ole + wide("Workbook"), named: "a.xls")
    }
    #expect {
      try parse(ole + wide("WordDocument"), named: "a.doc")
    } throws: {
      switch $0 {
      case DocumentError.parserUnavailable(_, let package): package == "antiword" && !DOC.isInstalled
      case DocumentError.malformed: DOC.isInstalled
      case _: false
      }
    }
  }

  @Test func `broken PDFs are malformed`() {
    #expect {
      try parse("%PDF-1.4\nrubbish", named: "a.pdf")
    } throws: {
      if case DocumentError.malformed = $0 { true } else { false }
    }
  }

  @Test func `a zip bomb stops at the limit, whatever it declares`() {
    let spaces = [UInt8](repeating: 0x20, count: 1 << 20)
    let bomb = ZIPFixture.bytes([(name: "word/document.xml", piece: spaces, count: 300)])
    #expect(bomb.count < 1 << 20)
    let limit = DocumentLimits().unpackedBytes
    #expect(throws: DocumentError.tooLarge(.unpackedBytes, limit: limit)) { try parse(bomb, named: "a.docx") }
    var lying = bomb
    for place in lying.indices.dropLast(46) where lying[place...].starts(with: "PK\u{1}\u{2}".utf8) {
      lying.replaceSubrange((place + 24)..<(place + 28), with: [100, 0, 0, 0])
    }
    #expect(throws: DocumentError.self) { try parse(lying, named: "a.docx") }
  }

  @Test func `an archive of too many entries is refused`() {
    var limits = DocumentLimits()
    limits.archiveEntries = 20
    let many = (0..<30).map { ("word/media/\($0)", "x") }
    #expect(throws: DocumentError.tooLarge(.archiveEntries, limit: 20)) {
      try parse(DOCXFixture.bytes(body: "", extra: many), named: "a.docx", limits: limits)
    }
  }

  @Test func `entities are not expanded and document types are refused`() {
    let laughs = (1...9).map { "<!ENTITY l\($0) \"\(String(repeating: "&l\($0 - 1);", count: 10))\">" }
    let doctype = "<!DOCTYPE d [<!ENTITY l0 \"ha\">\(laughs.joined())]>"
    let document = "<?xml version=\"1.0\"?>\(doctype)<document><p><r><t>&l9;</t></r></p></document>"
    let external =
      "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><document><p><r><t>&x;</t></r></p></document>"
    for content in [document, external] {
      #expect {
        try parse(ZIPFixture.bytes([("word/document.xml", content)]), named: "a.docx")
      } throws: {
        if case DocumentError.malformed = $0 { true } else { false }
      }
    }
  }

  @Test func `deep nesting is refused`() {
    let deep = String(repeating: "<w:p>", count: 100_000)
    #expect(throws: DocumentError.self) { try parse(DOCXFixture.bytes(body: deep), named: "a.docx") }
  }

  @Test func `a deeply nested page is read to its end`() throws {
    let page = "<html><body>" + String(repeating: "<div><b>", count: 5_000) + "core"
    #expect(try parse(page, named: "a.html").text == "core")
  }

  @Test func `text beyond the limit is refused in every format`() {
    var limits = DocumentLimits()
    limits.textBytes = 100
    let words = String(repeating: "word ", count: 50)
    let files: [(name: String, bytes: [UInt8])] = [
      ("a.txt", Array(words.utf8)),
      ("a.md", Array(words.utf8)),
      ("a.html", Array("<html><p>\(words)</p></html>".utf8)),
      ("a.docx", DOCXFixture.bytes(body: DOCXFixture.paragraph(words))),
      ("a.pdf", PDFFixture.bytes(pages: Array(repeating: ["word word word word"], count: 20))),
    ]
    for file in files {
      #expect(throws: DocumentError.tooLarge(.textBytes, limit: 100), "\(file.name)") {
        try parse(file.bytes, named: file.name, limits: limits)
      }
    }
  }

  @Test func `pages and file size have limits`() {
    var limits = DocumentLimits()
    limits.pages = 2
    limits.fileBytes = 10_000
    #expect(throws: DocumentError.tooLarge(.pages, limit: 2)) {
      try parse(PDFFixture.bytes(pages: [["a"], ["b"], ["c"]]), named: "a.pdf", limits: limits)
    }
    #expect(throws: DocumentError.tooLarge(.fileBytes, limit: 10_000)) {
      try parse(String(repeating: "a", count: 10_001), named: "a.txt", limits: limits)
    }
  }

  @Test func `titles do not multiply the text`() throws {
    let source = try parse("# " + String(repeating: "long ", count: 10_000), named: "a.md")
    #expect(source.headings[0].title.unicodeScalars.count == SourceText.Heading.longestTitle)
    #expect(source.title?.unicodeScalars.count == SourceText.Heading.longestTitle)
  }

  @Test(arguments: [
    String(repeating: "n", count: 251) + ".txt", "../../etc/passwd", "a\u{0}b.txt", "\u{202E}fdp.txt", "",
    ".", "txt.",
  ])
  func `names are hints and nothing more`(name: String) throws {
    #expect(try parse("Hello", named: name).text == "Hello")
  }

  @Test func `a folder or a missing file is unreadable`() {
    for path in ["/tmp", "/nonexistent/file"] {
      #expect {
        try FormatCatalog.standard.parse(fileAt: path, named: "a.txt")
      } throws: {
        if case DocumentError.unreadable = $0 { true } else { false }
      }
    }
  }

  @Test(arguments: Corpus.files) func `a file cut anywhere gives text or a named error`(file: Corpus.File)
    throws
  {
    var outcomes: Set<String> = []
    for end in stride(from: 0, to: file.bytes.count, by: file.step) {
      do {
        let source = try parse(file.bytes[..<end], named: file.name)
        expectSound(source)
        outcomes.insert("text")
      } catch let error as DocumentError {
        outcomes.insert("\(error)")
      }
    }
    print(file.name, outcomes)
  }

  @Test(arguments: Corpus.files) func `a file with random bytes in it gives text or a named error`(
    file: Corpus.File
  ) throws {
    let seed = UInt64.random(in: .min ... .max)
    print("seed \(seed)")
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<(file.bytes.count / file.step) {
      var bytes = file.bytes
      for _ in 0..<4 {
        bytes[Int.random(in: bytes.indices, using: &numbers)] = .random(in: .min ... .max, using: &numbers)
      }
      do {
        expectSound(try parse(bytes, named: file.name))
      } catch is DocumentError {}
    }
  }

  private func expectSound(_ source: SourceText) {
    let count = source.text.unicodeScalars.count
    #expect(source.pages.allSatisfy { $0.range.upperBound <= count })
    #expect(source.headings.allSatisfy { $0.range.upperBound <= count })
    #expect(!source.text.unicodeScalars.contains("\u{0}"))
    let chunks = Chunker(maxCharacters: 40, overlapCharacters: 10).chunks(of: source)
    #expect(chunks.allSatisfy { source.part($0.range) == $0.text })
  }
}

/// One small file of each format.
enum Corpus {
  struct File: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    /// Cut at each so many bytes; more for the formats that start a program.
    var step = 10
    var testDescription: String { name }
  }

  static let files = [
    File(name: "a.txt", bytes: Array("Ein Text über Größen.\r\nZeile – zwei 中文 👩‍👩‍👧‍👦.\n".utf8)),
    File(name: "a.md", bytes: Array("---\ntitle: T\n---\n# One\n\n```c\nx\n```\n## Two\ntext\n====\n".utf8)),
    File(
      name: "a.html",
      bytes: Array(
        """
        <!DOCTYPE html><html><head><title>T &amp; U</title></head><body><h1 class="x y">H</h1>\
        <table><tr><td>1<td>2</table><ul><li>a<li>b</ul><pre> x\n y</pre>&#x1F600;&eacute;</body></html>
        """.utf8)),
    File(name: "a.pdf", bytes: PDFFixture.bytes(pages: [["One page."], ["Two pages."]]), step: 40),
    File(
      name: "a.docx",
      bytes: DOCXFixture.bytes(
        body: DOCXFixture.paragraph("Text")
          + "<w:tbl><w:tr><w:tc>\(DOCXFixture.paragraph("c"))</w:tc></w:tr></w:tbl>",
        styles: #"<w:style w:styleId="a"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>"#)),
  ]
}
