import Documents
import FoundationEssentials
import Glibc
import Testing

/// The real parser process: the built executable in its second mode, beside the tests.
enum Worker {
  static let command: [String]? = {
    let tests = URL(
      filePath: CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0])
    let folder = tests.deletingLastPathComponent()
    let candidates = [["documents-worker"], ["opengpts", "read-document"]]
    for candidate in candidates {
      let path = folder.appending(path: candidate[0]).path
      if access(path, X_OK) == 0 { return [path] + candidate.dropFirst() }
    }
    return nil
  }()
}

@Suite(.enabled(if: Worker.command != nil, "the executable is not built"))
struct WorkerTests {
  private func parse(
    _ bytes: some Sequence<UInt8>, named name: String, limits: DocumentLimits = .init()
  ) async throws -> SourceText {
    let file = try TemporaryFile(bytes)
    return try await DocumentParser(command: #require(Worker.command), limits: limits)
      .parse(fileAt: file.path, named: name)
  }

  @Test(arguments: Corpus.files) func `the process reads what this one reads`(file: Corpus.File) async throws
  {
    let here = try DocumentsTests.parse(file.bytes, named: file.name)
    #expect(try await parse(file.bytes, named: file.name) == here)
  }

  @Test func `errors come through by name`() async {
    await #expect(throws: DocumentError.empty) { try await parse([], named: "a.txt") }
    await #expect(throws: DocumentError.noText(pages: 2)) {
      try await parse(PDFFixture.bytes(pages: [[], []]), named: "a.pdf")
    }
    await #expect(throws: DocumentError.unsupported(mediaType: "image/gif")) {
      try await parse("GIF89a".utf8, named: "a.gif")
    }
  }

  @Test func `the process has no network, signals or endless memory, nor files where Landlock is`()
    async throws
  {
    let parser = DocumentParser(command: try #require(Worker.command))
    let found = try #require(await parser.confinement())
    #expect(found.hasNoNetwork && found.sendsNoSignals && found.hasBoundedMemory)
    #expect(found.readsNoOtherFiles == found.createsNoFiles)
  }

  @Test func `a file that needs too much memory ends the process and nothing else`() async throws {
    var limits = DocumentLimits()
    limits.memoryBytes = 256 << 20
    let spaces = [UInt8](repeating: 0x20, count: 1 << 20)
    let large = ZIPFixture.bytes([(name: "word/document.xml", piece: spaces, count: 180)])
    await #expect {
      try await parse(large, named: "a.docx", limits: limits)
    } throws: {
      if case DocumentError.malformed = $0 { true } else { false }
    }
    #expect(try await parse("Still here".utf8, named: "a.txt").text == "Still here")
  }

  @Test func `a file that needs too much time ends the process and nothing else`() async throws {
    var limits = DocumentLimits()
    limits.processorSeconds = 1
    limits.deadlineSeconds = 60
    // Each stray end tag makes the parser look through all that is open.
    let heavy = "<html>" + String(repeating: "<i></b>", count: 200_000)
    await #expect(throws: DocumentError.timedOut(seconds: 60)) {
      try await parse(heavy.utf8, named: "a.html", limits: limits)
    }
  }

  @Test func `thirty files at once all come back`() async throws {
    let parser = DocumentParser(command: try #require(Worker.command))
    let file = try TemporaryFile("# Title\n\nText".utf8)
    let path = file.path
    let titles = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<30 { group.addTask { try await parser.parse(fileAt: path, named: "a.md").title } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(titles == Array(repeating: "Title", count: 30))
  }
}
