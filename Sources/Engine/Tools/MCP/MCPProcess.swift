import CSpawn
import Conversation
import Dispatch
import Foundation
import Glibc
import Synchronization

/// The streams of a server that runs on this machine, and its life: a process group of its own, with limits,
/// which ends when its standard input does, or is made to.
///
/// One thread reads, a line at a time, and buries the process; a queue writes. Neither is one of Swift's own
/// threads, which must not block.
final class MCPProcess: Sendable {
  private let process: pid_t
  private let input: Int32
  private let writing = DispatchQueue(label: "mcp writing")
  private let state = Mutex(State())

  private struct State {
    var isRunning = true
    var isInputOpen = true
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  /// What the server sends: called by its reading thread, one after the other.
  struct Receiver: Sendable {
    var line: @Sendable (String) -> Void
    /// A line of its standard error.
    var complaint: @Sendable (String) -> Void
    /// Nothing follows; why, for the person.
    var end: @Sendable (String) -> Void
  }

  static let environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"]
  /// Descriptors it may have open, and bytes of a file it may write.
  private static let descriptors: UInt64 = 1_024
  private static let fileBytes: UInt64 = 4 << 30
  /// Seconds between closing its input, asking it to end, and ending it.
  private static let politeSeconds = 2.0

  /// - Throws: `MCPError.gone` with the reason, when it does not start.
  init(_ launch: MCPLaunch, receiver: Receiver) throws(MCPError) {
    var streams = Streams()
    guard streams.open() else { throw .gone("the system has no descriptors left") }
    var child: pid_t = 0
    let failure = Self.spawn(launch, streams, &child)
    streams.closeChildEnds()
    guard failure == 0 else {
      streams.closeOwnEnds()
      throw .gone("it could not be started: \(String(cString: strerror(failure)))")
    }
    process = child
    input = streams.input.write
    for (resource, value) in [
      (RLIMIT_DATA, UInt64(launch.memoryBytes)), (RLIMIT_NOFILE, Self.descriptors),
      (RLIMIT_FSIZE, Self.fileBytes), (RLIMIT_CORE, 0),
    ] { _ = spawn_limit(child, Int32(resource.rawValue), value) }
    let (output, complaint) = (streams.output.read, streams.complaint.read)
    Foundation.Thread.detachNewThread { self.serve(output, complaint, receiver) }
  }

  /// Sends a line. Nothing is told when it cannot be: then the end is near, and is told.
  func send(_ line: [UInt8]) {
    writing.async {
      Self.blockBrokenPipeSignal()
      guard self.state.withLock({ $0.isInputOpen }) else { return }
      var rest = (line + [0x0A])[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(self.input, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return self.signal(SIGTERM) }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Closes its input, which asks it to end, and sees to it that it does; returns when it has.
  func close() async {
    writing.async { self.closeInput() }
    for (number, wait) in [(SIGTERM, 1.0), (SIGKILL, 2.0)] {
      writing.asyncAfterUnlessBlocked(seconds: wait * Self.politeSeconds) { self.signal(number) }
    }
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.isRunning { state.waiting.append(continuation) }
        return !state.isRunning
      }
      if isOver { continuation.resume() }
    }
  }

  private func closeInput() {
    let isOpen = state.withLock { state in
      defer { state.isInputOpen = false }
      return state.isInputOpen
    }
    if isOpen { Glibc.close(input) }
  }

  /// To all of its group; only while it is not buried, since its number may be another's afterwards.
  private func signal(_ number: Int32) {
    state.withLock { state in
      if state.isRunning { _ = Glibc.kill(-process, number) }
    }
  }

  /// A peer that closes its input must not end this program; only this thread could get the signal.
  private static func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}

// MARK: Read

extension MCPProcess {
  private func serve(_ output: Int32, _ complaint: Int32, _ receiver: Receiver) {
    var streams = [
      LineReader(descriptor: output, longest: MCPLimits.messageBytes, take: receiver.line),
      LineReader(descriptor: complaint, longest: 64 << 10, take: receiver.complaint),
    ]
    // Its standard error may stay open in some child of its own: the end of its output is the end.
    while streams[0].isOpen {
      var polled = streams.map {
        pollfd(fd: $0.isOpen ? $0.descriptor : -1, events: Int16(POLLIN), revents: 0)
      }
      guard poll(&polled, nfds_t(polled.count), -1) > 0 || errno == EINTR else { break }
      for place in streams.indices where polled[place].revents != 0 { streams[place].read() }
    }
    let why = streams[0].isOverlong ? "it sent a line longer than \(MCPLimits.messageBytes) bytes" : nil
    Glibc.close(output)
    Glibc.close(complaint)
    receiver.end(why ?? bury())
    if why != nil { _ = bury() }
  }

  /// Waits for its end, not for ever, ends what is left of its group, and forgets its number.
  private func bury() -> String {
    var info = siginfo_t()
    let deadline = ContinuousClock.now + .seconds(Self.politeSeconds)
    var isKilled = false
    while true {
      info.si_signo = 0
      let outcome = waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT | WNOHANG)
      if (outcome == 0 && info.si_signo == SIGCHLD) || (outcome < 0 && errno != EINTR) { break }
      if ContinuousClock.now >= deadline, !isKilled {
        signal(SIGKILL)
        isKilled = true
      }
      usleep(5_000)
    }
    var status: Int32 = 0
    let waiting = state.withLock { state in
      _ = Glibc.kill(-process, SIGKILL)
      while waitpid(process, &status, 0) < 0 && errno == EINTR {}
      state.isRunning = false
      defer { state.waiting = [] }
      return state.waiting
    }
    writing.async { self.closeInput() }
    for continuation in waiting { continuation.resume() }
    let signal = status & 0x7F
    return signal == 0 ? "it ended with status \((status >> 8) & 0xFF)" : "it was ended by signal \(signal)"
  }
}

extension DispatchQueue {
  /// On another queue: a write that hangs must not hold up what ends it.
  fileprivate func asyncAfterUnlessBlocked(seconds: Double, _ work: @escaping @Sendable () -> Void) {
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: work)
  }
}
