import Documents
import FoundationEssentials
import Testing

/// Files as other programs write them.
enum RealFile {
  static let names = [
    "manual.docx", "manual.odt", "manual.rtf", "manual.doc", "manual.pdf", "manual.epub", "manual.pptx",
    "manual.odp", "manual.html", "manual.md", "parts.csv", "parts.xlsx", "parts.ods", "parts.json",
    "mail.eml",
    "folder.zip",
  ]

  static func bytes(_ name: String, file: String = #filePath) throws -> [UInt8] {
    let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures")
    return Array(try Data(contentsOf: folder.appending(path: name)))
  }

  /// Old Word files need a program that a machine may not have.
  static func canBeRead(_ name: String) -> Bool { !name.hasSuffix(".doc") || DOC.isInstalled }
}

struct RealFileTests {
  @Test(arguments: RealFile.names.filter { $0.hasPrefix("manual") && RealFile.canBeRead($0) })
  func `the manual says the same in every format`(name: String) throws {
    let source = try parse(RealFile.bytes(name), named: name)
    let plain = source.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for sentence in [
      "Pump manual", "The Größe-7 pump moves 42 litres of water a minute.", "Replace seal QX-77 once a year.",
      "泵在冬天必须排空。",
    ] {
      #expect(plain.contains(sentence), "\(sentence) in \(name): \(plain)")
    }
    let withHeadings = ["docx", "odt", "rtf", "epub", "html", "md"]
    if withHeadings.contains(where: name.hasSuffix) {
      #expect(source.headings.map(\.title).contains("Maintenance"), "\(source.headings)")
    }
    if name.hasSuffix("pptx") || name.hasSuffix("odp") { #expect(source.pages.count > 1) }
  }

  @Test(arguments: ["parts.csv", "parts.xlsx", "parts.ods", "parts.json"])
  func `rows of tables carry their headers`(name: String) throws {
    let rows = try parse(RealFile.bytes(name), named: name).text.lowercased()
    #expect(rows.contains("part: seal | number: qx-77 | price: 12"), "\(rows)")
  }

  @Test func `a table of a document is read as rows`() throws {
    for name in ["manual.docx", "manual.odt", "manual.rtf", "manual.html", "manual.doc"]
    where RealFile.canBeRead(name) {
      #expect(try parse(RealFile.bytes(name), named: name).text.contains("Seal | QX-77 | 12.50 €"), "\(name)")
    }
  }

  @Test func `a format is told by content where the name lies`() throws {
    for (name, claimed) in [
      ("manual.pdf", "a.docx"), ("manual.docx", "a.pdf"), ("parts.xlsx", "a"), ("manual.odt", "a.txt"),
      ("manual.epub", "a.zip"),
    ] {
      let (here, there) = (
        try parse(RealFile.bytes(name), named: name), try parse(RealFile.bytes(name), named: claimed)
      )
      #expect(here == there, "\(name)")
    }
  }

  @Test func `an archive's documents stand under their paths, and what is missing is named`() throws {
    let source = try parse(RealFile.bytes("folder.zip"), named: "folder.zip")
    let titles = source.headings.filter { $0.level == 1 }.map(\.title)
    #expect(
      titles == [
        "handbook/manual.pdf", "handbook/manual.docx", "parts/parts.xlsx", "parts/parts.csv", "readme.md",
        "Not read",
      ])
    #expect(source.text.contains("picture.png: Files of type image/png are not read."))
    #expect(!source.text.contains("junk"))
    let chunks = Chunker().chunks(of: source)
    #expect(chunks.first { $0.text.contains("42 litres") }?.headings.first == "handbook/manual.pdf")
  }

  @Test func `a mail's attachments are read with it`() throws {
    let source = try parse(RealFile.bytes("mail.eml"), named: "mail.eml")
    #expect(source.text.contains("The offer is attached. Grüße, Änne"))
    #expect(source.text.contains("42 litres of water"))
    #expect(source.headings.map(\.title).contains("Ersatzteile für Pumpe.csv"))
    #expect(source.text.contains("Part: Seal | Number: QX-77"))
    #expect(source.text.contains("photo.png: Files of type image/png are not read."))
  }

  @Test func `scanned and locked files are named as such, with what to do`() throws {
    #expect(throws: DocumentError.noText(pages: 1)) {
      try parse(RealFile.bytes("scan.pdf"), named: "scan.pdf")
    }
    #expect("\(DocumentError.noText(pages: 3))".contains("ocrmypdf"))
    for name in ["locked.pdf", "locked.zip"] {
      #expect(throws: DocumentError.encrypted) { try parse(RealFile.bytes(name), named: name) }
    }
  }

  @Test(arguments: RealFile.names) func `a real file cut anywhere gives text or a named error`(name: String)
    throws
  {
    let bytes = try RealFile.bytes(name)
    let startsPrograms = ["pdf", "doc", "eml", "zip"].contains { name.hasSuffix($0) }
    // With OPENGPTS_CUT_STEP=10 at every tenth byte, which takes long where programs are started.
    let step = ProcessInfo.processInfo.environment["OPENGPTS_CUT_STEP"].flatMap { Int($0) }
    let cuts = step.map { bytes.count / max($0, 1) } ?? (startsPrograms ? 12 : 60)
    for cut in 0..<cuts {
      do {
        let source = try parse(bytes[..<(bytes.count * cut / cuts)], named: name)
        #expect(source.headings.allSatisfy { $0.range.upperBound <= source.text.unicodeScalars.count })
      } catch is DocumentError {}
    }
  }
}

struct ArchiveTests {
  @Test func `archives in archives are read to a depth, and no deeper`() throws {
    var bytes = ZIPFixture.bytes([("a.txt", "The core.")])
    for level in 0..<2 { bytes = ZIPFixture.bytes([(name: "\(level).zip", piece: bytes, count: 1)]) }
    #expect(try parse(bytes, named: "a.zip").text.contains("The core."))
    for level in 0..<4 { bytes = ZIPFixture.bytes([(name: "\(level).zip", piece: bytes, count: 1)]) }
    #expect(throws: DocumentError.tooLarge(.nesting, limit: DocumentLimits().nesting)) {
      try parse(bytes, named: "a.zip")
    }
  }

  @Test func `an archive of too many or too large documents is refused`() throws {
    var limits = DocumentLimits()
    limits.parts = 3
    let many = ZIPFixture.bytes((0..<5).map { ("\($0).txt", "x") })
    #expect(throws: DocumentError.tooLarge(.parts, limit: 3)) {
      try parse(many, named: "a.zip", limits: limits)
    }
    let spaces = [UInt8](repeating: 0x20, count: 1 << 20)
    let bomb = ZIPFixture.bytes([(name: "bomb.txt", piece: spaces, count: 300)])
    #expect(throws: DocumentError.tooLarge(.unpackedBytes, limit: DocumentLimits().unpackedBytes)) {
      try parse(bomb, named: "a.zip")
    }
  }

  @Test func `an archive without a readable document says why`() throws {
    #expect {
      try parse(ZIPFixture.bytes([("a.gif", "GIF89a"), ("b.txt", "")]), named: "a.zip")
    } throws: {
      if case DocumentError.malformed(let why) = $0 { why.contains("none of the 2 files") } else { false }
    }
    #expect(throws: DocumentError.empty) { try parse(ZIPFixture.bytes([(".hidden", "x")]), named: "a.zip") }
  }
}

struct JSONTextTests {
  @Test func `objects become lines with their paths, lists of objects rows`() throws {
    let text = #"""
      {"name": "Pump \u00e9\ud83d\ude00", "size": {"width": 1.50, "tags": ["a", "b"]}, "empty": null,
       "parts": [{"id": 1, "of": {"x": true}}, {"id": 2}]}
      """#
    let source = try parse(text, named: "a.json")
    #expect(source.mediaType == "application/json")
    #expect(source.text.contains("name: Pump é😀"))
    #expect(source.text.contains("size.width: 1.50"))
    #expect(source.text.contains("size.tags: a, b"))
    #expect(source.text.contains("id: 1 | of.x: true\nid: 2"))
    #expect(source.headings.map(\.title) == ["size", "parts"])
  }

  @Test func `lines of JSON are rows, and what is no JSON is text`() throws {
    #expect(try parse("{\"a\":1}\n{\"a\":2}\n", named: "a.jsonl").text == "a: 1\na: 2")
    for text in ["{\"a\": }", "[1, 2", "{'a': 1}", "// note\n{}", "[1] tail", "{\"a\":\"\\u12\"}"] {
      #expect(try parse(text, named: "a.json").text == text)
    }
    let deep = String(repeating: "[", count: 100_000)
    #expect(try parse(deep, named: "a.json").text == deep)
  }

  @Test func `source code is cut where something is declared`() throws {
    let code =
      "import x\n\npublic func one() {\n  func inner() {}\n}\n\nclass Two:\n    def three(self): pass\n"
    let source = try parse(code, named: "a.py")
    #expect(source.text == code)
    #expect(source.headings.map(\.title) == ["public func one() {", "class Two:"])
  }
}
