import Conversation
import Dispatch
import Foundation
import Logging
import VectorIndex

/// The files of large vector indexes: a cache of what takes minutes to build. SQLite holds the truth; a file
/// that is lost, damaged or of another version costs time and nothing else.
final class IndexCache: Sendable {
  /// Where the files lie: one for each namespace, embedding model and set of parameters.
  private let directory: URL
  private let parameters: VectorIndex.Parameters
  let space: VectorSpace
  private let logger: Logger
  /// Writes, checks and deletes files, one at a time: two writers would spoil the file that each writes aside.
  private let queue = DispatchQueue(label: "index.files", qos: .utility)

  init(directory: String, parameters: VectorIndex.Parameters, space: VectorSpace, logger: Logger) {
    self.directory = URL(filePath: directory, directoryHint: .isDirectory)
    self.parameters = parameters
    self.space = space
    self.logger = logger
  }

  func emptyIndex() throws(IndexError) -> VectorIndex {
    try VectorIndex(dimensions: space.dimensions, metric: .cosine, parameters: parameters)
  }

  /// From this many vectors on an index is worth a file.
  var leastCount: Int { parameters.exactLimit }

  /// The index as it was saved; nil when there is none that can be used. Takes milliseconds, reading the disk.
  func open(_ namespace: Namespace) -> VectorIndex? {
    let index = open(path(of: namespace), of: namespace)
    return index?.parameters == parameters ? index : nil
  }

  /// The index that was last saved with other parameters: it can serve until one with these is built.
  func openPredecessor(_ namespace: Namespace) -> VectorIndex? {
    for path in predecessors(of: namespace) {
      if let index = open(path, of: namespace) { return index }
    }
    return nil
  }

  private func open(_ path: String, of namespace: Namespace) -> VectorIndex? {
    do throws(IndexError) {
      let index = try VectorIndex(path: path, threadCount: parameters.threadCount)
      return index.dimensions == space.dimensions && index.metric == .cosine ? index : nil
    } catch {
      if error != .file(operation: "open", code: ENOENT) { warn(namespace, error) }
      return nil
    }
  }

  /// Saves what `open` is an index of, after what is being written now, unless it is closed by then.
  func save(_ open: OpenIndex) {
    queue.async { [self] in
      guard !open.isClosed else { return }
      do {
        try FileManager.default.createDirectory(
          at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try open.save(to: path(of: open.namespace))
      } catch {
        logger.warning(
          "index not saved; tried again when it has changed more",
          metadata: ["namespace": "\(open.namespace)", "cause": "\(error)"])
      }
    }
  }

  /// Reads all of the file of `open`. A damaged one is deleted before `whenDamaged` is called.
  func verify(_ open: OpenIndex, whenDamaged: @escaping @Sendable () -> Void) {
    queue.async { [self] in
      do throws(IndexError) {
        try VectorIndex.verifyFile(path(of: open.namespace))
      } catch {
        // Deleted meanwhile with its namespace, or out of reach: what is mapped stays.
        if case .file = error { return }
        warn(open.namespace, error)
        // Before the next save, which would seal the damage under right checksums.
        open.close()
        remove(open.namespace)
        whenDamaged()
      }
    }
  }

  func delete(_ namespace: Namespace) {
    queue.async { [self] in
      for name in names where name.hasPrefix(Self.stem(of: namespace) + ".") {
        try? FileManager.default.removeItem(at: directory.appending(path: name))
      }
    }
  }

  /// Deletes the files of earlier parameters but the last of them, which is the way back.
  func retirePredecessors(of namespace: Namespace) {
    queue.async { [self] in
      for path in predecessors(of: namespace).dropFirst() {
        try? FileManager.default.removeItem(atPath: path)
      }
    }
  }

  /// Deletes every file but those of these models and namespaces.
  func keepOnly(
    models: Set<String>, _ isKept: @escaping @Sendable (Namespace) async throws -> Bool
  ) async throws {
    let marks = models.map(Self.mark(of:))
    for name in names {
      if let namespace = namespace(of: name), marks.contains(where: name.contains),
        try await isKept(namespace)
      {
        continue
      }
      queue.async { [directory] in
        try? FileManager.default.removeItem(at: directory.appending(path: name))
      }
    }
  }

  /// Returns when everything that was asked for before is done.
  func finish() async {
    await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
  }

  // MARK: Names

  func path(of namespace: Namespace) -> String {
    directory.appending(path: Self.stem(of: namespace) + ending).path
  }

  private var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
  }

  /// The part of a file's name that tells whose vectors it has.
  private var mark: String { Self.mark(of: space.model) }

  private static func mark(of model: String) -> String {
    ".\(String(model.map { $0.isLetter || $0.isNumber || "-._".contains($0) ? $0 : "_" }))."
  }

  private static let suffix = ".index"

  private var ending: String {
    let precision = parameters.precision.rawValue
    return mark + "m\(parameters.linksPerRow)-ef\(parameters.buildWidth)-\(precision)" + Self.suffix
  }

  /// Files of this model and other parameters, the newest first.
  private func predecessors(of namespace: Namespace) -> [String] {
    let start = Self.stem(of: namespace) + mark
    let paths = names.filter { $0.hasPrefix(start) && $0.hasSuffix(Self.suffix) && !$0.hasSuffix(ending) }
      .map { directory.appending(path: $0).path }
    func changed(_ path: String) -> Date {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return attributes?[.modificationDate] as? Date ?? .distantPast
    }
    return paths.map { (path: $0, changed: changed($0)) }.sorted { $0.changed > $1.changed }.map(\.path)
  }

  private static func stem(of namespace: Namespace) -> String {
    switch namespace {
    case .assistant(let id): "assistant-\(id)"
    case .thread(let id): "thread-\(id)"
    case .collection(let id): "collection-\(id)"
    }
  }

  private func namespace(of name: String) -> Namespace? {
    guard let end = name.firstIndex(of: "."), name.hasSuffix(Self.suffix) else { return nil }
    let parts = name[..<end].split(separator: "-", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    return switch parts[0] {
    case "assistant": Identifier(parts[1]).map(Namespace.assistant)
    case "thread": Identifier(parts[1]).map(Namespace.thread)
    case "collection": Identifier(parts[1]).map(Namespace.collection)
    default: nil
    }
  }

  private func remove(_ namespace: Namespace) {
    try? FileManager.default.removeItem(atPath: path(of: namespace))
  }

  private func warn(_ namespace: Namespace, _ error: IndexError) {
    logger.warning(
      "index file not usable; built again from the database",
      metadata: ["namespace": "\(namespace)", "cause": "\(error)"])
  }
}
