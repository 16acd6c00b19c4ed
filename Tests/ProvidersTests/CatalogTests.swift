import Conversation
import Foundation
import Loopback
import Synchronization
import Testing
import Transport

@testable import Providers

@Suite struct CatalogTests {
  private static let client = HTTPClient(policy: .trusted)

  private func catalog(
    _ accounts: [String: ProviderAccount], file: [ModelDefinition] = [],
    choices: StandardModels.Choices = .init()
  ) -> ModelCatalog {
    let accounts = ProviderAccounts(accounts)
    return ModelCatalog(
      factory: ModelFactory(accounts: accounts, client: Self.client), file: file.map { .init($0) },
      settings: StandardModels.definitions(accounts: accounts, choices: choices))
  }

  private func model(_ name: String, _ provider: String = "openai", fallback: String? = nil)
    -> ModelDefinition
  {
    var definition = ModelDefinition(name: name, provider: provider, model: "m-\(name)")
    definition.fallback = fallback
    return definition
  }

  private struct BuiltIn: ChatModel {
    func reply(to request: ChatRequest, receive: (ModelEvent) async -> Void) async throws(ModelError) {}
  }

  @Test func `the names of the original are valid whatever is set up`() throws {
    let nothing = catalog([:])
    #expect(nothing.names == StandardModels.names && !nothing.hasLanguageModel)
    nothing.setBuiltIn(.init(name: "Built-in", model: BuiltIn(), callsTools: true))
    #expect(try nothing.entry(named: "Claude 2").name == "Built-in")
    #expect(throws: ModelError.self) { try nothing.entry(named: "GPT 9") }
    // What was found answers for itself and takes no assistant of another name over.
    nothing.setFound([model("llama", "ollama")])
    #expect(try nothing.entry(named: "GPT 4o").name == "Built-in" && nothing.hasLanguageModel)
    #expect(try nothing.entry(named: "llama").definition?.provider == "ollama")
  }

  @Test func `a key brings the old names with today's models, and the vendor's own`() throws {
    let catalog = catalog(["openai": ProviderAccount(apiKey: "k"), "anthropic": ProviderAccount(apiKey: "k")])
    #expect(catalog.definition(named: "GPT 3.5 Turbo")?.model == "gpt-6-luna")
    let claude = try #require(catalog.definition(named: "claude-sonnet-5-5"))
    #expect(claude.contextTokens == 1_000_000 && claude.inputPrice == 2 && claude.images && claude.thinking)
    #expect(
      claude.costMicros(of: TokenUsage(inputTokens: 1_000, outputTokens: 100, cacheReadTokens: 500)) == 2_100)
    #expect(throws: ModelError.self) { try catalog.entry(named: "Mixtral") }
  }

  @Test func `a compatible server in OpenAI's place is asked under the names it may know`() {
    let elsewhere = ProviderAccount(baseURL: "http://localhost:1/v1")
    #expect(catalog(["openai": elsewhere]).definition(named: "GPT 4o")?.model == "gpt-4o")
    let named = catalog(["openai": elsewhere], choices: .init(openAIModel: "mine"))
    #expect(named.definition(named: "GPT 4o")?.model == "mine" && named.names.contains("mine"))
    #expect(named.definition(named: "gpt-6-sol") == nil)
  }

  @Test func `the file counts before administrators, and they before the settings`() throws {
    let catalog = catalog(["openai": ProviderAccount(apiKey: "k")], file: [model("A", "openai")])
    catalog.setAdministered([
      .init(model("A", "groq")), .init(model("GPT 4o", "groq"), apiKey: "own"), .init(model("B", "groq")),
    ])
    #expect(catalog.definition(named: "A")?.provider == "openai" && catalog.isPinned("A"))
    #expect(catalog.definition(named: "GPT 4o")?.provider == "groq" && !catalog.isPinned("GPT 4o"))
    let listed = catalog.list()
    #expect(listed.filter { $0.definition.name == "A" }.map(\.origin) == [.file])
    #expect(listed.first { $0.definition.name == "GPT 4o" }?.problem == nil)
    #expect(listed.first { $0.definition.name == "B" }?.problem?.contains("groq.api_key") == true)
  }

  @Test func `a key goes only to the server it was given for`() async throws {
    let server = try LoopbackServer { peer, _ in
      peer.reply(400, [], "{}")
      return .keep
    }
    var account = ProviderAccount(apiKey: "sk-account")
    account.baseURL = "http://127.0.0.1:9/v1"
    let factory = ModelFactory(accounts: ProviderAccounts(["openai": account]), client: Self.client)
    var elsewhere = model("A")
    elsewhere.baseURL = server.url("/v1")
    for key in [nil, "sk-own"] {
      let chat = try factory.chat(for: elsewhere, apiKey: key)
      try? await chat.reply(to: ChatRequest(messages: [.human("hi")])) { _ in }
    }
    #expect(server.requests.map { $0["authorization"] } == [nil, "Bearer sk-own"])
  }

  @Test func `fallbacks are asked in turn, each once, also in a circle`() async throws {
    let asked = Mutex<[String]>([])
    let server = try LoopbackServer { peer, request in
      let name = (try? JSON(parsing: request.body))?["model"]?.string ?? ""
      asked.withLock { $0.append(name) }
      if name == "m-C" {
        peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        peer.send(Dialect.openAI.answer)
        return .close
      }
      peer.reply(401, [], "{}")
      return .keep
    }
    let account = ProviderAccount(apiKey: "k", baseURL: server.url("/v1"))
    let circle = catalog(
      ["openai": account], file: [model("A", fallback: "B"), model("B", fallback: "A")])
    await #expect(throws: ModelError.self) {
      try await circle.entry(named: "A").model.reply(to: ChatRequest(messages: [.human("hi")])) { _ in }
    }
    #expect(asked.withLock { $0 } == ["m-A", "m-B"])
    let chain = catalog(
      ["openai": account], file: [model("A", fallback: "B"), model("B", fallback: "C"), model("C")])
    var by: String?
    try await chain.entry(named: "A").model.reply(to: ChatRequest(messages: [.human("hi")])) { event in
      if case .answered(let name, _) = event { by = name }
    }
    #expect(by == "C")
  }

  @Test(
    arguments: [
      (["name": "x"], "provider"), (["name": "x", "provider": "openai"], "model"),
      (["name": "x", "provider": "opnai", "model": "m"], "provider"),
      (["name": "x", "provider": "compatible", "model": "m"], "base_url"),
      (["name": "x", "provider": "openai", "model": "m", "base_url": "ftp://x"], "base_url"),
      (["name": "x", "provider": "openai", "model": "m", "input_price": 1], "output_price"),
      (["name": "x", "provider": "openai", "model": "m", "context_tokens": -1], "context_tokens"),
      (["name": "x", "provider": "openai", "model": "m", "tools": "maybe"], "tools"),
      (["name": "x", "provider": "openai", "model": "m", "fallback": "x"], "fallback"),
      (["name": "a\nb", "provider": "openai", "model": "m"], "name"),
    ] as [([String: JSON], String)])
  func `a definition that is wrong says where`(fields: [String: JSON], key: String) {
    let refusal = #expect(throws: ModelRefusal.self) { try ModelRules.definition(ModelFields(fields)) }
    #expect(refusal?.key == key)
  }

  @Test func `what a definition leaves open is filled in, and what it says counts`() throws {
    let plain = try ModelRules.definition(
      ModelFields(["name": "x", "provider": "openrouter", "model": "anthropic/claude-haiku-5-5"]))
    #expect(plain.inputPrice == 0.1 && plain.contextTokens == 1_000_000)
    let own = try ModelRules.definition(
      ModelFields([
        "name": "x", "provider": "openai", "model": "gpt-6-sol", "input_price": 7, "output_price": 8,
        "images": false, "context_tokens": 99,
      ]))
    #expect(own.inputPrice == 7 && own.cachedInputPrice == nil && !own.images && own.contextTokens == 99)
  }

  @Test func `every provider has a name of its own, and a known model for each it offers`() {
    let ids = ProviderCatalog.providers.map(\.id)
    #expect(Set(ids).count == ids.count)
    for provider in ProviderCatalog.providers { #expect(provider.baseURL?.hasSuffix("/") != true) }
  }
}

@Suite struct OllamaServerTests {
  private func server() throws -> LoopbackServer {
    try LoopbackServer { peer, request in
      let body = (try? JSON(parsing: request.body)) ?? nil
      switch request.target {
      case "/api/tags":
        peer.reply(200, [], #"{"models":[{"name":"b:1"},{"name":"a:latest"},{"name":"embed"}]}"#)
      case "/api/show" where body["model"] == "embed": peer.reply(200, [], #"{"capabilities":["embedding"]}"#)
      case "/api/show" where body["model"] == "b:1":
        peer.reply(
          200, [],
          #"{"capabilities":["completion","tools","thinking"],"model_info":{"x.context_length":4096}}"#)
      case "/api/show": peer.reply(200, [], #"{"capabilities":["completion","vision"]}"#)
      default: peer.reply(404, [], "{}")
      }
      return .keep
    }
  }

  private func models(_ url: String, named: String? = nil) async throws -> [ModelDefinition] {
    try await OllamaServer(
      endpoint: Endpoint(baseURL: url, apiKey: nil), named: named, client: HTTPClient(policy: .trusted)
    ).models()
  }

  @Test func `what is installed is found with its abilities, and the first answers for Ollama`() async throws
  {
    let server = try server()
    let models = try await models(server.url(""))
    #expect(models.map(\.name) == ["Ollama", "a:latest", "b:1"])
    #expect(models[0].model == "a:latest" && models[1].tools == .xml && models[1].images)
    #expect(models[2].tools == .native && models[2].thinking && models[2].contextTokens == 4_096)
    #expect(models.allSatisfy { $0.costMicros(of: TokenUsage(inputTokens: 9, outputTokens: 9)) == 0 })
    #expect(try await self.models(server.url(""), named: "b:1").first?.model == "b:1")
    #expect(try await self.models(server.url(""), named: "a").first?.model == "a:latest")
  }

  @Test func `where there is none, it is said at once`() async throws {
    let port = try ClosedPort()
    let began = ContinuousClock.now
    await #expect(throws: ModelError.self) { try await models("http://127.0.0.1:\(port.port)") }
    #expect(ContinuousClock.now - began < .seconds(1))
  }
}
