/// Which paragraph styles are headings and which are list items.
struct WordStyles {
  enum Role: Equatable {
    case heading(level: Int)
    case listItem(depth: Int)
  }

  fileprivate struct Style {
    var name = ""
    var parent: String?
    var outlineLevel: Int?
    var isNumbered = false
  }

  private var styles: [String: Style] = [:]

  /// By style id; without the styles that are neither.
  static func roles(_ content: [UInt8]) throws(DocumentError) -> [String: Role] {
    var found = WordStyles()
    let reader = try XMLReader(content)
    var id: String?
    while let node = try reader.next() {
      switch node {
      case .start("style", false):
        id = reader.attribute("styleId")
        if let id { found.styles[id] = Style() }
      case .end("style"): id = nil
      case .start(let name, _): found.note(name, of: id, reader)
      case .end, .text: continue
      }
    }
    return found.styles.keys.reduce(into: [:]) { roles, id in roles[id] = found.role(of: id) }
  }

  private mutating func note(_ name: String, of id: String?, _ reader: XMLReader) {
    guard let id else { return }
    switch name {
    case "name": styles[id]?.name = reader.attribute("val")?.lowercased() ?? ""
    case "basedOn": styles[id]?.parent = reader.attribute("val")
    case "outlineLvl": styles[id]?.outlineLevel = reader.attribute("val").flatMap { Int($0) }
    case "numPr": styles[id]?.isNumbered = true
    case _: break
    }
  }

  private func role(of id: String) -> Role? {
    var id = id
    for _ in 0..<Self.longestInheritance {
      guard let style = styles[id] else { return nil }
      if let role = style.role { return role }
      guard let parent = style.parent else { return nil }
      id = parent
    }
    return nil
  }

  /// Styles inherit from each other; a circle must end somewhere.
  private static let longestInheritance = 16
}

extension WordStyles.Style {
  /// By the names of the built-in styles, which are English in every file, then by properties.
  fileprivate var role: WordStyles.Role? {
    if name == "title" { return .heading(level: 1) }
    if name.hasPrefix("heading "), let level = Int(name.dropFirst(8)) {
      return .heading(level: max(1, level))
    }
    if let level = outlineLevel { return (0..<9).contains(level) ? .heading(level: level + 1) : nil }
    guard isNumbered || name.hasPrefix("list bullet") || name.hasPrefix("list number") else { return nil }
    return .listItem(depth: (name.last?.wholeNumberValue ?? 1) - 1)
  }
}
