import Testing

@testable import Transport

@Suite struct ServerSentEventTests {
  typealias Event = ServerSentEvent

  /// Streams and what the standard makes of them.
  static let table: [(stream: String, events: [ServerSentEvent])] = [
    ("data: one\n\n", [Event(data: "one")]),
    (
      "data:one\r\n\r\ndata: two\r\rdata:  three\n\n",
      [
        Event(data: "one"), Event(data: "two"), Event(data: " three"),
      ]
    ),
    ("data: a\r\ndata: b\r\nevent: e\r\n\r\n", [Event(event: "e", data: "a\nb")]),
    ("\u{FEFF}data: bom\n\n", [Event(data: "bom")]),
    ("\u{FEFF}\u{FEFF}data: two boms\n\n", []),
    (": comment\n:\ndata: a\ndata: b\ndata\ndata:\n\n", [Event(data: "a\nb\n\n")]),
    ("event: tick\ndata: 1\n\ndata: 2\n\n", [Event(event: "tick", data: "1"), Event(data: "2")]),
    (
      "id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
      [
        Event(data: "a", lastEventID: "7"), Event(data: "b", lastEventID: "7"), Event(data: "c"),
      ]
    ),
    ("id: a\u{0}b\ndata: x\n\n", [Event(data: "x")]),
    ("event: lost\nid: 9\n\ndata: y\n\n", [Event(data: "y", lastEventID: "9")]),
    ("data\n\n", [Event(data: "")]),
    ("data:\n\n", [Event(data: "")]),
    ("retry: 10\nunknown: z\nData: no\n data: no\n\n", []),
    ("data: {\"a\":\"x:y\"}\n\n", [Event(data: "{\"a\":\"x:y\"}")]),
    ("data: Größe 日本 👩‍👩‍👧‍👦\n\n", [Event(data: "Größe 日本 👩‍👩‍👧‍👦")]),
    ("data: cut off\n", []),
    ("data: cut off", []),
    ("\n\n\r\n\r\rdata: late\n\n", [Event(data: "late")]),
  ]

  @Test(arguments: table.indices)
  func eachStreamGivesItsEventsHoweverItIsCut(row: Int) throws {
    let (stream, events) = Self.table[row]
    let bytes = Array(stream.utf8)
    for size in 1...bytes.count {
      #expect(try parse(bytes, pieces: size) == events, "\(stream.debugDescription) by \(size)")
    }
  }

  @Test func aWholeStreamGivesTheSameEventsAtEveryCut() throws {
    let bytes = Array(Self.table.dropFirst(4).dropLast(3).map(\.stream).joined().utf8)
    let whole = try parse(bytes, pieces: bytes.count)
    #expect(whole.count > 10)
    for size in 1..<bytes.count { #expect(try parse(bytes, pieces: size) == whole) }
  }

  @Test func invalidCharactersAreRepairedWhereTheyStand() throws {
    let bytes = Array("data: a".utf8) + [0xFF, 0xC3] + Array("b\n\ndata: c\n\n".utf8)
    for size in 1...bytes.count {
      #expect(try parse(bytes, pieces: size).map(\.data) == ["a\u{FFFD}\u{FFFD}b", "c"])
    }
  }

  @Test func theReconnectionTimeIsRead() throws {
    var parser = ServerSentEventParser()
    _ = try parser.feed(Array("retry: 2500\n".utf8))
    #expect(parser.retryMilliseconds == 2500)
    #expect(try parser.feed(Array("data: x\n\n".utf8)) == [Event(data: "x", retryMilliseconds: 2500)])
    for bad in ["", "1s", "-1", "+1", String(repeating: "9", count: 40)] {
      _ = try parser.feed(Array("retry: \(bad)\n".utf8))
      #expect(parser.retryMilliseconds == 2500)
    }
  }

  @Test(arguments: ["data: 12345", ": 12345", "data: 12345\n", "unknown12345"])
  func anEventBeyondItsBoundIsRefusedBeforeItIsHeld(piece: String) {
    var parser = ServerSentEventParser(maxEventBytes: 1000)
    #expect(throws: TransportError.tooLarge(limitBytes: 1000)) {
      for _ in 0..<300 { _ = try parser.feed(Array(piece.utf8)) }
    }
  }

  @Test func manySmallEventsNeverReachTheBound() throws {
    var parser = ServerSentEventParser(maxEventBytes: 100)
    var count = 0
    for _ in 0..<1000 { count += try parser.feed(Array(": a comment\ndata: x\n\n".utf8)).count }
    #expect(count == 1000)
  }

  @Test func randomBytesNeverTrapTheParser() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed \(seed)")
    var random = SplitMix64(state: seed)
    let alphabet: [UInt8] = Array("\r\n: dataeventidretry0".utf8) + [0, 0xEF, 0xBB, 0xBF, 0xFF]
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 1...300, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      let whole = try parse(bytes, pieces: bytes.count)
      #expect(try parse(bytes, pieces: 1) == whole)
      #expect(try parse(bytes, pieces: Int.random(in: 1...20, using: &random)) == whole)
    }
  }

  private func parse(_ bytes: [UInt8], pieces size: Int) throws -> [ServerSentEvent] {
    var parser = ServerSentEventParser()
    var events: [ServerSentEvent] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += try parser.feed(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    return events
  }
}

/// Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
