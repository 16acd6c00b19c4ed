import Synchronization

/// # Linking new rows, step by step
///
/// Rows are linked in rounds, and a round first decides and then writes, as in ParlayANN (Dobson et al.,
/// "Scaling graph-based ANNS algorithms to billion-size datasets", 2024). No locks are needed, and the
/// graph does not depend on how many threads built it.
///
/// 1. **Levels.** A row reaches level l with probability linksPerRow^-l (`level(of:)`), drawn from the
///    seed and its id.
/// 2. **Twins.** Rows with equal codes are chained to the first of them and have no links of their own
///    (`Graph.twins`). Hundreds of copies of one page footer would otherwise fill each other's lists and
///    cut each other off from everything else.
/// 3. **Decide.** Each new row of the round searches the graph as it was before the round, just as a
///    query would but with `buildWidth`, on each level it reaches. Its peers, the other rows of the
///    round, are not in the graph yet: they are scored one by one and join the candidates, or the pages
///    of one new document would not find each other. From the candidates it chooses diverse neighbours
///    (`Graph.diverse`) and writes them into its own lists: nobody can see those yet. Rows do not depend
///    on each other, so all threads work at once.
/// 4. **Write.** Links must lead back, or nobody would find the new rows. The pairs (neighbour, new row)
///    are sorted by neighbour, so that each list is changed by one thread, once. A list with room takes
///    the new rows; one without chooses again among the old and the new.
/// 5. A row that reaches higher than any before becomes the entry.
struct GraphInserter {
  let graph: Graph
  let parameters: VectorIndex.Parameters

  /// Scoring peers grows with the square of this; at 512 it is a twentieth of the work.
  static let largestRound = 512

  /// How many rows the next round may have: at most an eighth of those already there.
  static func roundSize(existing: Int, remaining: Int) -> Int {
    min(remaining, largestRound, max(1, existing / 8))
  }

  /// Links rows whose codes are written and to which nothing leads yet.
  func link(_ rows: Range<Int>) {
    var peers = chainTwins(in: rows)
    if graph.entry == nil, let first = peers.first {
      graph.enter(at: first, level: graph.height(Int(first)))
      peers.removeFirst()
    }
    guard let entry = graph.entry, !peers.isEmpty else { return }
    let linked = decide(peers, from: entry)
    for level in 0...entry.level { linkBack(linked, level) }
    for row in linked where graph.height(Int(row)) > graph.entry?.level ?? 0 {
      graph.enter(at: row, level: graph.height(Int(row)))
    }
  }

  /// Step 1: how often u < linksPerRow^-l for a u in [0, 1) that is a function of seed and id.
  ///
  /// In whole numbers, because logarithms differ between machines.
  static func level(of id: Int64, _ parameters: VectorIndex.Parameters) -> Int {
    var u = UInt64(bitPattern: id) &+ (parameters.seed &+ 1) &* 0x9e37_79b9_7f4a_7c15
    u = (u ^ (u >> 30)) &* 0xbf58_476d_1ce4_e5b9
    u = (u ^ (u >> 27)) &* 0x94d0_49bb_1331_11eb
    u ^= u >> 31
    var level = 0
    var threshold = UInt64.max / UInt64(parameters.linksPerRow)
    while u < threshold, level < Graph.maximumLevel {
      level += 1
      threshold /= UInt64(parameters.linksPerRow)
    }
    return level
  }

  /// Step 2 within the round: chains rows to the first with an equal code and gives back the others.
  private func chainTwins(in rows: Range<Int>) -> [UInt32] {
    guard rows.count > 1 else { return rows.map(UInt32.init) }
    var firstOfHash: [UInt64: Int] = [:]
    return rows.compactMap { row in
      let hash = graph.codes.hash(row)
      guard let first = firstOfHash[hash], graph.codes.areEqual(first, row) else {
        firstOfHash[hash] = row
        return UInt32(row)
      }
      graph.chain(UInt32(row), to: first)
      return nil
    }
  }

  /// Step 3 for all rows; gives back those that are no twin of an older row.
  private func decide(_ peers: [UInt32], from entry: (row: UInt32, level: Int)) -> [UInt32] {
    let older = Mutex<[UInt32: UInt32]>([:])
    Workers.run(peers.indices, threadCount: parameters.threadCount) { i in
      graph.scratches.withScratch { scratch in
        guard let twin = decide(Int(peers[i]), peers, from: entry, scratch) else { return }
        older.withLock { $0[peers[i]] = twin }
      }
    }
    return unlinkTwins(older.withLock { $0 }, among: peers)
  }

  /// Chains rows to the older ones they are twins of, which also take their place in their peers' lists.
  private func unlinkTwins(_ twins: [UInt32: UInt32], among peers: [UInt32]) -> [UInt32] {
    guard !twins.isEmpty else { return peers }
    let linked = peers.filter { twins[$0] == nil }
    for row in linked {
      for level in 0...graph.height(Int(row)) { graph.replaceLinks(of: Int(row), level, by: twins) }
    }
    for row in peers {
      if let older = twins[row] { graph.chain(row, to: Int(older)) }
    }
    return linked
  }

  /// Step 3 for one row; gives back an older row with an equal code, if there is one.
  private func decide(
    _ row: Int, _ peers: [UInt32], from entry: (row: UInt32, level: Int), _ scratch: Scratch
  ) -> UInt32? {
    let height = graph.height(row)
    return graph.codes.withQuery(row: row) { query in
      var twin: UInt32?
      var nearest = graph.descend(from: entry, to: height, query, scratch)
      for level in stride(from: min(height, entry.level), through: 0, by: -1) {
        scratch.start(at: nearest)
        graph.explore(level, width: parameters.buildWidth, query, scratch)
        nearest = scratch.pool[0] & ~Candidate.expanded
        if level == 0 { twin = graph.twin(of: row, query, scratch) }
        graph.offer(peers, except: row, level, width: parameters.buildWidth, query, scratch)
        let count = graph.diverse(
          scratch.pool, count: scratch.poolCount, limit: parameters.linksPerRow, scratch)
        graph.write(scratch.chosen, count: count, to: row, level)
      }
      return twin
    }
  }

  /// Step 4 for one level.
  private func linkBack(_ rows: [UInt32], _ level: Int) {
    let pairs = backLinks(rows, level)
    let groups = pairs.indices.filter { $0 == 0 || pairs[$0] >> 32 != pairs[$0 - 1] >> 32 }
    Workers.run(groups.indices, threadCount: parameters.threadCount) { group in
      let end = group + 1 < groups.count ? groups[group + 1] : pairs.count
      graph.scratches.withScratch { scratch in
        graph.add(pairs[groups[group]..<end], level, scratch)
      }
    }
  }

  /// Each new link the other way around: where it is to lead from in the upper half, and to in the lower.
  private func backLinks(_ rows: [UInt32], _ level: Int) -> [UInt64] {
    var pairs: [UInt64] = []
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: graph.width(level)) { neighbours in
      guard let base = neighbours.baseAddress else { return }
      for row in rows where graph.height(Int(row)) >= level {
        let count = graph.gather(graph.links(Int(row), level), width: graph.width(level), into: base)
        for i in 0..<count { pairs.append(UInt64(base[i]) << 32 | UInt64(row)) }
      }
    }
    pairs.sort()
    return pairs
  }
}

extension Graph {
  /// An older row among the candidates whose code is that of `row`.
  fileprivate func twin(of row: Int, _ query: CodedQuery, _ scratch: Scratch) -> UInt32? {
    var own = UInt32(row)
    codes.score(&own, count: 1, query, into: scratch.scores)
    let score = scratch.scores[0]
    for i in 0..<scratch.poolCount where Candidate.score(scratch.pool[i]) == score {
      let older = Candidate.row(scratch.pool[i])
      if codes.areEqual(Int(older), row) { return older }
    }
    return nil
  }

  /// Lets rows that are not linked yet join the candidates.
  fileprivate func offer(
    _ peers: [UInt32], except row: Int, _ level: Int, width: Int, _ query: CodedQuery, _ scratch: Scratch
  ) {
    var count = 0
    for peer in peers where peer != UInt32(row) && height(Int(peer)) >= level {
      scratch.rows[count] = peer
      count += 1
    }
    codes.score(scratch.rows, count: count, query, into: scratch.scores)
    for i in 0..<count { _ = scratch.keep(Candidate.key(scratch.rows[i], scratch.scores[i]), width: width) }
  }

  /// Links to the rows that `twins` names instead of to their twins. An older row of a lower level
  /// cannot stand in, and the link is dropped.
  fileprivate func replaceLinks(of row: Int, _ level: Int, by twins: [UInt32: UInt32]) {
    let links = links(row, level)
    var kept: [UInt32] = []
    for i in 0..<width(level) {
      let old = links[i].load(ordering: .relaxed)
      if old >= end { break }
      let new = twins[old] ?? old
      if !kept.contains(new), height(Int(new)) >= level { kept.append(new) }
    }
    kept.withUnsafeBufferPointer { kept in
      if let base = kept.baseAddress { write(base, count: kept.count, to: row, level) }
    }
  }
}
