/// Where the parts of an Office Open XML file are that its main part names by id (ECMA-376 part 2, chapter
/// 9).
enum OfficeRelations {
  /// The entries of an ordered list in the main part, with the path of the part each one stands for.
  /// - Parameters:
  ///   - element: the list's element, as `sldId` or `sheet`.
  ///   - parts: the main part at `main`, and its relations.
  static func list(
    of element: String, in main: String, _ parts: [String: [UInt8]]
  ) throws(DocumentError) -> [(name: String?, path: String)] {
    guard let content = parts[main], let relations = parts[relationsPath(of: main)] else {
      throw .malformed(why: "it has no table of contents")
    }
    let targets = try targets(in: relations)
    let folder = main.prefix(upTo: main.lastIndex(of: "/") ?? main.startIndex)
    var found: [(name: String?, path: String)] = []
    let reader = try XMLReader(content)
    while let node = try reader.next() {
      guard case .start(element, _) = node, let id = reader.attribute("r:id"), let target = targets[id] else {
        continue
      }
      let path = target.hasPrefix("/") ? String(target.dropFirst()) : "\(folder)/\(target)"
      found.append((reader.attribute("name"), path))
    }
    return found
  }

  static func relationsPath(of part: String) -> String {
    guard let slash = part.lastIndex(of: "/") else { return "_rels/\(part).rels" }
    return "\(part[..<slash])/_rels/\(part[slash...].dropFirst()).rels"
  }

  private static func targets(in relations: [UInt8]) throws(DocumentError) -> [String: String] {
    var targets: [String: String] = [:]
    let reader = try XMLReader(relations)
    while let node = try reader.next() {
      guard case .start("Relationship", _) = node, let id = reader.attribute("Id") else { continue }
      targets[id] = reader.attribute("Target")
    }
    return targets
  }
}
