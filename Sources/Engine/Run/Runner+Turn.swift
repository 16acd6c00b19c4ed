import Conversation
import Providers
import Store

/// What a run's turn is made of: model, graph, tools and knowledge, as its configuration names them.
extension Runner {
  /// Builds what the configuration names. What is missing there fails the run, not the request: what the
  /// person wrote is kept, and can be tried again once it is set up.
  nonisolated func turn(for run: Run, decided: [Approval], log: RunLog) async throws -> Turn {
    let configuration = try AssistantConfiguration(config: run.config)
    let entry = try models.entry(named: configuration.model)
    let scope = try await scope(of: run, configuration: configuration)
    let chosen =
      try await configuration.architecture == .agent
      ? PinnedTools(store: store).checked(
        tools.tools(for: configuration.tools, in: scope), for: run.assistantID)
      : []
    return Turn(
      run: run, graph: graph(for: configuration, tools: chosen, callsTools: entry.callsTools),
      model: model(of: entry),
      account: ModelAccount(model: entry.name) { [models] in models.definition(named: $0) }, meter: meter,
      toolbox: Toolbox(
        tools: chosen.map(\.tool), retrieval: tools.retrieval(in: scope), decided: decided, logger: logger,
        onProgress: { log.append(.progress($0)) }),
      store: store, prover: Prover(store: store, logger: logger), log: log,
      isProgramStopping: { await self.isStopping })
  }

  private nonisolated func model(of entry: ModelCatalog.Entry) -> any ChatModel {
    guard let definition = entry.definition, definition.cache else { return entry.model }
    return CachedModel(model: entry.model, definition: definition, store: store, logger: logger)
  }

  /// Whose knowledge and whose tools the run may use: its user's, and those that the assistant's owner chose
  /// for it, unless the request named other tools.
  private nonisolated func scope(
    of run: Run, configuration: AssistantConfiguration
  ) async throws -> ToolScope {
    var owners = [run.userID]
    if let assistant = try await store.assistant(run.assistantID, visibleTo: run.userID),
      assistant.userID != run.userID,
      (try? AssistantConfiguration(config: assistant.config).tools) == configuration.tools
    {
      owners.append(assistant.userID)
    }
    let collections = try await store.searchable(
      configuration.collections, by: run.assistantID, for: run.userID)
    return ToolScope(
      namespaces: [.assistant(run.assistantID), .thread(run.threadID)]
        + collections.map(Namespace.collection),
      retrievalDescription: configuration.retrievalDescription, owners: owners)
  }

  nonisolated func graph(
    for configuration: AssistantConfiguration, tools chosen: [ChosenTool], callsTools: Bool
  ) -> any Graph {
    let system = configuration.systemMessage
    let tools = chosen.map(\.tool.specification)
    let permissions = ToolPermissions(
      tools: chosen, asksForAll: configuration.interruptBeforeAction, guardsEgress: guardsEgress)
    switch configuration.architecture {
    case .chatbot: return ChatbotGraph(systemMessage: system)
    case .retrieval: return RetrievalGraph(systemMessage: system)
    case .agent where callsTools || tools.isEmpty:
      return AgentGraph(systemMessage: system, tools: tools, permissions: permissions)
    case .agent:
      return XMLAgentGraph(systemMessage: system, tools: tools, permissions: permissions)
    }
  }
}
