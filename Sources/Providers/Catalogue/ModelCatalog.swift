package import Conversation
import Synchronization

/// The models an assistant may name: each a label that people see and clients send, and how to reach it.
///
/// Names come from several layers, the first that knows one counts: the configuration file, administrators,
/// what the settings of providers amount to, and what was found on this machine.
package final class ModelCatalog: Sendable {
  package struct Entry: Sendable {
    /// What configurations call it, e.g. `GPT 4o`.
    package var name: String
    package var model: any ChatModel
    /// Whether it calls tools by itself; for others the agent speaks XML with it.
    package var callsTools: Bool
    /// Nil for what the program brings itself.
    package var definition: ModelDefinition?

    package init(
      name: String, model: any ChatModel, callsTools: Bool, definition: ModelDefinition? = nil
    ) {
      self.name = name
      self.model = model
      self.callsTools = callsTools
      self.definition = definition
    }
  }

  /// Where a name comes from.
  package enum Origin: String, Codable, Sendable, CaseIterable {
    case file, administrator, settings, found
    case builtIn = "built_in"
  }

  /// A definition as a layer has it.
  package struct Configured: Sendable {
    package var definition: ModelDefinition
    /// The definition's own key.
    package var apiKey: String?

    package init(_ definition: ModelDefinition, apiKey: String? = nil) {
      self.definition = definition
      self.apiKey = apiKey
    }
  }

  fileprivate struct State {
    var layers: [Origin: [Configured]] = [:]
    var fixed: [Entry] = []
    var builtIn: Entry?
    var breakers: [String: CircuitBreaker] = [:]
  }

  private let state = Mutex(State())
  private let validNames: [String]
  private let factory: ModelFactory?

  /// Of models that are made already.
  /// - Parameter names: what configurations may hold, set up or not.
  package init(names: [String], entries: [Entry]) {
    validNames = names
    factory = nil
    state.withLock { $0.fixed = entries }
  }

  /// Of what the file and the settings say.
  package init(factory: ModelFactory, file: [Configured], settings: [ModelDefinition]) {
    validNames = StandardModels.names
    self.factory = factory
    state.withLock { state in
      state.layers[.file] = file
      state.layers[.settings] = settings.map { Configured($0) }
    }
  }

  // MARK: Changing

  /// Adds the model that the program brings; it answers for valid names as long as nothing is configured.
  package func setBuiltIn(_ entry: Entry) {
    state.withLock { $0.builtIn = entry }
  }

  package func setAdministered(_ models: [Configured]) {
    state.withLock { $0.layers[.administrator] = models }
  }

  package func setFound(_ models: [ModelDefinition]) {
    state.withLock { $0.layers[.found] = models.map { Configured($0) } }
  }

  // MARK: Asking

  /// Every name that is valid in a configuration, in the order the form shows them.
  package var names: [String] {
    var seen = Set<String>()
    let (fixed, configured, builtIn) = state.withLock { state in
      (state.fixed.map(\.name), state.configured.map(\.model.definition.name), state.builtIn?.name)
    }
    return (validNames + fixed + configured + (builtIn.map { [$0] } ?? [])).filter {
      seen.insert($0).inserted
    }
  }

  /// - Throws: `.misconfigured` with what to set, when that model cannot be used.
  package func entry(named name: String) throws(ModelError) -> Entry {
    let (fixed, configured, builtIn, isConfigured) = state.withLock { state in
      (
        state.fixed.first { $0.name == name }, state.configured.first { $0.model.definition.name == name },
        state.builtIn, state.isConfigured
      )
    }
    if let fixed { return fixed }
    if let configured { return entry(configured.model) }
    if let builtIn, builtIn.name == name || (!isConfigured && validNames.contains(name)) { return builtIn }
    throw unknown(name)
  }

  private func entry(_ model: Configured) -> Entry {
    let definition = model.definition
    return Entry(
      name: definition.name,
      model: GuardedModel { [self] in candidates(from: definition.name) },
      callsTools: definition.tools == .native, definition: definition)
  }

  private func unknown(_ name: String) -> ModelError {
    let usable = list().filter { $0.problem == nil }.map(\.definition.name).joined(separator: ", ")
    return .misconfigured(
      validNames.contains(name)
        ? "The model \"\(name)\" is not set up on this server. Set up are: \(usable)."
        : "There is no model called \"\(name.prefix(80))\". Set up are: \(usable).")
  }

  /// The model and those that stand in for it, each once.
  private func candidates(from name: String) -> [GuardedModel.Candidate] {
    var candidates: [GuardedModel.Candidate] = []
    var next: String? = name
    while let name = next, candidates.count <= Limits.modelFallbacks,
      !candidates.contains(where: { $0.name == name }),
      let found = state.withLock({ $0.configured.first { $0.model.definition.name == name } })
    {
      candidates.append(candidate(found.model))
      next = found.model.definition.fallback
    }
    return candidates
  }

  private func candidate(_ model: Configured) -> GuardedModel.Candidate {
    let definition = model.definition
    let breaker = state.withLock { state in
      let breaker = state.breakers[definition.server] ?? CircuitBreaker()
      state.breakers[definition.server] = breaker
      return breaker
    }
    let chat = Result<any ChatModel, ModelError> { () throws(ModelError) in
      guard let factory else { throw .misconfigured("There is no model to ask.") }
      return try factory.chat(for: definition, apiKey: model.apiKey)
    }
    return GuardedModel.Candidate(
      name: definition.name, definition: definition, model: chat, breaker: breaker)
  }

  /// For each model that is configured, whether its server is left alone for a while because it failed again and
  /// again.
  package var resting: [(name: String, isResting: Bool)] {
    state.withLock { state in
      state.configured.map { _, model in
        (model.definition.name, state.breakers[model.definition.server]?.restSeconds != nil)
      }
    }
  }

  /// What is known of the model under that name.
  package func definition(named name: String) -> ModelDefinition? {
    state.withLock { state in
      state.configured.first { $0.model.definition.name == name }?.model.definition
        ?? state.fixed.first { $0.name == name }?.definition
    }
  }

  /// Whether any language model is set up or found, beside what the program brings.
  package var hasLanguageModel: Bool {
    state.withLock { !$0.fixed.isEmpty || !$0.configured.isEmpty }
  }
}

// MARK: Listing

extension ModelCatalog {
  /// A model as people choose it.
  package struct Listing: Sendable {
    package var definition: ModelDefinition
    package var origin: Origin
    /// Why it cannot be asked now, and what to do; nil when it can, as far as is known.
    package var problem: String?
    package var hasOwnKey: Bool
  }

  /// Everything that may be chosen: what is configured, then what the program brings.
  package func list() -> [Listing] {
    let (configured, fixed, builtIn) = state.withLock { ($0.configured, $0.fixed, $0.builtIn) }
    let listed = configured.map { origin, model in
      Listing(
        definition: model.definition, origin: origin, problem: problem(model), hasOwnKey: model.apiKey != nil)
    }
    return listed
      + (fixed + (builtIn.map { [$0] } ?? [])).map { entry in
        var plain = ModelDefinition(name: entry.name, provider: "built-in", model: entry.name)
        plain.tools = entry.callsTools ? .native : .xml
        return Listing(
          definition: entry.definition ?? plain, origin: .builtIn, problem: nil, hasOwnKey: false)
      }
  }

  private func problem(_ model: Configured) -> String? {
    let candidate = candidate(model)
    if case .failure(let error) = candidate.model {
      guard case .misconfigured(let text) = error else { return "It cannot be asked; the log says why." }
      return text
    }
    return candidate.breaker.restSeconds.map {
      "Its server failed several times in a row; it is asked again in \(Int($0)) seconds."
    }
  }

  /// Whether the configuration file has that name, so that nobody else may.
  package func isPinned(_ name: String) -> Bool {
    state.withLock { $0.layers[.file, default: []].contains { $0.definition.name == name } }
  }
}

extension ModelDefinition {
  /// Names what fails together.
  fileprivate var server: String { "\(provider) \(baseURL ?? "") \(model)" }
}

extension ModelCatalog.State {
  /// Each name once, from the strongest layer that has it.
  fileprivate var configured: [(origin: ModelCatalog.Origin, model: ModelCatalog.Configured)] {
    var seen = Set<String>()
    return ModelCatalog.Origin.allCases.flatMap { origin in
      layers[origin, default: []].map { (origin, $0) }
    }.filter { seen.insert($0.1.definition.name).inserted }
  }

  /// Whether somebody has set a model up; what was merely found does not count.
  fileprivate var isConfigured: Bool {
    !fixed.isEmpty || layers.contains { $0.key != .found && !$0.value.isEmpty }
  }
}
