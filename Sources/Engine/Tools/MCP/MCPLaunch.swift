/// How a server on this machine is started, as its configuration file has it.
package struct MCPLaunch: Sendable, Equatable {
  /// The program's absolute path, then its arguments.
  package var command: [String]
  /// All of its environment beside a path and a locale, as `NAME=value`; may hold keys.
  package var environment: [String]
  package var directory: String?
  /// Bytes of memory it may take for itself.
  package var memoryBytes: Int

  package init(
    command: [String], environment: [String] = [], directory: String? = nil, memoryBytes: Int = 2 << 30
  ) {
    self.command = command
    self.environment = environment
    self.directory = directory
    self.memoryBytes = memoryBytes
  }
}

/// A server of the Model Context Protocol, as an administrator set it up.
package struct MCPConfiguration: Sendable {
  /// What its tools' names begin with: letters, digits and `_`.
  package var name: String
  package var transport: Transport
  /// Whether what it says of its tools (that they only read, say) is believed.
  package var isTrusted: Bool
  /// The version of the protocol to speak; nil finds out.
  package var version: String?

  package enum Transport: Sendable {
    case process(MCPLaunch)
    /// Headers may hold keys.
    case http(url: String, headers: [(name: String, value: String)])
  }

  package init(name: String, transport: Transport, isTrusted: Bool = false, version: String? = nil) {
    self.version = version
    self.name = name
    self.transport = transport
    self.isTrusted = isTrusted
  }
}

extension MCPConfiguration {
  /// What assistants call the server's tools.
  var toolType: String { "mcp_\(name)" }

  /// The versions that can be asked for.
  package static let versions = [MCPEra.statelessVersion] + MCPEra.sessionVersions
}

extension MCPLaunch: CustomStringConvertible, CustomReflectable {
  package var description: String { command.first ?? "(no command)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension MCPConfiguration: CustomStringConvertible, CustomReflectable {
  package var description: String { name }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
