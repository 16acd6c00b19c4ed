import Testing

@testable import Server

@Suite struct MultipartTests {
  /// What a form came to, however it was cut.
  private struct Parts: Equatable {
    var headers: [PartHeader] = []
    var bodies: [[UInt8]] = []
    var ends = 0

    mutating func take(_ event: MultipartParser.Event) {
      switch event {
      case .part(let header):
        headers.append(header)
        bodies.append([])
      case .bytes(let bytes): bodies[bodies.count - 1] += bytes
      case .partEnd: ends += 1
      }
    }
  }

  private func parse(_ form: [UInt8], pieces size: Int) throws -> (parts: Parts, isComplete: Bool) {
    var parser = try #require(MultipartParser(boundary: "XxB"))
    var parts = Parts()
    for start in stride(from: 0, to: form.count, by: size) {
      for event in try parser.feed(form[start..<min(start + size, form.count)]) { parts.take(event) }
    }
    return (parts, parser.isComplete)
  }

  @Test func `a form reads the same at every size of its pieces`() throws {
    let tricky: [UInt8] = Array("\r\n--Xx\r\n--XxA\r\r\n\r\n-\r\n--".utf8) + [0, 255, 13, 10, 45]
    let form =
      Array(
        "ignored\r\n--XxB \t\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a b.txt\"\r\n".utf8
      )
      + Array("content-type: Text/Plain; charset=utf-8\r\n\r\n".utf8) + tricky
      + Array("\r\n--XxB\r\nContent-Disposition: form-data; name=\"config\"\r\n\r\n{}\r\n".utf8)
      + Array(
        "--XxB\r\nContent-Disposition: form-data; name=files; filename=\"\"\r\n\r\n\r\n--XxB--\r\nafter".utf8)
    var expected = Parts()
    expected.headers = [
      PartHeader(name: "files", fileName: "a b.txt", mediaType: "text/plain"), PartHeader(name: "config"),
      PartHeader(name: "files", fileName: ""),
    ]
    expected.bodies = [tricky, Array("{}".utf8), []]
    expected.ends = 3
    for size in 1...form.count {
      let (parts, isComplete) = try parse(form, pieces: size)
      #expect(parts == expected, "pieces of \(size)")
      #expect(isComplete)
    }
  }

  @Test func `a form that is cut off anywhere is not complete`() throws {
    let form = Array("--XxB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nbody\r\n--XxB--".utf8)
    for end in 0..<form.count {
      let (parts, isComplete) = try parse(Array(form[..<end]), pieces: 7)
      #expect(!isComplete, "\(end)")
      #expect(parts.ends <= 1)
    }
  }

  @Test func `random bytes are a form or an error, and never more than was given`() throws {
    let seed = UInt64.random(in: .min ... .max)
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let pieces = [
      "--XxB", "\r\n", "--XxB--", "Content-Disposition: form-data; name=\"a\"", "x", "\r", "\n", ":", "-",
    ]
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      if let (parts, _) = try? parse(Array(text.utf8), pieces: Int.random(in: 1...9, using: &random)) {
        #expect(parts.bodies.joined().count <= text.utf8.count)
      }
    }
  }

  @Test func `what a part's header may not be is refused`() throws {
    for (form, error) in [
      ("--XxB\r\nX: y\r\n\r\nbody", MultipartParser.Malformed.badHeader),
      ("--XxB\r\n\(String(repeating: "x", count: 9_000))", .headerTooLarge),
      ("--XxBrubbish\r\n", .badBoundary), ("--XxB" + String(repeating: " ", count: 9_000), .badBoundary),
    ] {
      #expect(throws: error) { try parse(Array(form.utf8), pieces: 100) }
    }
    #expect(MultipartParser(boundary: "") == nil)
    #expect(MultipartParser(boundary: String(repeating: "b", count: 71)) == nil)
  }

  @Test(arguments: [
    (#"form-data; name="a"; filename="b \"c\".txt""#, #"b "c".txt"#),
    (#"form-data; name="a"; filename="b%22.txt""#, #"b".txt"#),
    (#"form-data; name="a"; filename=b.txt"#, "b.txt"),
    (#"form-data; filename="x;y.txt"; name="a""#, "x;y.txt"),
    (#"form-data; name="a"; filename="C:\\docs\\b.txt""#, #"C:\docs\b.txt"#),
    (#"form-data; name="a"; filename="plain"; filename*=UTF-8''na%C3%AFve.txt"#, "naïve.txt"),
    (#"form-data; name="a"; filename="open"#, "open"),
  ])
  func `a file's name is read as clients write it`(disposition: String, name: String) throws {
    let header = PartHeader(Array("Content-Disposition: \(disposition)".utf8))
    #expect(header?.fileName == name)
    #expect(header?.name == "a")
  }

  @Test(arguments: [
    ("../../etc/passwd", "passwd"), (#"C:\x\y.txt"#, "y.txt"), ("", "file"), ("..", "file"),
    ("a\u{0}b\n.txt", "ab.txt"),
    (String(repeating: "ü", count: 300) + ".pdf", nil),
  ])
  func `a file's name cannot be a path`(given: String, kept: String?) {
    let name = UploadForm.safeName(given)
    if let kept { #expect(name == kept) }
    #expect(name.utf8.count <= 255 && !name.contains("/"))
    #expect(!given.hasSuffix(".pdf") || name.hasSuffix(".pdf"))
  }
}
