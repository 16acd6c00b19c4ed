extension DocumentFormat {
  static let xlsx = DocumentFormat(
    mediaTypes: ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    extensions: ["xlsx", "xlsm"],
    isText: false,
    recognises: { file in
      Archive.isZIP(file.head) && Archive(of: file, limits: .init()).contains(XLSX.main)
    },
    extract: { file, limits throws(DocumentError) in
      try XLSX.extract(Archive(of: file, limits: limits))
    })
}

/// Sheets (ECMA-376 part 1, chapter 18), each under its name as a heading, each row with the headers of the
/// first.
enum XLSX {
  static let main = "xl/workbook.xml"
  private static let strings = "xl/sharedStrings.xml"
  private static let styles = "xl/styles.xml"

  static func extract(_ archive: Archive) throws(DocumentError) -> SourceText {
    let wanted = [main, strings, styles, OfficeRelations.relationsPath(of: main)]
    let parts = try archive.contents { name in
      wanted.contains(name) || (name.hasPrefix("xl/worksheets/") && name.hasSuffix(".xml"))
    }
    let texts = try parts[strings].map(sharedStrings) ?? []
    let dates = try parts[styles].map(dateStyles) ?? []
    var builder = TextBuilder(limits: archive.limits)
    for sheet in try OfficeRelations.list(of: "sheet", in: main, parts) {
      guard let content = parts[sheet.path] else { continue }
      try builder.heading(sheet.name ?? "", level: 1)
      var rows = SheetRows(sharedStrings: texts, dateStyles: dates)
      try rows.read(content, into: &builder)
    }
    return builder.finish(mediaType: DocumentFormat.xlsx.mediaTypes[0], title: nil)
  }

  /// Each item's runs as one text; how to pronounce them is left out.
  private static func sharedStrings(_ content: [UInt8]) throws(DocumentError) -> [String] {
    var texts: [String] = []
    var text = ""
    var isText = false
    var isPhonetic = false
    let reader = try XMLReader(content)
    while let node = try reader.next() {
      switch node {
      case .start("si", let isEmpty):
        text = ""
        if isEmpty { texts.append("") }
      case .end("si"): texts.append(text)
      case .start("rPh", let isEmpty): isPhonetic = !isEmpty
      case .end("rPh"): isPhonetic = false
      case .start("t", let isEmpty): isText = !isEmpty && !isPhonetic
      case .end("t"): isText = false
      case .text(let run): if isText { text += run }
      case .start, .end: break
      }
    }
    return texts
  }

  /// The cell styles that show a number as a day: the built-in ones and those with a year or day in their
  /// format.
  private static func dateStyles(_ content: [UInt8]) throws(DocumentError) -> Set<Int> {
    var formats: Set<Int> = [14, 15, 16, 17, 22]
    var styles: Set<Int> = []
    var isCell = false
    var index = 0
    let reader = try XMLReader(content)
    while let node = try reader.next() {
      switch node {
      case .start("numFmt", _):
        let code = (reader.attribute("formatCode") ?? "").lowercased()
        let id = reader.attribute("numFmtId").flatMap { Int($0) }
        if let id, code.contains("yy") || (code.contains("d") && code.contains("m")) { formats.insert(id) }
      case .start("cellXfs", _): isCell = true
      case .end("cellXfs"): isCell = false
      case .start("xf", _) where isCell:
        if let id = reader.attribute("numFmtId").flatMap({ Int($0) }), formats.contains(id) {
          styles.insert(index)
        }
        index += 1
      case .start, .end, .text: break
      }
    }
    return styles
  }
}
