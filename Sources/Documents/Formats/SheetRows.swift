/// Reads the rows of one worksheet part.
struct SheetRows {
  private let sharedStrings: [String]
  private let dateStyles: Set<Int>
  private var header: [String]?
  private var row: [String] = []
  private var column = 0
  private var type = ""
  private var isDate = false
  private var value = ""
  private var isValue = false

  /// The last column Excel has is XFD.
  private static let mostColumns = 16_384

  init(sharedStrings: [String], dateStyles: Set<Int>) {
    self.sharedStrings = sharedStrings
    self.dateStyles = dateStyles
  }

  mutating func read(_ content: [UInt8], into builder: inout TextBuilder) throws(DocumentError) {
    let reader = try XMLReader(content)
    while let node = try reader.next() {
      switch node {
      case .start("row", _): row = []
      case .start("c", _): begin(reader)
      case .start("v", let isEmpty), .start("t", let isEmpty): isValue = !isEmpty
      case .end("v"), .end("t"): isValue = false
      case .text(let text): if isValue { value += text }
      case .end("c"): finishCell()
      case .end("row"): try finishRow(&builder)
      case .start, .end: break
      }
    }
  }

  private mutating func begin(_ reader: XMLReader) {
    column = reader.attribute("r").flatMap(Self.column) ?? row.count
    type = reader.attribute("t") ?? "n"
    isDate = reader.attribute("s").flatMap { Int($0) }.map(dateStyles.contains) ?? false
    value = ""
  }

  private mutating func finishCell() {
    guard column < Self.mostColumns, !value.isEmpty else { return }
    while row.count < column { row.append("") }
    let text = shown
    if column < row.count { row[column] = text } else { row.append(text) }
  }

  private var shown: String {
    switch type {
    case "s":
      guard let index = Int(value), sharedStrings.indices.contains(index) else { return "" }
      return sharedStrings[index]
    case "b": return value == "1" ? "TRUE" : "FALSE"
    case "n" where isDate: return Self.date(value) ?? value
    case _: return value
    }
  }

  private mutating func finishRow(_ builder: inout TextBuilder) throws(DocumentError) {
    defer { row = [] }
    guard let header else {
      if row.contains(where: { !$0.isEmpty }) { header = row }
      return try builder.row(row)
    }
    try builder.row(CSV.labelled(row, by: header))
  }

  /// "AB12" is column 27.
  private static func column(of reference: String) -> Int? {
    var column = 0
    for letter in reference.utf8.prefix(while: { (0x41...0x5A).contains($0) }) {
      column = column * 26 + Int(letter) - 0x40
      guard column <= mostColumns else { return nil }
    }
    return column > 0 ? column - 1 : nil
  }

  /// Days since the end of 1899, as spreadsheets count them from March 1900 on, by the calendar of
  /// http://howardhinnant.github.io/date_algorithms.html (civil_from_days).
  private static func date(_ value: String) -> String? {
    guard let serial = Double(value), (61..<2_958_466).contains(serial) else { return nil }
    let days = Int(serial) - 25_569 + 719_468
    let era = days / 146_097
    let ofEra = days % 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * ofYear + 2) / 153
    let day = ofYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }
}
