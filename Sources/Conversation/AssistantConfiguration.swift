/// How an assistant behaves, read from `config.configurable` laid over by a request's own.
///
/// The wire keys carry their architecture as a prefix (`type==agent/system_message`); the bare ones
/// (`system_message`) work too. A missing key has the default the original gave it.
package struct AssistantConfiguration: Sendable, Equatable {
  /// Which graph answers.
  package enum Architecture: String, Codable, Sendable, CaseIterable {
    case agent
    case retrieval = "chat_retrieval"
    case chatbot
  }

  package var architecture: Architecture
  /// A name of the model catalogue.
  package var model: String
  package var systemMessage: String
  package var tools: [ToolChoice]
  package var retrievalDescription: String
  /// Searched beside the assistant's own files and the thread's.
  package var collections: [Identifier<FileCollection>]
  /// Whether a person confirms each tool call first.
  package var interruptBeforeAction: Bool
  /// Continue from there instead of from the thread's newest checkpoint.
  package var checkpointID: Identifier<Checkpoint>?
}

/// One entry of an assistant's `tools`.
package struct ToolChoice: Sendable, Equatable {
  /// A type of the tool catalogue.
  package var type: String
  package var config: [String: JSON]
  /// Whether it may be used without asking; nil leaves it to the tool.
  package var permission: ToolPermission?
  /// The same for single functions of a type that brings several, by their names.
  package var permissions: [String: ToolPermission]

  package init(
    type: String, config: [String: JSON] = [:], permission: ToolPermission? = nil,
    permissions: [String: ToolPermission] = [:]
  ) {
    self.type = type
    self.config = config
    self.permission = permission
    self.permissions = permissions
  }
}

/// Which value of a configuration was wrong, and why.
package struct ConfigurationError: Error, Sendable, Equatable {
  package var key: String
  package var problem: String

  package init(key: String, problem: String) {
    self.key = key
    self.problem = problem
  }
}

// MARK: Reading

extension AssistantConfiguration {
  package static let defaultModel = "GPT 3.5 Turbo"
  package static let defaultSystemMessage = "You are a helpful assistant."
  package static let defaultRetrievalDescription = """
    Searches the files that were uploaded to this assistant or this conversation. Use it whenever the question \
    could be answered by them: when a file is mentioned, or when it is not clear what the question is about.
    """

  /// - Parameter config: an assistant's `config`: an object whose `configurable`, if any, is an object.
  /// - Parameter overrides: a request's `config`, whose values win.
  package init(config: JSON, overrides: JSON = [:]) throws(ConfigurationError) {
    let values = try Self.configurable(of: config, under: overrides)
    architecture = try Self.architecture(values["type"])
    let fields = Fields(values: values, prefix: "type==\(architecture.rawValue)/")
    model = try fields.string("agent_type", "llm_type") ?? Self.defaultModel
    systemMessage = try fields.string("system_message") ?? Self.defaultSystemMessage
    tools = try fields.tools()
    retrievalDescription = try fields.string("retrieval_description") ?? Self.defaultRetrievalDescription
    collections = try fields.identifiers("collections")
    interruptBeforeAction = try fields.bool("interrupt_before_action") ?? false
    checkpointID = try Self.checkpointID(values["checkpoint_id"])
  }

  /// `config` of a request over that of an assistant, as the run's row keeps it.
  package static func merged(config: JSON, overrides: JSON) throws(ConfigurationError) -> JSON {
    ["configurable": .object(try configurable(of: config, under: overrides))]
  }

  private static func configurable(
    of config: JSON, under overrides: JSON
  ) throws(ConfigurationError) -> [String: JSON] {
    let values = try configurable(of: config)
    let laidOver = try configurable(of: overrides)
    return values.merging(laidOver) { _, last in last }
  }

  private static func configurable(of config: JSON) throws(ConfigurationError) -> [String: JSON] {
    guard let configurable = config["configurable"], !configurable.isNull else { return [:] }
    guard let values = configurable.object else {
      throw ConfigurationError(key: "configurable", problem: "must be an object")
    }
    return values
  }

  private static func architecture(_ value: JSON?) throws(ConfigurationError) -> Architecture {
    guard let value, !value.isNull else { return .agent }
    guard let text = value.string, let architecture = Architecture(rawValue: text) else {
      throw ConfigurationError(key: "type", problem: "must be agent, chat_retrieval or chatbot")
    }
    return architecture
  }

  private static func checkpointID(_ value: JSON?) throws(ConfigurationError) -> Identifier<Checkpoint>? {
    guard let text = value?.string, !text.isEmpty else { return nil }
    guard let id = Identifier<Checkpoint>(text) else {
      throw ConfigurationError(key: "checkpoint_id", problem: "is no checkpoint of this thread")
    }
    return id
  }
}

/// The keys of one architecture, with or without their prefix.
private struct Fields {
  let values: [String: JSON]
  let prefix: String

  func value(_ name: String) -> JSON? {
    let value = values[prefix + name] ?? values[name]
    return value == .null ? nil : value
  }

  /// The first of the names that has a value.
  func string(_ names: String...) throws(ConfigurationError) -> String? {
    guard let name = names.first(where: { value($0) != nil }) else { return nil }
    guard let text = value(name)?.string else {
      throw ConfigurationError(key: prefix + name, problem: "must be text")
    }
    return text
  }

  func bool(_ name: String) throws(ConfigurationError) -> Bool? {
    guard let value = value(name) else { return nil }
    guard let flag = value.bool else {
      throw ConfigurationError(key: prefix + name, problem: "must be true or false")
    }
    return flag
  }

  func identifiers<Noun>(_ name: String) throws(ConfigurationError) -> [Identifier<Noun>] {
    guard let value = value(name) else { return [] }
    let ids = value.array?.map { $0.string.flatMap(Identifier<Noun>.init) } ?? [nil]
    guard !ids.contains(nil) else {
      throw ConfigurationError(key: prefix + name, problem: "must be a list of ids")
    }
    return ids.compactMap { $0 }
  }

  /// Each tool as an object with a `type`, or as the bare type or function name.
  func tools() throws(ConfigurationError) -> [ToolChoice] {
    guard let value = value("tools") else { return [] }
    guard let entries = value.array else {
      throw ConfigurationError(key: prefix + "tools", problem: "must be a list")
    }
    var choices: [ToolChoice] = []
    for (place, entry) in entries.enumerated() {
      guard let type = entry.string ?? entry["type"]?.string else {
        throw ConfigurationError(key: "\(prefix)tools[\(place)]", problem: "needs a type")
      }
      choices.append(
        ToolChoice(
          type: type, config: entry["config"]?.object ?? [:],
          permission: try permission(entry["permission"], at: "\(prefix)tools[\(place)].permission"),
          permissions: try permissions(entry["permissions"], at: "\(prefix)tools[\(place)].permissions")))
    }
    return choices
  }

  private func permission(_ value: JSON?, at key: String) throws(ConfigurationError) -> ToolPermission? {
    guard let value, !value.isNull else { return nil }
    guard let permission = value.string.flatMap(ToolPermission.init) else {
      throw ConfigurationError(key: key, problem: "must be always, ask or never")
    }
    return permission
  }

  private func permissions(
    _ value: JSON?, at key: String
  ) throws(ConfigurationError) -> [String: ToolPermission] {
    guard let value, !value.isNull else { return [:] }
    guard let members = value.object else {
      throw ConfigurationError(key: key, problem: "must be an object of functions' names and permissions")
    }
    var permissions: [String: ToolPermission] = [:]
    for (name, value) in members { permissions[name] = try permission(value, at: "\(key).\(name)") }
    return permissions
  }
}
