package import Conversation
import Logging

// What a server has, and what it is asked to do.
extension MCPServer {
  /// Its tools; asked for again when it says that they have changed, or after a while.
  func tools() async throws -> [MCPToolDescription] {
    if let list, list.goodUntil > .now { return list.tools }
    let (_, info) = try await ready()
    guard info.hasTools else { return [] }
    let (entries, ttl) = try await pages(of: "tools/list", member: "tools", limit: MCPLimits.tools)
    let tools = entries.compactMap { entry -> MCPToolDescription? in
      let tool = MCPToolDescription(entry)
      if tool == nil { logger.warning("tool left out: its description breaks the protocol's rules") }
      return tool
    }
    let seconds =
      ttl.map { min(max($0, 1), 3_600) } ?? (info.tellsToolChanges ? 3_600 : MCPLimits.listSeconds)
    list = ToolList(tools: tools, goodUntil: .now + .seconds(seconds))
    return tools
  }

  /// All pages of a list, up to a bound, and for how many seconds it is good.
  func pages(
    of method: String, member: String, limit: Int
  ) async throws -> (entries: [JSON], ttlSeconds: Double?) {
    var entries: [JSON] = []
    var cursor: String?
    var ttl: Double?
    for _ in 0..<MCPLimits.pages {
      let result = try await ask(
        MCPRequest(method: method, params: cursor.map { ["cursor": .string($0)] } ?? [:]))
      entries += result[member]?.array ?? []
      ttl = result["ttlMs"]?.number.map { $0 / 1_000 } ?? ttl
      guard let next = result["nextCursor"]?.string, next != cursor, entries.count < limit else { break }
      cursor = next
    }
    return (Array(entries.prefix(limit)), ttl)
  }

  /// Calls a tool.
  /// - Throws: `ToolError`, also for what the server reports as a failure of the tool.
  func call(_ tool: MCPToolDescription, _ arguments: JSON) async throws -> ToolResult {
    var request = MCPRequest(
      method: "tools/call", params: ["name": .string(tool.name), "arguments": arguments],
      mirrored: tool.headers(for: arguments))
    let report = ToolProgress.watchers.tell
    for _ in 0..<MCPLimits.retries {
      let result = try await ask(request) { method, params in
        guard method == "notifications/progress", let progress = params["progress"]?.number else { return }
        report?(progress, params["total"]?.number, params["message"]?.string)
      }
      switch result["resultType"]?.string ?? "complete" {
      case "complete": return try MCPResult.toolResult(result, promised: tool.output, of: title)
      case "input_required":
        // Without questions it only wants its own note back; questions were never offered an answer.
        guard result["inputRequests"]?.object?.isEmpty ?? true, let note = result["requestState"] else {
          throw ToolError("\(title) asks for something that cannot be answered from here.")
        }
        request.params["requestState"] = note
      case _: throw ToolError("\(title) sent a kind of result that is not known here.")
      }
    }
    throw ToolError("\(title) asked again and again to be called again.")
  }

  /// What a resource holds, as text.
  func resource(_ uri: String) async throws -> String {
    try await contents(of: uri).map(MCPResult.contents).joined(separator: "\n\n")
  }

  /// What a resource holds, as the server sends it: each part has `text`, or bytes in base64 as `blob`.
  package func contents(of uri: String) async throws -> [JSON] {
    try await ask(MCPRequest(method: "resources/read", params: ["uri": .string(uri)]))["contents"]?.array
      ?? []
  }

  /// Whether it has resources; many servers only say that they might.
  func hasSomethingToRead() async throws -> Bool {
    if let known = list?.hasResources { return known }
    let found = try await !resources().isEmpty
    list?.hasResources = found
    return found
  }

  package func resources() async throws -> [JSON] {
    guard try await ready().1.hasResources else { return [] }
    return try await pages(of: "resources/list", member: "resources", limit: 1_000).entries
  }

  package func prompts() async throws -> [JSON] {
    guard try await ready().1.hasPrompts else { return [] }
    return try await pages(of: "prompts/list", member: "prompts", limit: 1_000).entries
  }

  /// A prompt's messages, with its arguments filled in.
  package func prompt(_ name: String, _ arguments: JSON) async throws -> JSON {
    try await ask(
      MCPRequest(method: "prompts/get", params: ["name": .string(name), "arguments": arguments]))
  }
}
