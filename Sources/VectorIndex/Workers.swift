import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs a loop on a few threads and waits for it.
///
/// Plain threads, not tasks: this work fills a core for seconds, and Swift's own threads are for
/// those who wait in short turns.
enum Workers {
  /// Calls `body` once for each index, in no order, on up to `threadCount` threads.
  ///
  /// - Parameter grain: indices handed out at a time: enough to make taking them cheap, few enough to end together.
  static func run(_ indices: Range<Int>, threadCount: Int, grain: Int = 8, _ body: @Sendable (Int) -> Void) {
    let helperCount = min(threadCount, indices.count / (2 * grain)) - 1
    guard helperCount > 0 else {
      for index in indices { body(index) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let job = Job(indices: indices, grain: grain, body: body)
      let threads = (0..<helperCount).compactMap { _ in start(job) }
      job.work()
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  private final class Job: Sendable {
    let indices: Range<Int>
    let grain: Int
    let body: @Sendable (Int) -> Void
    let next: Atomic<Int>

    init(indices: Range<Int>, grain: Int, body: @escaping @Sendable (Int) -> Void) {
      self.indices = indices
      self.grain = grain
      self.body = body
      next = Atomic(indices.lowerBound)
    }

    func work() {
      while true {
        let start = next.wrappingAdd(grain, ordering: .relaxed).oldValue
        guard start < indices.upperBound else { return }
        for index in start..<min(start + grain, indices.upperBound) { body(index) }
      }
    }
  }

  /// Starts a thread on the job; nil when the system has none to give, and then the others do its share.
  private static func start(_ job: Job) -> pthread_t? {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(job).toOpaque()
    guard pthread_create(&thread, nil, main, argument) == 0 else {
      Unmanaged<Job>.fromOpaque(argument).release()
      return nil
    }
    return thread
  }

  private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { job in
    if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().work() }
    return nil
  }
}
