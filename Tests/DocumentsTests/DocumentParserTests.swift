import Documents
import FoundationEssentials
import Glibc
import Testing

/// Parsing in a process of its own. Children that misbehave are shell scripts.
struct DocumentParserTests {
  private func outcome(of script: String, limits: DocumentLimits = .init()) async throws -> DocumentError? {
    let file = try TemporaryFile("Hello".utf8)
    do throws(DocumentError) {
      _ = try await DocumentParser(command: ["/bin/sh", "-c", script], limits: limits)
        .parse(fileAt: file.path, named: "a.txt")
      return nil
    } catch { return error }
  }

  @Test func `a parser in this process reads the same text`() async throws {
    let file = try TemporaryFile("Hello".utf8)
    #expect(try await DocumentParser.inProcess().parse(fileAt: file.path, named: "a.txt").text == "Hello")
  }

  @Test func `a child that dies is a damaged file`() async throws {
    #expect(try await outcome(of: "kill -SEGV $$") == .malformed(why: "the parser was ended by signal 11"))
    #expect(try await outcome(of: "exit 3") == .malformed(why: "the parser gave up with status 3"))
    #expect(try await outcome(of: "echo nonsense") == .malformed(why: "the parser gave no answer"))
  }

  @Test func `an answer that is cut or contradicts itself is not believed`() async throws {
    let head = #"{"textBytes":5,"source":{"text":"","mediaType":"x","pages":[],"headings":[]}}"#
    #expect(try await outcome(of: "printf '%s\\nHello' '\(head)'") == nil)
    #expect(
      try await outcome(of: "printf '%s\\nHell' '\(head)'") == .malformed(why: "the parser's answer was cut"))
    #expect(
      try await outcome(of: "printf '%s\\n\\377\\377\\377\\377\\377' '\(head)'")
        == .malformed(why: "the parser's answer was cut"))
    let outside = head.replacing(#""pages":[]"#, with: #""pages":[{"number":1,"range":[0,6]}]"#)
    #expect(
      try await outcome(of: "printf '%s\\nHello' '\(outside)'")
        == .malformed(why: "the parser's answer contradicts itself"))
  }

  @Test func `a child that hangs is killed with all it started`() async throws {
    var limits = DocumentLimits()
    limits.deadlineSeconds = 3
    let mark = try TemporaryFile([])
    let script = "sleep 300 & echo $! > \(mark.path); wait"
    #expect(try await outcome(of: script, limits: limits) == .timedOut(seconds: 3))
    let sleeper = try #require(
      Int32(String(contentsOf: URL(filePath: mark.path), encoding: .utf8).dropLast()))
    #expect(await hasEnded(sleeper))
  }

  @Test func `a child that closes its output and stays is killed too`() async throws {
    var limits = DocumentLimits()
    limits.deadlineSeconds = 1
    #expect(try await outcome(of: "exec >&- 2>&-; sleep 300", limits: limits) == .timedOut(seconds: 1))
  }

  @Test func `a child that talks without end is stopped`() async throws {
    var limits = DocumentLimits()
    limits.textBytes = 1000
    #expect(try await outcome(of: "exec cat /dev/zero", limits: limits) == .tooLarge(.textBytes, limit: 1000))
    #expect(
      try await outcome(of: "cat /dev/zero >&2 & sleep 0.2; kill $!; exit 4")
        == .malformed(why: "the parser gave up with status 4"))
  }

  @Test func `a program that is not there is a fault of the machine`() async throws {
    let file = try TemporaryFile("Hello".utf8)
    await #expect(
      throws: DocumentError.unreadable(why: "the parser did not start: no such file or directory")
    ) {
      try await DocumentParser(command: ["/nonexistent"]).parse(fileAt: file.path, named: "a.txt")
    }
  }

  @Test func `a child inherits three descriptors and a bare environment`() async throws {
    let leaked = open("/etc/hostname", O_RDONLY)
    defer { close(leaked) }
    let script = "ls /proc/self/fd | wc -l > $0; env >> $0"
    let report = try TemporaryFile([])
    let file = try TemporaryFile("Hello".utf8)
    _ = try? await DocumentParser(command: ["/bin/sh", "-c", script, report.path])
      .parse(fileAt: file.path, named: "a.txt")
    let lines = try String(contentsOf: URL(filePath: report.path), encoding: .utf8).split(separator: "\n")
    // The fourth is the folder that ls itself has open.
    #expect(lines.first == "4")
    #expect(!lines.contains { $0.hasPrefix("HOME=") })
  }

  @Test func `cancelling the task ends the child at once`() async throws {
    let file = try TemporaryFile("Hello".utf8)
    let mark = try TemporaryFile([])
    let task = Task {
      try await DocumentParser(command: ["/bin/sh", "-c", "echo $$ > \(mark.path); exec sleep 300"])
        .parse(fileAt: file.path, named: "a.txt")
    }
    var child: Int32?
    while child == nil {
      try await Task.sleep(for: .milliseconds(5))
      child = Int32(try String(contentsOf: URL(filePath: mark.path), encoding: .utf8).dropLast())
    }
    task.cancel()
    await #expect(throws: DocumentError.cancelled) { try await task.value }
    #expect(await hasEnded(try #require(child)))
  }

  @Test func `two children run at a time, and everybody gets a turn`() async throws {
    let file = try TemporaryFile("Hello".utf8)
    let log = try TemporaryFile([])
    let gate = log.path + "-gate"
    defer { unlink(gate) }
    let script = "echo + >> \(log.path); while [ ! -e \(gate) ]; do sleep 0.01; done"
    let parser = DocumentParser(command: ["/bin/sh", "-c", script])
    let path = file.path
    let started = { try Data(contentsOf: URL(filePath: log.path)).count / 2 }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { _ = try? await parser.parse(fileAt: path, named: "a.txt") } }
      while try started() < 2 { try await Task.sleep(for: .milliseconds(5)) }
      // Long enough for a third one to start, if it were let.
      try await Task.sleep(for: .milliseconds(300))
      #expect(try started() == 2)
      try Data().write(to: URL(filePath: gate))
      try await group.waitForAll()
    }
    #expect(try started() == 8)
  }

  /// A killed grandchild is gone once its new parent has collected it.
  private func hasEnded(_ process: Int32) async -> Bool {
    for _ in 0..<400 {
      let status = try? String(contentsOf: URL(filePath: "/proc/\(process)/stat"), encoding: .utf8)
      if status?.contains(") Z ") ?? true { return true }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return false
  }
}
