import Dispatch
import FoundationEssentials
import Glibc

/// Reads files into text. Give it the command that runs `DocumentWorker.run()`, and each file is read in a
/// process of its own: a hostile file ends that process and nothing else.
package struct DocumentParser: Sendable {
  private let command: [String]?
  private let limits: DocumentLimits
  private let slots = ParserSlots(count: 2)
  private let queue = DispatchQueue(label: "documents", attributes: .concurrent)

  /// - Parameter command: the executable's absolute path, then arguments.
  package init(command: [String], limits: DocumentLimits = .init()) {
    self.command = command
    self.limits = limits
  }

  /// A parser in this process, without protection: for tests.
  package static func inProcess(limits: DocumentLimits = .init()) -> DocumentParser {
    DocumentParser(limits: limits)
  }

  private init(limits: DocumentLimits) {
    self.command = nil
    self.limits = limits
  }

  /// The text of a file. Two files are read at a time, sixty-four wait for their turn.
  /// - Parameters:
  ///   - name: as the person named it; a hint at the format.
  ///   - mediaType: as the client declared it; a weaker hint.
  package func parse(
    fileAt path: String, named name: String, mediaType: String? = nil
  ) async throws(DocumentError) -> SourceText {
    try await carryOut(WorkerRequest(name: name, mediaType: mediaType, limits: limits), path)
  }

  /// A YAML document as JSON text, its aliases expanded within bounds: for descriptions that strangers wrote.
  package func json(ofYAMLAt path: String) async throws(DocumentError) -> String {
    try await carryOut(WorkerRequest(name: "", limits: limits, work: .yaml), path).text
  }

  private func carryOut(_ request: WorkerRequest, _ path: String) async throws(DocumentError) -> SourceText {
    guard await slots.take() else { throw Task.isCancelled ? .cancelled : .busy }
    let outcome = await read(path, request)
    await slots.give()
    return try outcome.get()
  }

  /// What a parser process cannot do on this machine, found out by starting one. Nil in this process.
  package func confinement() async throws(DocumentError) -> Confinement? {
    guard let command else { return nil }
    let request = WorkerRequest(name: "", limits: limits, work: .probe)
    let process = DocumentProcess(command: command, request: request)
    return try await onQueue { () throws(DocumentError) in try process.probe() }.get()
  }

  private func read(_ path: String, _ request: WorkerRequest) async -> Result<SourceText, DocumentError> {
    if Task.isCancelled { return .failure(.cancelled) }
    guard let command else {
      return await onQueue { () throws(DocumentError) in try request.carryOut(fileAt: path) }
    }
    let process = DocumentProcess(command: command, request: request)
    return await withTaskCancellationHandler {
      await onQueue { () throws(DocumentError) in try process.parse(path) }
    } onCancel: {
      process.cancel()
    }
  }

  /// Off the cooperative threads, which must not block.
  private func onQueue<Answer: Sendable>(
    _ work: @escaping @Sendable () throws(DocumentError) -> Answer
  ) async -> Result<Answer, DocumentError> {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: Result(catching: work)) }
    }
  }
}

/// Lets a few callers in at a time, in the order they came.
actor ParserSlots {
  private var free: Int
  private var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  private var tickets = 0

  /// The queue of uploads is elsewhere; this one only bridges bursts.
  private static let longestQueue = 64

  init(count: Int) {
    free = count
  }

  /// False if too many wait already, or the caller was cancelled while it waited.
  func take() async -> Bool {
    if free > 0 {
      free -= 1
      return true
    }
    guard waiting.count < Self.longestQueue, !Task.isCancelled else { return false }
    tickets += 1
    let ticket = tickets
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiting.append((ticket, $0)) }
    } onCancel: {
      Task { await self.leave(ticket) }
    }
  }

  private func leave(_ ticket: Int) {
    guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
    waiting.remove(at: place).continuation.resume(returning: false)
  }

  func give() {
    if waiting.isEmpty {
      free += 1
    } else {
      waiting.removeFirst().continuation.resume(returning: true)
    }
  }
}
