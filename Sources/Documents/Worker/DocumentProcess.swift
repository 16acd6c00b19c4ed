import FoundationEssentials
import Glibc

/// One parser process, seen from the parent. What comes out of it is not believed but checked.
struct DocumentProcess: Sendable {
  private let command: [String]
  private let request: WorkerRequest
  private let relay = Relay()

  /// Room for headings and pages beside the text, in bytes.
  private static let replyOverhead = 16 << 20

  init(command: [String], request: WorkerRequest) {
    self.command = command
    self.request = request
  }

  /// Blocks until the process has ended.
  func parse(_ path: String) throws(DocumentError) -> SourceText {
    let (reply, text) = try answer(about: path)
    guard var source = reply.source, text.count == reply.textBytes,
      let valid = String(validating: text, as: UTF8.self)
    else { throw .malformed(why: "the parser's answer was cut") }
    source.text = valid
    guard source.isConsistent else { throw .malformed(why: "the parser's answer contradicts itself") }
    return source
  }

  /// Blocks until the process has ended.
  func probe() throws(DocumentError) -> Confinement {
    guard let confinement = try answer(about: "/dev/null").reply.confinement else {
      throw .malformed(why: "the parser gave no answer")
    }
    return confinement
  }

  private func answer(
    about path: String
  ) throws(DocumentError) -> (reply: WorkerReply, text: ArraySlice<UInt8>) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .unreadable(why: systemErrorText(errno)) }
    defer { close(file) }
    guard let encoded = try? JSONEncoder().encode(request) else { throw .malformed(why: "its name") }
    let child = ChildProcess(
      arguments: command, environment: Self.environment(encoded), input: .descriptor(file),
      outputBytes: request.limits.textBytes + Self.replyOverhead,
      deadlineSeconds: request.limits.deadlineSeconds, leadsGroup: true)
    guard relay.start(child) else { throw .cancelled }
    let result = child.run()
    try check(result.ending)
    return try Self.decode(result.output)
  }

  func cancel() { relay.cancel() }

  private static func environment(_ request: Data) -> [String] {
    [
      "LC_ALL=C.UTF-8",
      "SWIFT_BACKTRACE=enable=no",
      "OPENBLAS_NUM_THREADS=1",
      WorkerRequest.variable + "=" + String(decoding: request, as: UTF8.self),
    ]
  }

  private func check(_ ending: ChildProcess.Ending) throws(DocumentError) {
    switch ending {
    case .exited(EX_OK): return
    case .exited(EX_USAGE), .exited(EX_OSERR): throw .unreadable(why: "the parser could not limit itself")
    case .exited(let status): throw .malformed(why: "the parser gave up with status \(status)")
    case .signalled(SIGXCPU), .timedOut: throw .timedOut(seconds: request.limits.deadlineSeconds)
    case .signalled(let signal): throw .malformed(why: "the parser was ended by signal \(signal)")
    case .overflowed: throw .tooLarge(.textBytes, limit: request.limits.textBytes)
    case .cancelled: throw .cancelled
    case .notStarted(let code): throw .unreadable(why: "the parser did not start: \(systemErrorText(code))")
    }
  }

  private static func decode(
    _ output: [UInt8]
  ) throws(DocumentError) -> (reply: WorkerReply, text: ArraySlice<UInt8>) {
    guard let end = output.firstIndex(of: UInt8(ascii: "\n")),
      let reply = try? JSONDecoder().decode(WorkerReply.self, from: Data(output[..<end]))
    else { throw .malformed(why: "the parser gave no answer") }
    if let error = reply.error { throw error }
    return (reply, output[(end + 1)...])
  }
}
