import Conversation

/// How a server is spoken to. It is a property of the server, found out once by asking it.
///
/// Since 2026-07-28 every request carries the protocol's version and the client's abilities; before, a
/// handshake agreed on them once and a session kept them.
enum MCPEra: Sendable, Equatable {
  case stateless
  case session(version: String)

  static let statelessVersion = "2026-07-28"
  /// The newest with a handshake first.
  static let sessionVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

  var version: String {
    switch self {
    case .stateless: Self.statelessVersion
    case .session(let version): version
    }
  }
}

/// The errors that only a server of the newer era sends.
enum MCPErrorCode {
  static let headerMismatch = -32020
  static let missingClientCapability = -32021
  static let unsupportedVersion = -32022
}

/// A request before it has an id.
struct MCPRequest: Sendable {
  var method: String
  var params: [String: JSON] = [:]
  /// Arguments that the server wants in headers too.
  var mirrored: [String: String] = [:]
  /// Seconds until the answer has to be there.
  var seconds = MCPLimits.requestSeconds
  /// Nothing is expected but notifications, for as long as the server likes.
  var isListening = false

  /// The parameters as they are sent in that era. The token asks for news of its progress.
  func params(in era: MCPEra, id: Int, clientVersion: String) -> JSON {
    var params = params
    var meta = params["_meta"]?.object ?? [:]
    if method == "tools/call" { meta["progressToken"] = .integer(id) }
    if era == .stateless {
      meta["io.modelcontextprotocol/protocolVersion"] = .string(MCPEra.statelessVersion)
      meta["io.modelcontextprotocol/clientInfo"] = Self.clientInfo(version: clientVersion)
      meta["io.modelcontextprotocol/clientCapabilities"] = [:]
    }
    if !meta.isEmpty { params["_meta"] = .object(meta) }
    return .object(params)
  }

  static func clientInfo(version: String) -> JSON {
    ["name": "opengpts", "version": .string(version)]
  }

  /// The handshake of the older era.
  static func initialize(speaking version: String, clientVersion: String) -> MCPRequest {
    MCPRequest(
      method: "initialize",
      params: [
        "protocolVersion": .string(version), "capabilities": [:],
        "clientInfo": clientInfo(version: clientVersion),
      ], seconds: MCPLimits.connectSeconds)
  }

  /// Asks which versions a server speaks; one of the older era does not know the question.
  static let discover = MCPRequest(method: "server/discover", seconds: MCPLimits.connectSeconds)

  /// What a request is about, as the `Mcp-Name` header repeats it.
  var subject: String? {
    switch method {
    case "tools/call", "prompts/get": params["name"]?.string
    case "resources/read": params["uri"]?.string
    case _: nil
    }
  }
}

/// What a server said of itself.
struct MCPServerInfo: Sendable, Equatable {
  var era: MCPEra
  var name: String
  var version: String
  var instructions: String
  var hasTools: Bool
  var hasResources: Bool
  var hasPrompts: Bool
  /// It tells when its list of tools changes.
  var tellsToolChanges: Bool

  /// From the answer to `server/discover` or `initialize`.
  init(_ result: JSON, era: MCPEra) {
    self.era = era
    let info = result["serverInfo"] ?? result["_meta"]?["io.modelcontextprotocol/serverInfo"]
    let capabilities = result["capabilities"]
    name = info?["title"]?.string ?? info?["name"]?.string ?? ""
    version = info?["version"]?.string ?? ""
    instructions = result["instructions"]?.string ?? ""
    hasTools = capabilities?["tools"] != nil
    hasResources = capabilities?["resources"] != nil
    hasPrompts = capabilities?["prompts"] != nil
    tellsToolChanges = capabilities?["tools"]?["listChanged"]?.bool == true
  }
}

/// Why a server did not do what it was asked.
enum MCPError: Error, Sendable, Equatable {
  /// It answered with an error.
  case refused(JSONRPC.Failure)
  /// It is not there, or no longer; the words are for the person.
  case gone(String)
  case timedOut
  /// What came is not the protocol.
  case malformed
  /// More came than is read.
  case tooLarge
  /// It has forgotten the session: begin anew.
  case sessionLost

  /// Whether a server may have failed so because it does not know the newer era.
  var mayMeanOlder: Bool {
    switch self {
    case .refused, .timedOut, .malformed: true
    case .gone, .tooLarge, .sessionLost: false
    }
  }
}

/// The bounds of the Model Context Protocol here.
enum MCPLimits {
  /// Seconds for one request: a little less than a whole tool call may take, so that the cause can be told.
  static let requestSeconds = 57.0
  /// Seconds for the first questions to a server; many start an interpreter before they answer.
  static let connectSeconds = 30.0
  /// Bytes of one message: an image as base64, with room to spare.
  static let messageBytes = 16 << 20
  /// Pages of a list that are read.
  static let pages = 20
  /// Tools of one server: more would fill a model's context.
  static let tools = 128
  /// Requests to one server that wait at once.
  static let openRequests = 64
  /// Seconds a list of tools is believed where the server tells of no changes and names no time.
  static let listSeconds = 60.0
  /// Seconds between two attempts to start a server: the first, and the longest.
  static let backoffSeconds = 1.0...60.0
  /// Seconds a server that has run so long is forgiven its earlier failures.
  static let forgivenSeconds = 300.0
  /// Times a request is sent again because the server asked for that.
  static let retries = 3
}
