import Glibc

/// Cuts what comes from a descriptor into lines.
struct LineReader {
  let descriptor: Int32
  let longest: Int
  let take: @Sendable (String) -> Void
  private(set) var isOpen = true
  private(set) var isOverlong = false
  private var line: [UInt8] = []
  private var piece = [UInt8](repeating: 0, count: 65_536)

  init(descriptor: Int32, longest: Int, take: @escaping @Sendable (String) -> Void) {
    self.descriptor = descriptor
    self.longest = longest
    self.take = take
  }

  mutating func read() {
    let count = Glibc.read(descriptor, &piece, piece.count)
    if count < 0 && errno == EINTR { return }
    guard count > 0 else {
      isOpen = false
      return
    }
    var rest = piece[..<count]
    while let end = rest.firstIndex(of: 0x0A) {
      line.append(contentsOf: rest[..<end])
      finishLine()
      rest = rest[(end + 1)...]
    }
    line.append(contentsOf: rest)
    guard line.count > longest else { return }
    isOverlong = true
    isOpen = false
  }

  private mutating func finishLine() {
    if !line.isEmpty { take(String(decoding: line, as: UTF8.self)) }
    line.removeAll(keepingCapacity: line.capacity <= 1 << 20)
  }
}
