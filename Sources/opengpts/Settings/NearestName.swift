/// Finds what somebody probably meant.
enum NearestName {
  /// Characters compared; no name is longer, and what was written may be anything.
  private static let comparedCharacters = 80

  /// The candidate with the fewest edits (insert, drop, replace, swap of neighbours) from `name`; letter
  /// case, dots, dashes and underscores count as equal. Nil only when there are no candidates.
  static func of(_ name: String, among candidates: [String]) -> String? {
    let written = folded(name)
    return candidates.min { edits(written, folded($0)) < edits(written, folded($1)) }
  }

  private static func folded(_ name: String) -> [Character] {
    name.prefix(comparedCharacters).lowercased().map { ".-".contains($0) ? "_" : $0 }
  }

  /// Optimal string alignment distance, a row at a time.
  private static func edits(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
