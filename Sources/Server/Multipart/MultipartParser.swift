import Foundation

/// Reads a form (`multipart/form-data`, RFC 7578 over RFC 2046 §5.1) as its bytes come, cut anywhere.
///
/// It keeps no more than a part's header fields, or the few bytes that may be the beginning of a boundary.
struct MultipartParser {
  enum Event: Equatable {
    case part(PartHeader)
    case bytes([UInt8])
    case partEnd
  }

  /// Why it is no form.
  enum Malformed: Error, Equatable {
    case headerTooLarge
    case badHeader
    case badBoundary
  }

  private enum State {
    /// Before the first boundary; what is there is to be ignored.
    case preamble
    /// After a boundary: the line goes on with white space, or with `--` at the end of all.
    case boundaryLine
    case header
    case body
    case epilogue
  }

  private let delimiter: [UInt8]
  private var state = State.preamble
  private var buffer: [UInt8]
  private var events: [Event] = []

  /// - Parameter boundary: as the content type names it, 1 to 70 characters.
  init?(boundary: String) {
    guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
    else {
      return nil
    }
    delimiter = Array("\r\n--\(boundary)".utf8)
    // The first boundary may be the first line, with no line end before it.
    buffer = [0x0d, 0x0a]
  }

  /// Whether the last boundary was seen: a form that ends before it was cut off.
  var isComplete: Bool {
    if case .epilogue = state { true } else { false }
  }

  /// Takes bytes; returns what they came to.
  mutating func feed(_ bytes: some Sequence<UInt8>) throws(Malformed) -> [Event] {
    if case .epilogue = state { return [] }
    buffer.append(contentsOf: bytes)
    events = []
    var taken = 0
    while try step(&taken) {}
    buffer.removeFirst(taken)
    defer { events = [] }
    return events
  }

  /// Does what can be done with the buffer from `place` on, moving that on; false when more bytes are needed.
  private mutating func step(_ place: inout Int) throws(Malformed) -> Bool {
    switch state {
    case .preamble:
      return skipPreamble(&place)
    case .boundaryLine:
      return try readBoundaryLine(&place)
    case .header:
      return try readHeader(&place)
    case .body:
      return readBody(&place)
    case .epilogue:
      place = buffer.count
      return false
    }
  }

  private mutating func skipPreamble(_ place: inout Int) -> Bool {
    guard let found = buffer.firstIndex(of: delimiter, from: place) else {
      place = max(place, buffer.count - delimiter.count + 1)
      return false
    }
    place = found + delimiter.count
    state = .boundaryLine
    return true
  }

  private mutating func readBoundaryLine(_ place: inout Int) throws(Malformed) -> Bool {
    guard buffer.count - place >= 2 else { return false }
    if buffer[place] == 0x2d, buffer[place + 1] == 0x2d {
      state = .epilogue
      place = buffer.count
      return false
    }
    guard let end = buffer.firstIndex(of: [0x0d, 0x0a], from: place) else {
      guard buffer.count - place <= HTTPLimits.partHeaderBytes else { throw .badBoundary }
      return false
    }
    guard buffer[place..<end].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { throw .badBoundary }
    // The line end stays: the header's end is looked for from there, so that an empty header is found too.
    place = end
    state = .header
    return true
  }

  private mutating func readHeader(_ place: inout Int) throws(Malformed) -> Bool {
    guard let end = buffer.firstIndex(of: [0x0d, 0x0a, 0x0d, 0x0a], from: place) else {
      guard buffer.count - place <= HTTPLimits.partHeaderBytes else { throw .headerTooLarge }
      return false
    }
    guard end - place <= HTTPLimits.partHeaderBytes else { throw .headerTooLarge }
    guard let header = PartHeader(buffer[place..<end]) else { throw .badHeader }
    events.append(.part(header))
    place = end + 4
    state = .body
    return true
  }

  /// Hands on what cannot belong to a boundary.
  private mutating func readBody(_ place: inout Int) -> Bool {
    let found = buffer.firstIndex(of: delimiter, from: place)
    let end = found ?? max(place, buffer.count - delimiter.count + 1)
    if end > place { events.append(.bytes(Array(buffer[place..<end]))) }
    place = end
    guard let found else { return false }
    place = found + delimiter.count
    events.append(.partEnd)
    state = .boundaryLine
    return true
  }
}

extension [UInt8] {
  /// Where `pattern` begins first, from `start` on.
  fileprivate func firstIndex(of pattern: [UInt8], from start: Int) -> Int? {
    guard let first = pattern.first, start + pattern.count <= count else { return nil }
    return withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var place = start
      while place + pattern.count <= bytes.count,
        let candidate = memchr(base + place, Int32(first), bytes.count - pattern.count - place + 1)
      {
        place = candidate - UnsafeMutableRawPointer(mutating: base)
        if bytes[place..<(place + pattern.count)].elementsEqual(pattern) { return place }
        place += 1
      }
      return nil
    }
  }
}
