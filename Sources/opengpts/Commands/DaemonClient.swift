import ArgumentParser
import Conversation
import Foundation
import Logging
import Server
import Transport

/// Talks to the daemon as any client does.
///
/// When none answers at the configured address, one is started inside this process for as long as the command
/// runs: so there is one way to ask and to ingest, whether the service runs or not.
struct DaemonClient: Sendable {
  private let base: String
  private let http: HTTPClient
  private let key: @Sendable () -> String?

  /// - Parameters:
  ///   - base: scheme, host and port.
  ///   - key: an API key to show; nil where everybody is believed.
  init(base: String, http: HTTPClient, key: @escaping @Sendable () -> String? = { nil }) {
    self.base = base
    self.http = http
    self.key = key
  }

  /// The key of the environment, else the one the daemon keeps in its data directory for whoever can read it.
  private static func key(_ settings: Settings) -> @Sendable () -> String? {
    guard settings.identity.type != .noop else { return { nil } }
    let path = ControlKey.path(in: settings.dataDirectory)
    return {
      let given = ProcessInfo.processInfo.environment["OPENGPTS_API_KEY"]
      let kept = given ?? (try? String(contentsOfFile: path, encoding: .utf8))
      return kept?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  /// Runs the command's work with a client of a running daemon.
  static func with(
    _ settings: Settings, _ body: @escaping @Sendable (DaemonClient) async throws -> Void
  ) async throws {
    // By its key, as no certificate is good for the address of loopback.
    let pin = try settings.certificate.map { files in try CertificatePair(files).pin }
    let http = HTTPClient(policy: .trusted, pinnedKey: pin)
    let base = "\(pin == nil ? "http" : "https")://\(settings.listen)"
    let running = DaemonClient(base: base, http: http, key: key(settings))
    if await running.isReady {
      try await body(running)
    } else {
      try await withOwnDaemon(settings, http: http, body)
    }
    await http.shutdown()
  }

  private static func withOwnDaemon(
    _ settings: Settings, http: HTTPClient, _ body: @escaping @Sendable (DaemonClient) async throws -> Void
  ) async throws {
    let logger = ProgramLog.logger(level: .error)
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let daemon = try Daemon.opened(settings: settings.listeningOnAnyPort, logger: logger) { bound, _ in
      port.yield(bound)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await daemon.run(stopsOnSignals: false) }
      group.addTask {
        for await bound in ports.prefix(1) {
          try await body(
            DaemonClient(base: "http://127.0.0.1:\(bound)", http: http, key: key(settings)))
        }
      }
      // Whichever ends first ends the other: the work, or a daemon that could not start.
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Whether a daemon answers there, with all it needs.
  var isReady: Bool {
    get async {
      let request = HTTPRequest(
        url: base + "/readyz", deadlines: Deadlines(connectSeconds: 1, firstByteSeconds: 2))
      return (try? await http.fetch(request).head.status) == 200
    }
  }

  // MARK: Asking

  /// - Throws: `CommandFailure` with what the daemon said, when it refuses.
  func fetch(
    _ method: String = "GET", _ path: String, json: JSON? = nil
  ) async throws -> JSON {
    let (head, body) = try await http.fetch(try request(method, path, json: json))
    let reply = try? JSON(parsing: body)
    guard (200..<300).contains(head.status) else { throw CommandFailure(status: head.status, reply: reply) }
    return reply ?? nil
  }

  /// The events of a stream, as they come.
  func events(_ path: String, json: JSON) async throws -> ServerSentEvents {
    try await http.events(try request("POST", path, json: json))
  }

  /// Sends a file as knowledge of an assistant.
  /// - Returns: the number of chunks it gave.
  func ingest(_ file: URL, into assistant: String) async throws -> Int {
    let boundary = "opengpts-\(UUID().uuidString)"
    let config: JSON = ["configurable": ["assistant_id": .string(assistant)]]
    let name = file.lastPathComponent.replacing("\"", with: "%22").replacing("\n", with: " ")
    var body = Data(
      """
      --\(boundary)\r\nContent-Disposition: form-data; name="config"\r\n\r\n\(config.text)\r\n\
      --\(boundary)\r\nContent-Disposition: form-data; name="files"; filename="\(name)"\r\n\r\n
      """.utf8)
    body.append(try Data(contentsOf: file))
    body.append(Data("\r\n--\(boundary)--\r\n".utf8))
    var request = HTTPRequest("POST", url: base + "/ingest", body: Array(body))
    request.headers =
      identification + [
        HTTPHeader("Content-Type", "multipart/form-data; boundary=\(boundary)")
      ]
    request.deadlines.firstByteSeconds = 600
    let (head, reply) = try await http.fetch(request)
    guard head.status == 200 else {
      throw CommandFailure(status: head.status, reply: try? JSON(parsing: reply))
    }
    return try JSON(parsing: reply)[0]?.array?.count ?? 0
  }

  private func request(_ method: String, _ path: String, json: JSON?) throws -> HTTPRequest {
    let body = try json.map { Array(try JSON.encoded($0)) }
    let headers = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
    return HTTPRequest(method, url: base + path, headers: headers + identification, body: body)
  }

  private var identification: [HTTPHeader] {
    key().map { [HTTPHeader("X-API-Key", $0)] } ?? []
  }

  /// The assistant of that name; without a name, the one that was changed last.
  /// - Throws: `CommandFailure`, naming those there are.
  func assistant(named name: String?) async throws -> JSON {
    let assistants = try await fetch("GET", "/assistants/").array ?? []
    let newestFirst = assistants.sorted {
      ($0["updated_at"]?.string ?? "") > ($1["updated_at"]?.string ?? "")
    }
    if let found = newestFirst.first(where: { name == nil || $0["name"]?.string == name }) { return found }
    let names = newestFirst.compactMap { $0["name"]?.string }.joined(separator: ", ")
    throw CommandFailure(
      message: names.isEmpty
        ? "There is no assistant yet. Make one in the page, or with `opengpts ingest PATH --assistant NAME --create`."
        : "There is no assistant called \"\(name ?? "")\". There are: \(names).")
  }
}

/// Why a command could not do what it was asked, for the person who typed it.
struct CommandFailure: Error, CustomStringConvertible {
  let message: String

  init(message: String) {
    self.message = message
  }

  /// From the daemon's own words, where it has some.
  init(status: Int, reply: JSON?) {
    message =
      reply?["detail"]?.string
      ?? "The daemon refused (status \(status))\(reply.map { ": \($0.text)" } ?? "")."
  }

  var description: String { message }
}
