import Documents
import Testing

struct FormatTests {
  // MARK: Plain text

  @Test func `plain text comes out as it is`() throws {
    let source = try parse("func f() {\n\treturn 1\n}\n", named: "f.swift")
    #expect(source.text == "func f() {\n\treturn 1\n}\n")
    #expect(try parse("func f\n", named: "f.txt") == SourceText(text: "func f\n"))
  }

  @Test func `charsets are told by mark, by form, and by default`() throws {
    let text = "Größe „gut“ – 5 €"
    let utf16 = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let swapped = text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    #expect(try parse(text, named: "a.txt").text == text)
    #expect(try parse([0xEF, 0xBB, 0xBF] + text.utf8, named: "a.txt").text == text)
    #expect(try parse([0xFF, 0xFE] + utf16, named: "a.txt").text == text)
    #expect(try parse([0xFE, 0xFF] + swapped, named: "a.txt").text == text)
    #expect(try parse("plain words".utf16.flatMap { [UInt8($0), 0] }, named: "a.txt").text == "plain words")
    let windows: [UInt8] = Array("Gr".utf8) + [0xF6, 0xDF] + Array("e 5 ".utf8) + [0x80]
    #expect(try parse(windows, named: "a.txt").text == "Größe 5 €")
  }

  @Test func `UTF-8 cut inside a character stays UTF-8`() throws {
    let bytes = Array("ääääääääääääääää".utf8.dropLast())
    #expect(try parse(bytes, named: "a.txt").text == "äääääääääääääää\u{FFFD}")
  }

  @Test func `line ends are made one kind and control characters harmless`() throws {
    let source = try parse("a\r\nb\rc\u{0}d\u{1B}e" + String(repeating: "x", count: 99), named: "a.txt")
    #expect(source.text.hasPrefix("a\nb\nc\u{FFFD}d e"))
  }

  @Test func `form feeds divide plain text into pages`() throws {
    let source = try parse("one\u{C}two\u{C}", named: "rfc.txt")
    #expect(source.pages.map(\.number) == [1, 2])
    #expect(source.pages.map { source.part($0.range) } == ["one", "two"])
    #expect(source.text == "one\ntwo\n")
  }

  // MARK: Markdown

  @Test func `markdown keeps its text and gives its headings`() throws {
    let text = """
      ---
      title: "From the front"
      ---
      Überschrift
      ===========
      ## Two ##
      ```
      # code
      ```
      ### Three
      - item
      ---
      """
    let source = try parse(text, named: "a.md")
    #expect(source.text == text)
    #expect(source.title == "From the front")
    #expect(source.headings.map(\.title) == ["Überschrift", "Two", "Three"])
    #expect(source.headings.map(\.level) == [1, 2, 3])
    #expect(source.part(source.headings[1].range) == "## Two ##")
  }

  @Test func `a declared type decides when the name says nothing`() throws {
    #expect(try parse("# A\n".utf8, named: "notes", mediaType: "text/markdown").title == "A")
    #expect(try parse("# A\n".utf8, named: "notes", mediaType: nil).title == nil)
  }

  // MARK: HTML

  @Test func `HTML gives its main text without navigation, scripts and styles`() throws {
    let page = """
      <!DOCTYPE html><html><head><title>A &amp; B</title><style>p{}</style></head><body>
      <nav><a href="/">Home</a></nav><div class="sidebar">Side</div>
      <h1>Head<a class="headerlink" href="#x">¶</a></h1><p>First <b>bold</b>
        text &eacute;.</p><script>alert(1)</script>
      <ul><li>one</li><li><p>two</p></li></ul>
      <table><tr><th>K</th><th>V</th></tr><tr><td>a</td><td>1<br>2</td></tr></table>
      <pre>  x
        y</pre><footer>Foot</footer></body></html>
      """
    let source = try parse(page, named: "page.html")
    #expect(source.title == "A & B")
    #expect(
      source.text == "Head\n\nFirst bold text é.\n\n- one\n- two\n\nK | V\na | 1 2\n\nx\n        y"
        || source.text == "Head\n\nFirst bold text é.\n\n- one\n- two\n\nK | V\na | 1 2\n\nx\n  y")
    #expect(source.headings.map { source.part($0.range) } == ["Head"])
    #expect(source.mediaType == "text/html")
  }

  @Test func `a marked main part is the whole text if it is more than a stub`() throws {
    let long = String(repeating: "Real words here. ", count: 20)
    let page = "<html><body><p>Around</p><main><h2>In</h2><p>\(long)</p></main><p>After</p></body></html>"
    let source = try parse(page, named: "p")
    #expect(source.text == "In\n\n" + long.dropLast())
    let stub = try parse("<html><body><p>Around</p><main>Stub</main></body></html>", named: "p")
    #expect(stub.text == "Around\n\nStub")
  }

  @Test func `a page that is all navigation still gives its text`() throws {
    #expect(try parse("<html><nav>Only this</nav></html>", named: "p.html").text == "Only this")
  }

  @Test func `a run of links is a menu, a few links are text`() throws {
    let links = { (count: Int) in (0..<count).map { "<li><a href=x>Link \($0)</a></li>" }.joined() }
    let prose = "<p>" + String(repeating: "Words of the page. ", count: 20) + "</p>"
    let menu = try parse("<html><ul>\(links(8))</ul>\(prose)", named: "p.html")
    #expect(menu.text.hasPrefix("Words"))
    let few = try parse("<html><ul>\(links(3))</ul>\(prose)", named: "p.html")
    #expect(few.text.hasPrefix("- Link 0\n- Link 1\n- Link 2\n\nWords"))
    #expect(try parse("<html><ul>\(links(8))</ul><p>Short.</p>", named: "p.html").text.hasPrefix("- Link 0"))
  }

  @Test func `HTML is read in its declared charset`() throws {
    let latin: [UInt8] =
      Array("<html><head><meta charset=\"iso-8859-2\"></head><body><p>".utf8) + [0xB1] + Array("</p>".utf8)
    #expect(try parse(latin, named: "p.html").text == "ą")
    let wrong = "<html><head><meta charset=\"iso-8859-1\"></head><body>ü</body></html>"
    #expect(try parse(wrong, named: "p.html").text == "ü")
  }

  @Test func `a table that lays out the page is no table`() throws {
    let page = "<html><table><tr><td>Left</td><td><h1>Title</h1><p>Text</p></td></tr></table></html>"
    let source = try parse(page, named: "p.html")
    #expect(source.text == "Left\n\nTitle\n\nText")
    #expect(source.headings.map(\.title) == ["Title"])
  }

  // MARK: DOCX

  @Test func `DOCX gives headings, paragraphs, lists and table rows`() throws {
    let styles = """
      <w:style w:styleId="Kop1"><w:name w:val="heading 1"/></w:style>
      <w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="Kop1"/></w:style>
      <w:style w:styleId="Bul"><w:name w:val="List Bullet 2"/></w:style>
      <w:style w:styleId="Out"><w:name w:val="Out"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
      """
    let list = #"<w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr>"#
    let cell = { (text: String) in "<w:tc>" + DOCXFixture.paragraph(text) + "</w:tc>" }
    let body =
      DOCXFixture.paragraph("Chapter", properties: #"<w:pStyle w:val="Kop1"/>"#)
      + DOCXFixture.paragraph("Body &amp; soul")
      + DOCXFixture.paragraph("Sub", properties: #"<w:pStyle w:val="Out"/>"#)
      + DOCXFixture.paragraph("item", properties: list)
      + DOCXFixture.paragraph("styled", properties: #"<w:pStyle w:val="Bul"/>"#)
      + "<w:tbl><w:tr>\(cell("a"))\(cell("b"))</w:tr><w:tr>\(cell("c"))\(cell("d"))</w:tr></w:tbl>"
      + DOCXFixture.paragraph("Same", properties: #"<w:pStyle w:val="Mine"/>"#)
      + "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>x</w:t><w:tab/><w:t>y</w:t></w:r>"
      + "<w:del><w:r><w:t>gone</w:t></w:r></w:del></w:p>"
    let core = ("docProps/core.xml", "<c><title>The Title</title></c>")
    let source = try parse(DOCXFixture.bytes(body: body, styles: styles, extra: [core]), named: "x.docx")
    #expect(
      source.text == "Chapter\n\nBody & soul\n\nSub\n\n  - item\n  - styled\n\na | b\nc | d\n\nSame\n\nx\ty")
    #expect(source.headings.map(\.level) == [1, 3, 1])
    #expect(source.headings.map { source.part($0.range) } == ["Chapter", "Sub", "Same"])
    #expect(source.title == "The Title")
  }

  @Test func `text boxes and tables in cells are read once`() throws {
    let box =
      "<w:p><w:r><w:t>out</w:t><AlternateContent><Choice><txbxContent>"
      + DOCXFixture.paragraph("in") + "</txbxContent></Choice><Fallback>"
      + DOCXFixture.paragraph("in") + "</Fallback></AlternateContent></w:r></w:p>"
    let inner = "<w:tbl><w:tr><w:tc>\(DOCXFixture.paragraph("i"))</w:tc></w:tr></w:tbl>"
    let outer = "<w:tbl><w:tr><w:tc>\(DOCXFixture.paragraph("o"))\(inner)</w:tc></w:tr></w:tbl>"
    let source = try parse(DOCXFixture.bytes(body: box + outer), named: "x.docx")
    #expect(source.text == "in\n\nout\n\no i")
  }

  // MARK: PDF

  @Test func `PDF gives its pages with their numbers`() throws {
    let source = try parse(
      PDFFixture.bytes(pages: [["First page."], [], ["Third", "page."]]), named: "a.pdf")
    #expect(source.pages.map(\.number) == [1, 2, 3])
    #expect(source.pages.map { source.part($0.range) } == ["First page.", "", "Third\npage."])
    #expect(source.mediaType == "application/pdf")
  }

  @Test func `a PDF of pictures is told from an empty one by its pages`() {
    #expect(throws: DocumentError.noText(pages: 3)) {
      try parse(PDFFixture.bytes(pages: [[], ["1"], []]), named: "scan.pdf")
    }
  }

  @Test func `running heads and page numbers are left out, and sentences go on over page ends`() throws {
    let animals = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen"]
    let pages = animals.enumerated().map { page, animal in
      [
        "The Manual, chapter \(page / 3)", "The \(animal) comes first", "and then the tail of the \(animal)",
        "\(page + 20)",
      ]
    }
    let last = ["The Manual, chapter 9", "lower case goes on.", "29"]
    let source = try parse(PDFFixture.bytes(pages: pages + [last]), named: "a.pdf")
    #expect(source.part(source.pages[3].range) == "The dog comes first\nand then the tail of the dog")
    #expect(source.text.hasSuffix("the tail of the hen\nlower case goes on."))
    #expect(!source.text.contains("Manual"))
  }

  @Test func `pages of one line each keep it`() throws {
    let source = try parse(
      PDFFixture.bytes(pages: Array(repeating: ["The only line"], count: 9)), named: "a.pdf")
    #expect(source.pages.allSatisfy { source.part($0.range) == "The only line" })
  }

  // MARK: Catalog

  @Test func `content decides before the name`() throws {
    #expect(try parse(PDFFixture.bytes(pages: [["Hello"]]), named: "a.txt").mediaType == "application/pdf")
    let body = DOCXFixture.bytes(body: DOCXFixture.paragraph("Hi"))
    #expect(try parse(body, named: "a.pdf").text == "Hi")
    #expect(try parse("Just text", named: "a.docx").text == "Just text")
    #expect(try parse("<html><p>x</p></html>", named: "a.txt").mediaType == "text/html")
  }

  @Test func `the catalogue says what it reads`() {
    #expect(FormatCatalog.standard.extensions.contains("docx"))
    #expect(FormatCatalog.standard.mediaTypes.contains("application/pdf"))
  }
}
