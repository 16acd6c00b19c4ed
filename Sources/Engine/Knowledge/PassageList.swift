import Conversation

/// Makes passages of ranked chunks: what repeats a better one is left out, and neighbours become one passage.
struct PassageList {
  /// Chunks of one passage: some 2,600 characters, a page of a book.
  private static let longestPassage = 3
  /// Share of their words from which on two chunks say the same.
  private static let sameWords = 0.9
  /// Words from which on that is no coincidence.
  private static let leastWords = 8

  /// Chunks that follow each other in one file, in the order of the file, and the best of them.
  struct Group {
    var passage: Passage
    var chunks: [Chunk]
    fileprivate var words: Words
  }

  private let wanted: Int
  private(set) var groups: [Group] = []
  private(set) var candidates: [SearchOutcome.Candidate] = []
  /// Whether there was a chunk for which there was no place any more.
  private(set) var hasMore = false

  init(wanted: Int) {
    self.wanted = wanted
  }

  /// Takes the next best chunk.
  mutating func add(_ chunk: Chunk, as passage: Passage) {
    let words = Words(passage.text)
    if let same = groups.first(where: { isSame($0, passage, words) }) {
      note(passage, .duplicate, of: same.passage)
    } else if groups.count == wanted {
      hasMore = true
      note(passage, .otherPage, of: nil)
    } else if let place = groups.firstIndex(where: {
      $0.takes(chunk) && $0.chunks.count < Self.longestPassage
    }) {
      groups[place].insert(chunk)
      note(passage, .joined, of: groups[place].passage)
    } else {
      groups.append(Group(passage: passage, chunks: [chunk], words: words))
      note(passage, .shown, of: nil)
    }
  }

  /// Whether it belongs to a page before the one that begins with this passage.
  func isBefore(_ candidate: SearchOutcome.Candidate, _ offset: Int) -> Bool {
    guard candidate.fate != .duplicate else { return false }
    let shown = candidate.of ?? candidate.passage.chunkID
    return groups.prefix(offset).contains { $0.passage.chunkID == shown }
  }

  private func isSame(_ group: Group, _ passage: Passage, _ words: Words) -> Bool {
    if group.passage.text == passage.text { return true }
    guard min(words.count, group.words.count) >= Self.leastWords else { return false }
    return words.overlap(with: group.words) >= Self.sameWords
  }

  private mutating func note(
    _ passage: Passage, _ fate: SearchOutcome.Candidate.Fate, of better: Passage?
  ) {
    candidates.append(.init(passage: passage, fate: fate, of: better?.chunkID))
  }
}

extension PassageList.Group {
  /// Whether the chunk stands before its first or after its last.
  fileprivate func takes(_ chunk: Chunk) -> Bool {
    guard let first = chunks.first, let last = chunks.last, first.fileID == chunk.fileID else { return false }
    return chunk.ordinal == first.ordinal - 1 || chunk.ordinal == last.ordinal + 1
  }

  fileprivate mutating func insert(_ chunk: Chunk) {
    chunks.append(chunk)
    chunks.sort { $0.ordinal < $1.ordinal }
  }
}
