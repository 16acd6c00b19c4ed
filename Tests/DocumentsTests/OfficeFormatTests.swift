import Documents
import Testing

struct OfficeFormatTests {
  private func relations(_ targets: [String]) -> String {
    let items = targets.enumerated().map { "<Relationship Id=\"r\($0.offset)\" Target=\"\($0.element)\"/>" }
    return "<Relationships>\(items.joined())</Relationships>"
  }

  private let officeNamespace =
    #"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#

  // MARK: CSV

  @Test func `a record says what its values are`() throws {
    let source = try parse(
      "Name;Größe;Note\nNord;\"1;5\";\"sagt \"\"ja\"\"\n gern\"\nSüd;;x;y\n", named: "a.csv")
    #expect(
      source.text == """
        Name | Größe | Note
        Name: Nord | Größe: 1;5 | Note: sagt "ja" gern
        Name: Süd | Note: x | y
        """)
  }

  @Test(arguments: [
    ("a,b\n1,\"2", "a | b\na: 1 | b: 2"), ("a\tb\n\n1\t2", "a | b\na: 1 | b: 2"), ("alone", "alone"),
    ("\"q\"x,b\n,", "qx | b"),
  ])
  func `odd separators and quotes give text`(text: String, expected: String) throws {
    #expect(try parse(text, named: "a.csv").text == expected)
  }

  // MARK: PPTX

  private func presentation(_ slides: [(path: String, title: String, body: String)]) -> [UInt8] {
    let ids = slides.indices.map { "<sldId id=\"\(256 + $0)\" r:id=\"r\($0)\"/>" }.joined()
    let main = "<presentation \(officeNamespace)><sldIdLst>\(ids)</sldIdLst></presentation>"
    let parts = slides.map { slide in
      let title =
        "<sp><nvSpPr><nvPr><ph type=\"title\"/></nvPr></nvSpPr><p><r><t>\(slide.title)</t></r></p></sp>"
      let body =
        "<sp><p><r><t>\(slide.body)</t></r><br/><r><t>more</t></r><fld><r><t>7</t></r></fld></p></sp>"
      return ("ppt/" + slide.path, "<sld>\(title)\(body)</sld>")
    }
    return ZIPFixture.bytes(
      [("ppt/presentation.xml", main), ("ppt/_rels/presentation.xml.rels", relations(slides.map(\.path)))]
        + parts)
  }

  @Test func `slides are pages in the order they are shown, and their titles headings`() throws {
    let bytes = presentation([("slides/slide2.xml", "First", "one"), ("slides/slide1.xml", "Second", "two")])
    let source = try parse(bytes, named: "a.pptx")
    #expect(source.pages.map { source.part($0.range) } == ["First\n\none\nmore", "Second\n\ntwo\nmore"])
    #expect(source.headings.map(\.title) == ["First", "Second"])
    #expect(source.title == "First")
  }

  // MARK: XLSX

  @Test func `a sheet's rows carry its headers, and days are days`() throws {
    let sheet = """
      <worksheet><sheetData>
      <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Day</t></is></c></row>
      <row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>45352</v></c><c r="D2"><v>3.5</v></c></row>
      <row r="3"><c r="B3" t="s"><v>99</v></c><c r="ZZZZZZ3"><v>1</v></c><c t="b"><v>1</v></c></row>
      </sheetData></worksheet>
      """
    let strings = "<sst><si><t>Who</t></si><si><r><t>A</t></r><r><t>nna</t></r><rPh><t>x</t></rPh></si></sst>"
    let styles = "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
    let main = "<workbook \(officeNamespace)><sheets><sheet name=\"Staff\" r:id=\"r0\"/></sheets></workbook>"
    let source = try parse(
      ZIPFixture.bytes([
        ("xl/workbook.xml", main), ("xl/_rels/workbook.xml.rels", relations(["/xl/worksheets/sheet1.xml"])),
        ("xl/sharedStrings.xml", strings), ("xl/styles.xml", styles), ("xl/worksheets/sheet1.xml", sheet),
      ]), named: "a.xlsx")
    #expect(source.text.hasPrefix("Staff\n\nWho | Day\nWho: Anna | Day: 2024-03-01 | 3.5"))
    #expect(source.headings.map(\.title) == ["Staff"])
  }

  // MARK: OpenDocument

  private func openDocument(_ type: String, _ body: String) -> [UInt8] {
    let type = "application/vnd.oasis.opendocument." + type
    let content = "<document-content><body>\(body)</body></document-content>"
    return ZIPFixture.bytes([("mimetype", type), ("content.xml", content)])
  }

  @Test func `ODT gives headings, lists and rows without what was deleted`() throws {
    let body = """
      <text><tracked-changes><p>gone</p></tracked-changes><h outline-level="2">Head</h>\
      <p>A<s c="2"/>b<tab/>c</p>\
      <list><list-item><p>one</p><list><list-item><p>two</p></list-item></list></list-item></list>\
      <table><table-row><table-cell><p>x</p></table-cell><table-cell number-columns-repeated="2"><p>y</p>\
      </table-cell></table-row></table></text>
      """
    let source = try parse(openDocument("text", body), named: "a.odt")
    #expect(source.text == "Head\n\nA  b\tc\n\n- one\n  - two\n\nx | y | y")
    #expect(source.headings.map(\.level) == [2])
    #expect(source.mediaType == "application/vnd.oasis.opendocument.text")
  }

  @Test func `ODP gives slides as pages and ODS sheets with headers`() throws {
    let slides =
      "<page><frame class=\"title\"><p>one</p></frame></page><page><frame><p>two</p></frame></page>"
    let show = try parse(openDocument("presentation", slides), named: "a.odp")
    #expect(show.pages.map { show.part($0.range) } == ["one", "two"])
    #expect(show.headings.map(\.title) == ["one"])
    let row = { (cells: [String]) in
      "<table-row>" + cells.map { "<table-cell><p>\($0)</p></table-cell>" }.joined()
        + "<table-cell number-columns-repeated=\"16000\"/></table-row>"
    }
    let sheet = try parse(
      openDocument("spreadsheet", "<table name=\"S\">\(row(["K", "V"]))\(row(["a", "1"]))</table>"),
      named: "a.ods")
    #expect(sheet.text == "S\n\nK | V\nK: a | V: 1")
  }

  // MARK: EPUB

  private func book(extra: [(String, String)] = []) -> [UInt8] {
    let package = """
      <package><metadata><title>A Book</title></metadata><manifest><item id="b" href="two%20b.xhtml"/>\
      <item id="a" href="a.xhtml"/></manifest>\
      <spine><itemref idref="a"/><itemref idref="b"/></spine></package>
      """
    return ZIPFixture.bytes(
      [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", "<container><rootfile full-path=\"O/p.opf\"/></container>"),
        ("O/p.opf", package), ("O/two b.xhtml", "<html><body><h1>Two</h1><p>b</p></body></html>"),
        ("O/a.xhtml", "<?xml version=\"1.0\"?><!DOCTYPE html><html><body><h1>One</h1><p>a</p></body></html>"),
      ] + extra)
  }

  @Test func `a book's sections come in the order of its spine`() throws {
    let source = try parse(book(), named: "a.epub")
    #expect(source.pages.map { source.part($0.range) } == ["One\n\na", "Two\n\nb"])
    #expect(source.title == "A Book")
    #expect(source.headings.map(\.title) == ["One", "Two"])
  }

  @Test func `a book with locked chapters is encrypted, one with locked fonts is not`() throws {
    let lock = { (path: String) in
      [("META-INF/encryption.xml", "<encryption><CipherReference URI=\"\(path)\"/></encryption>")]
    }
    #expect(throws: DocumentError.encrypted) { try parse(book(extra: lock("O/a.xhtml")), named: "a.epub") }
    #expect(try parse(book(extra: lock("O/font.otf")), named: "a.epub").title == "A Book")
  }

  // MARK: EML

  private let mail = """
    Received: from somewhere
    Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= =?iso-8859-1?b?/GJlcg==?= all
    From: Anna <anna@example.org>
    To: b@example.org,
     c@example.org
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="outer"

    preamble
    --outer
    Content-Type: multipart/alternative; boundary=inner

    --inner
    Content-Type: text/plain; charset=iso-8859-1
    Content-Transfer-Encoding: quoted-printable

    Sch=F6ne =
    Gr=FC=DFe
    --inner
    Content-Type: text/html

    <html><p>not this</p></html>
    --inner--
    --outer
    Content-Type: text/html; charset=utf-8
    Content-Transfer-Encoding: base64

    PHA+SFRNTCBwYXJ0PC9wPg==
    --outer
    Content-Type: application/pdf; name=x.pdf
    Content-Disposition: attachment; filename*=UTF-8''Bericht%20M%C3%A4rz.pdf
    Content-Transfer-Encoding: base64

    JVBERi0=
    --outer--
    """

  @Test func `a mail gives its head, its text and the names of what is attached`() throws {
    let error = #expect(throws: DocumentError.self) { try parse("%PDF-", named: "a.pdf") }
    let unreadable = error?.description ?? ""
    for ends in ["\n", "\r\n"] {
      let source = try parse(mail.replacing("\n", with: ends), named: "a.eml")
      #expect(
        source.text == """
          Subject: Grüßeüber all
          From: Anna <anna@example.org>
          To: b@example.org, c@example.org

          Schöne Grüße

          HTML part

          - Attachment: Bericht März.pdf (application/pdf)

          Not read

          - Bericht März.pdf: \(unreadable)
          """)
      #expect(source.title == "Grüßeüber all")
    }
  }

  @Test func `a mail that holds itself too deeply is refused`() {
    let part = "Content-Type: message/rfc822\n\n"
    #expect(throws: DocumentError.malformed(why: "its parts are nested too deeply")) {
      try parse(String(repeating: part, count: 100) + "x", named: "a.eml")
    }
  }

  // MARK: RTF

  private let rich = #"""
    {\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}
    {\stylesheet{\s7\outlinelevel2 Mine;}{\s8\b heading 4;}}
    {\info{\title A title}{\author Me}}{\*\unknown gone}
    \pard\outlinelevel1 Head\par
    \pard One {\b bold} \'cf\u8364?\u-10179?\u-8704? a\~b\{\par
    {\listtext 1.\tab}\ls1 item\par
    \pard\intbl x\cell y\cell\row
    \pard last\page\pard\s7 Styled\par\pard\s8 Named\par}
    """#

  @Test func `RTF gives headings, items, rows and every character`() throws {
    let source = try parse(rich, named: "a.rtf")
    #expect(source.text == "Head\n\nOne bold П€😀 a\u{A0}b{\n\n- item\n\nx | y\n\nlast\n\nStyled\n\nNamed")
    #expect(source.headings.map(\.level) == [2, 3, 4])
    #expect(source.title == "A title")
  }

  @Test func `a million broken escapes and endless groups do no harm`() throws {
    #expect(try parse("{\\rtf1 a" + String(repeating: "\\'", count: 1_000_000), named: "a.rtf").text == "a")
    #expect(throws: DocumentError.malformed(why: "its groups are nested too deeply")) {
      try parse("{\\rtf1 a" + String(repeating: "{", count: 1_000_000), named: "a.rtf")
    }
  }

  // MARK: All of them cut and changed

  @Test func `each of them cut anywhere gives text or a named error`() throws {
    let files: [(name: String, bytes: [UInt8])] = [
      ("a.pptx", presentation([("slides/slide1.xml", "T", "b")])), ("a.epub", book()),
      ("a.odt", openDocument("text", "<text><h>H</h><p>p</p></text>")),
      ("a.eml", Array(mail.utf8)), ("a.rtf", Array(rich.utf8)),
      ("a.csv", Array("a;\"b\"\n1;\"2\n".utf8)),
    ]
    for file in files {
      for end in stride(from: 0, to: file.bytes.count, by: 10) {
        do {
          _ = try parse(file.bytes[..<end], named: file.name)
        } catch is DocumentError {}
      }
    }
  }
}
