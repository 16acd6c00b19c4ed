import Conversation

/// Which file is worked on next, so that nobody waits behind somebody else's thousand files: the next one of
/// the user with the least work under way, and among these of the one whose turn was longest ago. A user's
/// own files keep their order.
struct FairQueue: Sendable {
  /// Files worked on at once.
  let width: Int
  private var lines: [Identifier<User>: [Identifier<File>]] = [:]
  private var underWay: [Identifier<File>: Identifier<User>] = [:]
  private var lastTurns: [Identifier<User>: Int] = [:]
  private var turns = 0

  init(width: Int) {
    self.width = width
  }

  /// Adds a file at the end of its user's line.
  /// - Returns: false when it is in line or under way already.
  @discardableResult
  mutating func add(_ file: Identifier<File>, of user: Identifier<User>) -> Bool {
    guard underWay[file] == nil, lines[user]?.contains(file) != true else { return false }
    lines[user, default: []].append(file)
    return true
  }

  /// Takes the file out whose turn it is, and counts it as under way; nil while as many are as may be.
  mutating func startNext() -> Identifier<File>? {
    guard underWay.count < width else { return nil }
    let loads = underWay.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let user = lines.keys.min {
      (loads[$0, default: 0], lastTurns[$0, default: 0]) < (loads[$1, default: 0], lastTurns[$1, default: 0])
    }
    guard let user, let file = lines[user]?.removeFirst() else { return nil }
    if lines[user]?.isEmpty == true { lines[user] = nil }
    turns += 1
    lastTurns[user] = turns
    underWay[file] = user
    return file
  }

  mutating func finish(_ file: Identifier<File>) {
    guard let user = underWay.removeValue(forKey: file) else { return }
    if lines[user] == nil, !underWay.values.contains(user) { lastTurns[user] = nil }
  }

  /// Takes a file out of its line, if it waits in one.
  mutating func withdraw(_ file: Identifier<File>) {
    for user in lines.keys {
      lines[user]?.removeAll { $0 == file }
      if lines[user]?.isEmpty == true { lines[user] = nil }
    }
  }

  func isUnderWay(_ file: Identifier<File>) -> Bool { underWay[file] != nil }

  /// Files that wait, and that are worked on.
  var counts: (waiting: Int, underWay: Int) {
    (lines.values.reduce(0) { $0 + $1.count }, underWay.count)
  }

  var isEmpty: Bool { lines.isEmpty && underWay.isEmpty }
}
