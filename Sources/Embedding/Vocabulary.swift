/// The word pieces of a BERT vocabulary as a byte trie: the longest known piece is found in one walk.
///
/// A piece that continues a word is written `##piece` in the file and lives under a second root.
/// Edges are kept in one open-addressed table (8 bytes a slot, never full).
struct Vocabulary: Sendable {
  /// all-MiniLM-L6-v2 has 30,522 pieces in 232 KB; the bounds keep a hostile file from filling memory.
  static let maximumFileBytes = 4 << 20

  /// Number of lines, so that each token id is below it.
  let count: Int
  private var edgeKeys: [UInt32] = []
  private var edgeTargets: [UInt32] = []
  /// Token id of the piece that ends at a node, or -1.
  private var tokenIDs: [Int32] = [-1, -1]

  static let wordRoot: UInt32 = 0
  static let continuationRoot: UInt32 = 1
  /// A node number shares 32 bits with the byte on its edge.
  private static let maximumNodes = 1 << 24

  init(path: String) throws(EmbeddingError) {
    let file = try MappedFile(path: path, maximumBytes: Self.maximumFileBytes)
    let tableSize = Self.tableSize(forBytes: file.bytes.count)
    edgeKeys = [UInt32](repeating: .max, count: tableSize)
    edgeTargets = [UInt32](repeating: 0, count: tableSize)

    var lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    count = lines.count
    for (id, line) in lines.enumerated() {
      insert(line.last == UInt8(ascii: "\r") ? line.dropLast() : line, id: Int32(id))
    }
  }

  /// Token id of exactly this text, if it is a piece that starts a word.
  func id(of piece: String) -> Int32? {
    var node = Self.wordRoot
    for byte in piece.utf8 {
      guard let next = step(from: node, byte: byte) else { return nil }
      node = next
    }
    return tokenIDs[Int(node)] >= 0 ? tokenIDs[Int(node)] : nil
  }

  /// The longest piece that `bytes[start...]` begins with, as its id and end, below `root`.
  ///
  /// - Complexity: O(length of the longest path), one table look-up a byte.
  func longestPiece(in bytes: [UInt8], from start: Int, root: UInt32) -> (id: Int32, end: Int)? {
    var node = root
    var best: (id: Int32, end: Int)?
    var position = start
    while position < bytes.count, let next = step(from: node, byte: bytes[position]) {
      node = next
      position += 1
      let id = tokenIDs[Int(node)]
      if id >= 0 { best = (id, position) }
    }
    return best
  }

  private mutating func insert(_ line: Slice<UnsafeRawBufferPointer>, id: Int32) {
    let continues = line.count > 2 && line.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "#")])
    var node = continues ? Self.continuationRoot : Self.wordRoot
    for byte in continues ? line.dropFirst(2) : line {
      node = step(from: node, byte: byte) ?? addEdge(from: node, byte: byte)
    }
    if node > Self.continuationRoot { tokenIDs[Int(node)] = id }
  }

  private func step(from node: UInt32, byte: UInt8) -> UInt32? {
    let key = node << 8 | UInt32(byte)
    var slot = Self.hash(key) & (edgeKeys.count - 1)
    while edgeKeys[slot] != key {
      if edgeKeys[slot] == .max { return nil }
      slot = (slot + 1) & (edgeKeys.count - 1)
    }
    return edgeTargets[slot]
  }

  private mutating func addEdge(from node: UInt32, byte: UInt8) -> UInt32 {
    let key = node << 8 | UInt32(byte)
    let target = UInt32(tokenIDs.count)
    precondition(target < Self.maximumNodes, "the file's size bound keeps the trie below this")
    var slot = Self.hash(key) & (edgeKeys.count - 1)
    while edgeKeys[slot] != .max { slot = (slot + 1) & (edgeKeys.count - 1) }
    edgeKeys[slot] = key
    edgeTargets[slot] = target
    tokenIDs.append(-1)
    return target
  }

  /// A file of n bytes makes fewer than n edges (pieces share beginnings: about n/3 in fact).
  private static func tableSize(forBytes byteCount: Int) -> Int {
    1 << (Int.bitWidth - byteCount.leadingZeroBitCount)
  }

  /// Fibonacci hashing (Knuth, TAOCP 3, 6.4): the high bits of a product with 2^32 / φ.
  private static func hash(_ key: UInt32) -> Int {
    let product = key &* 0x9E37_79B9
    return Int(product ^ product >> 15)
  }
}
