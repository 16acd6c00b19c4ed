import CArchive
import CSpawn
import Glibc
import Synchronization

/// A program that runs once, under a deadline and with bounded output.
///
/// `posix_spawn` and never `fork`, since the caller has threads and open databases; the child inherits its
/// three standard streams and nothing else.
final class ChildProcess: Sendable {
  enum Ending: Equatable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
    case overflowed
    case cancelled
    case notStarted(Int32)
  }

  struct Result {
    var ending: Ending
    var output: [UInt8] = []
    /// The first bytes of what it wrote to standard error.
    var complaint: [UInt8] = []
  }

  /// What the child reads from its standard input.
  enum Input: Sendable {
    case nothing
    /// Stays the caller's.
    case descriptor(Int32)
    case bytes([UInt8])
  }

  private let arguments: [String]
  private let environment: [String]
  private let input: Input
  private let outputBytes: Int
  private let deadlineSeconds: Int
  private let leadsGroup: Bool
  private let state = Mutex(State.idle)

  private enum State {
    case idle
    case running(pid_t)
    case cancelled
  }

  /// - Parameters:
  ///   - arguments: the program's absolute path, then its arguments.
  ///   - environment: all of it, as `NAME=value`.
  ///   - leadsGroup: whether it gets a process group, which is then killed as a whole.
  init(
    arguments: [String], environment: [String], input: Input = .nothing, outputBytes: Int,
    deadlineSeconds: Int, leadsGroup: Bool
  ) {
    self.arguments = arguments
    self.environment = environment
    self.input = input
    self.outputBytes = outputBytes
    self.deadlineSeconds = deadlineSeconds
    self.leadsGroup = leadsGroup
  }

  /// Blocks the calling thread until the child has ended, at most a little longer than the deadline.
  func run() -> Result {
    var pipes = Pipes()
    defer { pipes.closeAll() }
    if let failure = pipes.open(withInput: hasBytes) { return Result(ending: .notStarted(failure)) }
    let deadline = ContinuousClock.now + .seconds(deadlineSeconds)
    var child: pid_t = 0
    let failure = spawn(pipes, &child)
    if failure != 0 { return Result(ending: .notStarted(failure)) }
    pipes.closeChildEnds()
    let isCancelled = state.withLock { state in
      if case .cancelled = state { return true }
      state = .running(child)
      return false
    }
    if isCancelled { kill(child) }
    var result = Result(ending: .exited(0))
    let interruption = exchange(&pipes, into: &result, until: deadline)
    if interruption != nil { kill(child) }
    let ending = reap(child, until: deadline)
    result.ending = interruption ?? ending
    if case .cancelled = state.withLock({ $0 }) { result.ending = .cancelled }
    return result
  }

  /// Ends the child, now or as soon as it starts. Any thread may call it, at any time.
  func cancel() {
    state.withLock { state in
      if case .running(let child) = state { kill(child) }
      state = .cancelled
    }
  }

  private func kill(_ child: pid_t) {
    _ = Glibc.kill(leadsGroup ? -child : child, SIGKILL)
  }

  // MARK: Start

  private func spawn(_ pipes: Pipes, _ child: inout pid_t) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    switch input {
    case .descriptor(let input): posix_spawn_file_actions_adddup2(&actions, input, 0)
    case .bytes: posix_spawn_file_actions_adddup2(&actions, pipes.input.read, 0)
    case .nothing: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, pipes.output.write, 1)
    posix_spawn_file_actions_adddup2(&actions, pipes.complaint.write, 2)
    spawn_close_from(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (leadsGroup ? POSIX_SPAWN_SETPGROUP : 0)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    posix_spawnattr_setpgroup(&attributes, 0)
    guard let path = arguments.first else { return EINVAL }
    return withCStrings(arguments) { arguments in
      withCStrings(environment) { environment in
        posix_spawn(&child, path, &actions, &attributes, arguments, environment)
      }
    }
  }

  private var hasBytes: Bool {
    if case .bytes = input { true } else { false }
  }

  // MARK: Read and write

  /// Feeds the child and reads until both its streams end. Returns why it stopped early, if it did.
  private func exchange(
    _ pipes: inout Pipes, into result: inout Result, until deadline: ContinuousClock.Instant
  ) -> Ending? {
    var feed = Feed(input, into: pipes.input.write)
    defer { pipes.closeInput() }
    var polled = [
      pollfd(fd: pipes.output.read, events: Int16(POLLIN), revents: 0),
      pollfd(fd: pipes.complaint.read, events: Int16(POLLIN), revents: 0),
      pollfd(fd: pipes.input.write, events: Int16(POLLOUT), revents: 0),
    ]
    var piece = [UInt8](repeating: 0, count: 65_536)
    while polled[..<2].contains(where: { $0.fd >= 0 }) {
      let left = (deadline - .now).milliseconds
      if left <= 0 { return .timedOut }
      if poll(&polled, nfds_t(polled.count), Int32(clamping: left)) <= 0 { continue }
      if polled[2].fd >= 0, polled[2].revents != 0, !feed.push() {
        polled[2].fd = -1
        pipes.closeInput()
      }
      for stream in 0..<2 where polled[stream].fd >= 0 && polled[stream].revents != 0 {
        let count = Glibc.read(polled[stream].fd, &piece, piece.count)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 {
          polled[stream].fd = -1
        } else if stream == 0 {
          result.output.append(contentsOf: piece[..<count])
          if result.output.count > outputBytes { return .overflowed }
        } else {
          result.complaint.append(
            contentsOf: piece[..<min(count, Self.complaintBytes - result.complaint.count)])
        }
      }
    }
    return nil
  }

  /// Enough for a message, too little to flood us.
  private static let complaintBytes = 4096

  // MARK: End

  /// Waits for the end without forgetting the child's number, kills what is left of its group, then forgets
  /// it.
  private func reap(_ child: pid_t, until deadline: ContinuousClock.Instant) -> Ending {
    var info = siginfo_t()
    var isLate = false
    while true {
      info.si_signo = 0
      let outcome = waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT | WNOHANG)
      if outcome == 0 && info.si_signo == SIGCHLD { break }
      if outcome < 0 && errno != EINTR { break }
      if ContinuousClock.now >= deadline {
        if isLate && !leadsGroup { return .timedOut }
        kill(child)
        isLate = true
      }
      usleep(1000)
    }
    var status: Int32 = 0
    state.withLock { state in
      if leadsGroup { kill(child) }
      while waitpid(child, &status, 0) < 0 && errno == EINTR {}
      if case .running = state { state = .idle }
    }
    if isLate { return .timedOut }
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }
}

/// Bytes on their way into a pipe, as fast as it takes them.
private struct Feed {
  private let bytes: [UInt8]
  private var place = 0
  private let descriptor: Int32

  init(_ input: ChildProcess.Input, into descriptor: Int32) {
    if case .bytes(let bytes) = input { self.bytes = bytes } else { bytes = [] }
    self.descriptor = descriptor
  }

  /// Writes what there is room for.
  /// - Returns: false when all is written, or nobody reads any more.
  mutating func push() -> Bool {
    let count = bytes[place...].withUnsafeBytes { documents_write(descriptor, $0.baseAddress, $0.count) }
    if count < 0 { return errno == EAGAIN || errno == EINTR }
    place += count
    return place < bytes.count
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
