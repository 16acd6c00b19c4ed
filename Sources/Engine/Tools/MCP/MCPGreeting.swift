import Conversation

/// Finds out which era a server is of, by the newer one's first question; whoever does not know it is greeted in the
/// older way. One that only was slow to answer says then that it knows no handshake, and is asked once more.
struct MCPGreeting: Sendable {
  let channel: any MCPChannel
  let clientVersion: String
  /// For each question.
  let seconds: Double

  /// - Parameter wanted: the version to speak; nil finds out.
  func greet(speaking wanted: String?) async throws -> MCPServerInfo {
    if wanted == nil || wanted == MCPEra.statelessVersion, let info = try await discover(wanted) {
      return info
    }
    do {
      return try await initialize(wanted)
    } catch MCPError.refused(let failure) where wanted == nil && failure.knowsNoHandshake {
      guard let info = try await discover(nil) else { throw MCPError.refused(failure) }
      return info
    }
  }

  /// The handshake of the older era.
  private func initialize(_ wanted: String?) async throws -> MCPServerInfo {
    let first = wanted ?? MCPEra.sessionVersions[0]
    let result = try await result(
      of: .initialize(speaking: first, clientVersion: clientVersion), in: .session(version: first))
    guard let agreed = result["protocolVersion"]?.string, MCPEra.sessionVersions.contains(agreed) else {
      throw MCPError.gone("it speaks no version of the protocol that is known here")
    }
    let era = MCPEra.session(version: agreed)
    try await channel.notify("notifications/initialized", in: era)
    return MCPServerInfo(result, era: era)
  }

  /// Nil for a server of the older era.
  private func discover(_ wanted: String?) async throws -> MCPServerInfo? {
    do {
      let result = try await result(of: .discover, in: .stateless)
      let versions = result["supportedVersions"]?.array?.compactMap(\.string) ?? []
      if versions.contains(MCPEra.statelessVersion) { return MCPServerInfo(result, era: .stateless) }
    } catch MCPError.refused(let failure) where failure.code == MCPErrorCode.unsupportedVersion {
      let versions = failure.data?["supported"]?.array?.compactMap(\.string) ?? []
      guard versions.contains(where: MCPEra.sessionVersions.contains) else {
        throw MCPError.gone("it speaks only \(versions.joined(separator: ", ").cut(toCharacters: 100))")
      }
    } catch MCPError.refused(let failure)
      where [MCPErrorCode.headerMismatch, MCPErrorCode.missingClientCapability].contains(failure.code)
    {
      throw MCPError.refused(failure)
    } catch let error as MCPError where wanted == nil && error.mayMeanOlder {
      // Of the older era, in one of the many ways of not knowing the question.
    }
    guard wanted == nil else { throw MCPError.gone("it does not speak \(MCPEra.statelessVersion)") }
    return nil
  }

  private func result(of request: MCPRequest, in era: MCPEra) async throws -> JSON {
    var request = request
    request.seconds = seconds
    return try await channel.result(of: request, in: era)
  }
}

extension JSONRPC.Failure {
  /// Whether it is how a server of the newer era answers `initialize`.
  fileprivate var knowsNoHandshake: Bool {
    code == MCPErrorCode.unsupportedVersion || code == JSONRPC.methodNotFound
  }
}
