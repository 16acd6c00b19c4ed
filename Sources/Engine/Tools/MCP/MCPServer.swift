import Conversation
package import Logging
package import Transport

/// One server of the Model Context Protocol: connected, kept connected, and asked.
///
/// It owns the connection and the list of tools. A server that ends is started again, later each time it
/// does so soon.
package actor MCPServer {
  package nonisolated let configuration: MCPConfiguration
  private let client: HTTPClient
  private let version: String
  let logger: Logger
  private let greetingSeconds: Double

  private var state = State.starting
  var list: ToolList?
  private var waiting: [CheckedContinuation<Void, Never>] = []
  /// The server has only forgotten the session: nothing is wrong with it.
  private var isSessionLost = false

  private enum State {
    case starting
    case ready(any MCPChannel, MCPServerInfo)
    /// It failed; another attempt follows.
    case resting(reason: String)
  }

  struct ToolList {
    var tools: [MCPToolDescription]
    /// Whether there are resources too; nil until somebody asks.
    var hasResources: Bool?
    var goodUntil: ContinuousClock.Instant
  }

  /// - Parameters:
  ///   - client: for servers behind HTTP.
  ///   - version: of this program, as servers are told.
  ///   - greetingSeconds: for each of the first questions to it.
  package init(
    _ configuration: MCPConfiguration, client: HTTPClient, version: String, logger: Logger,
    greetingSeconds: Double = MCPLimits.connectSeconds
  ) {
    self.configuration = configuration
    self.greetingSeconds = greetingSeconds
    self.client = client
    self.version = version
    var logger = logger
    logger[metadataKey: "mcp"] = "\(configuration.name)"
    self.logger = logger
  }

  // MARK: Life

  /// Keeps the server connected until the task is cancelled; then closes it.
  package func run() async {
    var failures = 0
    while !Task.isCancelled {
      let begun = ContinuousClock.now
      let reason = await serve()
      guard !Task.isCancelled else { break }
      if isSessionLost {
        isSessionLost = false
        continue
      }
      failures = ContinuousClock.now - begun > .seconds(MCPLimits.forgivenSeconds) ? 1 : failures + 1
      let wait = Self.backoffSeconds(failures: failures)
      logger.warning("tool server not available", metadata: ["cause": "\(reason)", "again_s": "\(wait)"])
      become(.resting(reason: reason))
      try? await Task.sleep(for: .seconds(wait))
    }
    become(.resting(reason: "this server is stopping"))
  }

  static func backoffSeconds(failures: Int) -> Double {
    let bounds = MCPLimits.backoffSeconds
    return min(bounds.upperBound, bounds.lowerBound * Double(1 << min(failures - 1, 10)))
  }

  /// Connects and stays so; returns why it is over.
  private func serve() async -> String {
    become(.starting)
    let channel: any MCPChannel
    do {
      channel = try connect()
    } catch {
      return words(error)
    }
    let reason: String
    do {
      let info = try await MCPGreeting(channel: channel, clientVersion: version, seconds: greetingSeconds)
        .greet(speaking: configuration.version)
      logger.info("tool server connected", metadata: ["protocol": "\(info.era.version)"])
      list = nil
      become(.ready(channel, info))
      reason = await watch(channel, info)
    } catch {
      reason = words(error)
    }
    await channel.close()
    return reason
  }

  private func connect() throws(MCPError) -> any MCPChannel {
    switch configuration.transport {
    case .process(let launch):
      return try MCPStdioChannel(launch, clientVersion: version, logger: logger) { [weak self] method, _ in
        self?.hear(method)
      }
    case .http(let url, let headers):
      return MCPHTTPChannel(
        url: url, headers: headers.map { HTTPHeader($0.name, $0.value) }, client: client,
        clientVersion: version)
    }
  }

  /// Hears of changes until the channel ends.
  private func watch(_ channel: any MCPChannel, _ info: MCPServerInfo) async -> String {
    await withTaskGroup(of: Void.self) { group in
      if info.tellsToolChanges {
        group.addTask { await self.listen(on: channel, info) }
      }
      let reason = await channel.ending.reason
      group.cancelAll()
      return reason
    }
  }

  /// A stream that ends is opened again after a while; a server that has none is asked again now and then
  /// anyway, since lists are believed for a time only.
  private func listen(on channel: any MCPChannel, _ info: MCPServerInfo) async {
    let hear: @Sendable (String, JSON) -> Void = { [weak self] method, _ in self?.hear(method) }
    while !Task.isCancelled {
      do {
        switch info.era {
        case .stateless:
          var request = MCPRequest(
            method: "subscriptions/listen", params: ["notifications": ["toolsListChanged": true]])
          request.isListening = true
          _ = try await channel.result(of: request, in: info.era, onNotification: hear)
        case .session: try await channel.listen(in: info.era, onNotification: hear)
        }
      } catch {
        logger.debug("tool server tells of no changes", metadata: ["cause": "\(error)"])
      }
      list = nil
      try? await Task.sleep(for: .seconds(MCPLimits.listSeconds))
    }
  }

  private nonisolated func hear(_ method: String) {
    guard method == "notifications/tools/list_changed" else { return }
    Task { await self.forgetTools() }
  }

  private func forgetTools() { list = nil }

  private func become(_ new: State) {
    state = new
    if case .starting = new { return }
    for waiter in waiting { waiter.resume() }
    waiting = []
  }

  // MARK: Asking

  /// - Throws: `ToolError` when it is not there, also after some seconds.
  func ready() async throws -> (any MCPChannel, MCPServerInfo) {
    if case .starting = state {
      // The waiters are woken as soon as it is ready or has failed; the greeting has its own deadline.
      await withCheckedContinuation { waiting.append($0) }
    }
    switch state {
    case .ready(let channel, let info): return (channel, info)
    case .starting: throw ToolError("\(title) is still starting. Try again in a moment.")
    case .resting(let reason):
      throw ToolError("\(title) is not available: \(reason). It is tried again by itself.")
    }
  }

  var title: String { "The tool server \(configuration.name)" }

  /// The result of a request. A session that the server has forgotten is begun anew, once: it did nothing then.
  func ask(
    _ request: MCPRequest, onNotification: @escaping @Sendable (String, JSON) -> Void = { _, _ in }
  ) async throws -> JSON {
    var (channel, info) = try await ready()
    for attempt in 0... {
      do {
        let result = try await channel.result(of: request, in: info.era, onNotification: onNotification)
        return result
      } catch MCPError.sessionLost where attempt == 0 {
        isSessionLost = true
        become(.starting)
        channel.ending.finish("it has forgotten the session")
        (channel, info) = try await ready()
      } catch let error as MCPError {
        throw ToolError("\(title): \(words(error)).")
      }
    }
    throw ToolError("\(title) has forgotten the session.")
  }

  private nonisolated func words(_ error: any Error) -> String {
    switch error {
    case MCPError.gone(let reason): reason
    case MCPError.timedOut: "it did not answer in time"
    case MCPError.malformed: "what it sent could not be understood"
    case MCPError.tooLarge: "it sent more than is read"
    case MCPError.sessionLost: "it has forgotten the session"
    case MCPError.refused(let failure):
      "it refused (\(failure.code)): \(failure.message.cut(toCharacters: 300))"
    case let error as ToolError: error.message
    case _: "it failed"
    }
  }
}

// MARK: State

/// How a server is, for people.
package struct MCPStatus: Codable, Sendable, Equatable {
  package var name: String
  package var state: State
  /// The version of the protocol, or what is wrong.
  package var detail: String
  /// What it offers people beside tools.
  package var prompts = false
  package var resources = false

  package enum State: String, Codable, Sendable, CaseIterable {
    case starting, ready, failed
  }
}

extension MCPServer {
  package var status: MCPStatus {
    switch state {
    case .starting: MCPStatus(name: configuration.name, state: .starting, detail: "")
    case .ready(_, let info):
      MCPStatus(
        name: configuration.name, state: .ready, detail: info.era.version, prompts: info.hasPrompts,
        resources: info.hasResources)
    case .resting(let reason): MCPStatus(name: configuration.name, state: .failed, detail: reason)
    }
  }

}
