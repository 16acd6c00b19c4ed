/// Puts a response's head together from the lines libcurl hands over; interim (1xx) heads are passed
/// over, and so are trailers.
struct HeadReader {
  private var status = 0
  private var headers: [HTTPHeader] = []
  private var sizeBytes = 0
  private(set) var isComplete = false

  /// The final status and fields once their last line was read. Throws `malformedResponse` beyond the
  /// bounds on heads.
  mutating func read(
    _ line: UnsafeRawBufferPointer
  ) throws(TransportError) -> (status: Int, headers: [HTTPHeader])? {
    guard !isComplete else { return nil }
    sizeBytes += line.count
    guard sizeBytes <= TransportLimits.headBytes, headers.count <= TransportLimits.headFields else {
      throw .malformedResponse("the head is larger than 64 KB or 200 fields")
    }
    let text = String(decoding: line, as: UTF8.self)
    let content = text.trimming { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }
    if content.hasPrefix("HTTP/") {
      try start(content)
    } else if content.isEmpty {
      return finish()
    } else {
      add(content)
    }
    return nil
  }

  private mutating func start(_ line: Substring) throws(TransportError) {
    let parts = line.split(separator: " ", maxSplits: 2)
    guard parts.count >= 2, let status = Int(parts[1]), (100...999).contains(status) else {
      throw .malformedResponse("the status line has no status")
    }
    self.status = status
    headers.removeAll()
  }

  private mutating func add(_ line: Substring) {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    if let first = line.first, isBlank(first), let last = headers.indices.last {
      headers[last].value += " " + line.trimming(isBlank)
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...].trimming(isBlank)
    headers.append(HTTPHeader(String(line[..<colon].trimming(isBlank)), String(value)))
  }

  private mutating func finish() -> (status: Int, headers: [HTTPHeader])? {
    guard status >= 200 else { return nil }
    isComplete = true
    return (status, headers)
  }
}

extension StringProtocol where SubSequence == Substring {
  /// Without the characters at both ends that match.
  fileprivate func trimming(_ isCut: (Character) -> Bool) -> Substring {
    var rest = self[...]
    while let first = rest.first, isCut(first) { rest.removeFirst() }
    while let last = rest.last, isCut(last) { rest.removeLast() }
    return rest
  }
}
