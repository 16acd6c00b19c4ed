import Conversation
import Loopback
import Synchronization
import Testing
import Transport

@testable import Providers

/// What every vendor's embeddings do alike, and what each asks for.
@Suite struct EmbeddingTests {
  /// A vendor's server of two numbers a text: how many characters it has, and 1.
  private func server(
    _ vendor: EmbeddingVendor, status: [Int] = [], change: @escaping @Sendable (JSON) -> JSON = { $0 }
  ) throws -> LoopbackServer {
    let refusals = Mutex(status)
    return try LoopbackServer { peer, request in
      if let status = refusals.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
        peer.reply(status, ["Retry-After: 0"], #"{"error":{"message":"key-1 is wrong"}}"#)
        return .keep
      }
      let body = (try? JSON(parsing: request.body)) ?? .null
      let texts =
        body["input"]?.array
        ?? body["requests"]?.array?.map { $0["content"]?["parts"]?[0]?["text"] ?? .null } ?? []
      let vectors = texts.map { text -> JSON in [.integer(text.string?.count ?? 0), 1] }
      peer.reply(200, [], change(Self.reply(of: vendor, vectors)).text)
      return .keep
    }
  }

  private static func reply(of vendor: EmbeddingVendor, _ vectors: [JSON]) -> JSON {
    switch vendor {
    case .openAI, .azure:
      let entries = vectors.enumerated().map { place, vector -> JSON in
        ["index": .integer(place), "embedding": vector]
      }
      return ["data": .array(entries.reversed())]
    case .google: return ["embeddings": .array(vectors.map { ["values": $0] })]
    case .ollama: return ["embeddings": .array(vectors)]
    }
  }

  private func model(
    _ vendor: EmbeddingVendor, at server: LoopbackServer, dimensions: Int = 2
  ) throws -> any EmbeddingModel {
    var choice = EmbeddingChoice(vendor: vendor)
    choice.model = "a model"
    choice.dimensions = dimensions
    choice.baseURL = server.url("")
    choice.key = "key-1"
    return try choice.model(client: HTTPClient(policy: .trusted))
  }

  @Test func `a server that is silent is given up soon when somebody waits for the answer`() async throws {
    let silent = try LoopbackServer { _, _ in .keep }
    var server = EmbeddingServer(baseURL: silent.url(""), key: nil)
    #expect(server.queryDeadlines.totalSeconds <= 10)
    (server.queryDeadlines.firstByteSeconds, server.queryDeadlines.totalSeconds) = (0.2, 0.5)
    let model = OllamaEmbeddings(
      model: "m", dimensions: 2, server: server, client: HTTPClient(policy: .trusted))
    await #expect {
      _ = try await model.embed(["bears"], as: .query)
    } throws: {
      if case ModelError.timedOut = $0 { true } else { false }
    }
  }

  @Test(arguments: EmbeddingVendor.allCases)
  func `vectors come in the order of the texts, of length one`(vendor: EmbeddingVendor) async throws {
    let server = try server(vendor)
    let vectors = try await model(vendor, at: server).embed(["abc", ""], as: .passage)
    #expect(vectors.map { $0.map { ($0 * 1000).rounded() } } == [[949, 316], [0, 1000]])
    let request = try #require(server.requests.first)
    #expect(request.method == "POST" && request["content-type"] == "application/json")
    let target =
      switch vendor {
      case .openAI: "/embeddings"
      case .azure: "/openai/deployments/a%20model/embeddings?api-version=2024-10-21"
      case .google: "/v1beta/models/a%20model:batchEmbedContents"
      case .ollama: "/api/embed"
      }
    #expect(request.target == target)
    let key = request["authorization"] ?? request["api-key"] ?? request["x-goog-api-key"] ?? ""
    #expect(key.hasSuffix("key-1"))
  }

  @Test(arguments: EmbeddingVendor.allCases)
  func `what passes is tried again, what does not is told without the key`(vendor: EmbeddingVendor)
    async throws
  {
    let passing = try server(vendor, status: [429, 503])
    #expect(try await model(vendor, at: passing).embed(["a"], as: .query).count == 1)
    let refusing = try server(vendor, status: [400])
    let error = await #expect(throws: ModelError.self) {
      try await model(vendor, at: refusing).embed(["a"], as: .query)
    }
    guard case .rejected(400, "… is wrong")? = error else {
      Issue.record("\(error as Any)")
      return
    }
    let locked = try server(vendor, status: [401])
    guard
      case .unauthorized? = await #expect(
        throws: ModelError.self, performing: { try await model(vendor, at: locked).embed(["a"], as: .query) })
    else {
      Issue.record("not told that the key is wrong")
      return
    }
  }

  @Test(arguments: EmbeddingVendor.allCases)
  func `vectors of another width or number are refused`(vendor: EmbeddingVendor) async throws {
    let server = try server(vendor)
    let error = await #expect(throws: ModelError.self) {
      try await model(vendor, at: server, dimensions: 3).embed(["a"], as: .passage)
    }
    guard case .misconfigured(let why)? = error, why.contains("embedding.dimensions") else {
      Issue.record("\(error as Any)")
      return
    }
    let short = try self.server(vendor) { _ in Self.reply(of: vendor, [[1, 2]]) }
    let rubbish = try self.server(vendor) { _ in ["data": 7, "embeddings": ["x"]] }
    let zero = try self.server(vendor) { _ in Self.reply(of: vendor, [[0, 0], [1, 1]]) }
    for server in [short, rubbish, zero] {
      await #expect(throws: ModelError.self) {
        try await model(vendor, at: server).embed(["a", "b"], as: .passage)
      }
    }
  }

  @Test func `Google is told whether a text is looked for or found`() async throws {
    let server = try server(.google)
    let model = try model(.google, at: server)
    _ = try await model.embed(["a"], as: .query)
    _ = try await model.embed(["a"], as: .passage)
    let tasks = server.requests.map { (try? JSON(parsing: $0.body))?["requests"]?[0]?["taskType"] }
    #expect(tasks == ["RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT"])
  }

  @Test func `what is missing is named as the setting it is`() throws {
    let client = HTTPClient(policy: .trusted)
    func missing(_ change: (inout EmbeddingChoice) -> Void, of vendor: EmbeddingVendor) -> String {
      var choice = EmbeddingChoice(vendor: vendor)
      change(&choice)
      do throws(ModelError) {
        return try choice.model(client: client).name
      } catch {
        guard case .misconfigured(let why) = error else { return "\(error)" }
        return String(why.prefix { $0 != " " })
      }
    }
    #expect(missing({ _ in }, of: .openAI) == "openai/text-embedding-3-small/1536")
    #expect(
      missing({ $0.model = "nomic-embed-text:v1.5" }, of: .ollama) == "ollama/nomic-embed-text:v1.5/768")
    #expect(missing({ _ in }, of: .azure) == "embedding.base_url")
    #expect(missing({ $0.baseURL = "https://x.openai.azure.com" }, of: .azure) == "embedding.model")
    #expect(missing({ $0.model = "own" }, of: .ollama) == "embedding.dimensions")
  }
}
