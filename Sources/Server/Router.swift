import Conversation
import Engine
import Foundation
import Hummingbird

/// One thing that can be asked for: how, where, by whom, and what answers.
struct Route: Sendable {
  let method: HTTPRequest.Method
  /// E.g. `/threads/{thread_id}/state`.
  let path: String
  let work: Work
  /// The action under which it is entered in the audit log once it is done; nil for what is not.
  var audits: String?

  /// Who may ask, and what answers them. A route without a policy does not compile.
  enum Work: Sendable {
    case anyone(@Sendable (Call) async throws -> Response)
    /// Anyone, as in the original; but with accounts of this server's own, whoever has signed in.
    case guests(@Sendable (Call) async throws -> Response)
    /// The user is the one whom the request's identity names; what is not theirs is not there. Without a role,
    /// a viewer is refused.
    case signedIn(atLeast: Role = .member, @Sendable (Call, Owner) async throws -> Response)
    /// The same, for what depends on more than who it is: on their role, or on how they signed in.
    case caller(atLeast: Role, @Sendable (Call, Caller) async throws -> Response)
  }

  /// The least role that may ask; nil for anyone.
  var leastRole: Role? {
    switch work {
    case .anyone, .guests: nil
    case .signedIn(let role, _), .caller(let role, _): role
    }
  }
}

/// Every route there is.
struct Router: Sendable {
  let routes: [Route]
  private let templates: [[Segment]]

  /// - Parameter gate: how people are told apart; without, their cookie is believed.
  init(engine: Engine, version: String, gate: Gate? = nil, monitoring: Monitoring = Monitoring()) {
    let gate = gate ?? Gate(identity: .unverified, store: engine.store)
    let health = HealthRoutes(engine: engine, version: version, monitoring: monitoring)
    let metrics = MetricsRoutes(engine: engine, monitoring: monitoring)
    let schemas = SchemaRoutes(engine: engine)
    let assistants = AssistantRoutes(engine: engine)
    let threads = ThreadRoutes(engine: engine)
    let state = StateRoutes(engine: engine)
    let approvals = ApprovalRoutes(engine: engine)
    let runs = RunRoutes(engine: engine)
    let ingest = IngestRoutes(engine: engine)
    let files = FileRoutes(engine: engine)
    let models = ModelRoutes(engine: engine)
    let usage = UsageRoutes(engine: engine)
    let embedding = EmbeddingRoutes(engine: engine)
    let tools = ToolRoutes(engine: engine)
    let mcp = MCPRoutes(engine: engine)
    let collections = CollectionRoutes(engine: engine)
    let search = SearchRoutes(engine: engine)
    let docs = DocsRoutes(version: version)
    let branches = BranchRoutes(engine: engine)
    let feedback = FeedbackRoutes(engine: engine)
    let preferences = PreferenceRoutes(engine: engine)
    let finds = FindRoutes(engine: engine)
    let export = ExportRoutes(engine: engine)
    let shares = ShareRoutes(engine: engine)
    let own: [Route] = [
      Route(method: .get, path: "/ok", work: .anyone(health.ok)),
      Route(method: .get, path: "/health", work: .anyone(health.health)),
      Route(method: .get, path: "/healthz", work: .anyone(health.health)),
      Route(method: .get, path: "/readyz", work: .anyone(health.readiness)),
      Route(method: .get, path: "/metrics", work: .anyone(metrics.metrics)),
      Route(method: .get, path: "/openapi.json", work: .anyone(docs.openAPI)),

      Route(method: .get, path: "/assistants", work: .signedIn(atLeast: .viewer, assistants.list)),
      Route(
        method: .post, path: "/assistants", work: .signedIn(assistants.create), audits: "assistant.create"),
      Route(
        method: .get, path: "/assistants/shared", work: .signedIn(atLeast: .viewer, shares.listShared)),
      Route(method: .get, path: "/assistants/public", work: .guests(assistants.listPublic)),
      Route(
        method: .get, path: "/assistants/{assistant_id}", work: .signedIn(atLeast: .viewer, assistants.get)),
      Route(
        method: .put, path: "/assistants/{assistant_id}", work: .signedIn(assistants.put),
        audits: "assistant.save"),
      Route(
        method: .delete, path: "/assistants/{assistant_id}", work: .signedIn(assistants.delete),
        audits: "assistant.delete"),
      Route(method: .get, path: "/assistants/{assistant_id}/versions", work: .signedIn(assistants.versions)),
      Route(
        method: .get, path: "/assistants/{assistant_id}/files",
        work: .signedIn(atLeast: .viewer, files.listOfAssistant)),
      Route(method: .get, path: "/assistants/{assistant_id}/shares", work: .signedIn(shares.list)),
      Route(
        method: .put, path: "/assistants/{assistant_id}/shares", work: .signedIn(shares.set),
        audits: "assistant.share"),

      Route(method: .get, path: "/threads", work: .signedIn(atLeast: .viewer, threads.list)),
      Route(method: .post, path: "/threads", work: .signedIn(atLeast: .viewer, threads.create)),
      Route(method: .get, path: "/threads/{thread_id}", work: .signedIn(atLeast: .viewer, threads.get)),
      Route(method: .put, path: "/threads/{thread_id}", work: .signedIn(atLeast: .viewer, threads.put)),
      Route(
        method: .delete, path: "/threads/{thread_id}", work: .signedIn(atLeast: .viewer, threads.delete),
        audits: "thread.delete"),
      Route(method: .get, path: "/threads/{thread_id}/state", work: .signedIn(atLeast: .viewer, state.get)),
      Route(
        method: .post, path: "/threads/{thread_id}/state", work: .signedIn(atLeast: .viewer, state.update)),
      Route(
        method: .get, path: "/threads/{thread_id}/history", work: .signedIn(atLeast: .viewer, state.history)),
      Route(
        method: .get, path: "/threads/{thread_id}/approvals",
        work: .signedIn(atLeast: .viewer, approvals.list)),
      Route(
        method: .get, path: "/threads/{thread_id}/approvals/pending",
        work: .signedIn(atLeast: .viewer, approvals.pending)),
      Route(
        method: .get, path: "/threads/{thread_id}/files",
        work: .signedIn(atLeast: .viewer, files.listOfThread)),
      Route(method: .get, path: "/threads/{thread_id}/runs", work: .signedIn(atLeast: .viewer, runs.list)),
      Route(
        method: .get, path: "/threads/{thread_id}/runs/{run_id}", work: .signedIn(atLeast: .viewer, runs.get)),
      Route(
        method: .get, path: "/threads/{thread_id}/runs/{run_id}/stream",
        work: .signedIn(atLeast: .viewer, runs.join)),
      Route(
        method: .get, path: "/threads/{thread_id}/runs/{run_id}/trace",
        work: .signedIn(atLeast: .viewer, runs.trace)),
      Route(
        method: .post, path: "/threads/{thread_id}/runs/{run_id}/cancel",
        work: .signedIn(atLeast: .viewer, runs.cancel)),

      Route(method: .get, path: "/tools/catalog", work: .signedIn(atLeast: .viewer, tools.catalog)),
      Route(method: .get, path: "/tools", work: .signedIn(tools.list)),
      Route(method: .post, path: "/tools", work: .signedIn(tools.create), audits: "tool.create"),
      Route(method: .get, path: "/tools/{tool_id}", work: .signedIn(tools.get)),
      Route(method: .put, path: "/tools/{tool_id}", work: .signedIn(tools.put), audits: "tool.save"),
      Route(method: .delete, path: "/tools/{tool_id}", work: .signedIn(tools.delete), audits: "tool.delete"),
      Route(method: .post, path: "/tools/{tool_id}/try", work: .signedIn(tools.attempt)),
      Route(method: .get, path: "/mcp/servers", work: .signedIn(mcp.list)),
      Route(method: .get, path: "/mcp/servers/{name}/resources", work: .signedIn(mcp.resources)),
      Route(method: .get, path: "/mcp/servers/{name}/resource", work: .signedIn(mcp.resource)),
      Route(method: .get, path: "/mcp/servers/{name}/prompts", work: .signedIn(mcp.prompts)),
      Route(method: .post, path: "/mcp/servers/{name}/prompts/{prompt}", work: .signedIn(mcp.prompt)),

      Route(method: .get, path: "/runs", work: .signedIn(atLeast: .viewer, runs.listAll)),
      Route(method: .post, path: "/runs", work: .signedIn(atLeast: .viewer, runs.create)),
      Route(method: .post, path: "/runs/stream", work: .signedIn(atLeast: .viewer, runs.stream)),
      Route(method: .get, path: "/runs/config_schema", work: .guests(schemas.config)),
      Route(method: .get, path: "/runs/input_schema", work: .guests(schemas.input)),
      Route(method: .get, path: "/runs/output_schema", work: .guests(schemas.output)),

      Route(
        method: .get, path: "/threads/{thread_id}/lineage",
        work: .signedIn(atLeast: .viewer, branches.lineage)),
      Route(
        method: .get, path: "/threads/{thread_id}/timeline",
        work: .signedIn(atLeast: .viewer, branches.timeline)),
      Route(
        method: .put, path: "/threads/{thread_id}/head", work: .signedIn(atLeast: .viewer, branches.select)),
      Route(
        method: .post, path: "/threads/{thread_id}/fork", work: .signedIn(atLeast: .viewer, branches.fork)),
      Route(
        method: .get, path: "/threads/{thread_id}/feedback",
        work: .signedIn(atLeast: .viewer, feedback.listOfThread)),
      Route(method: .post, path: "/runs/feedback", work: .signedIn(atLeast: .viewer, feedback.create)),
      Route(method: .get, path: "/runs/failed", work: .signedIn(atLeast: .viewer, runs.listFailed)),
      Route(method: .get, path: "/search/everything", work: .signedIn(atLeast: .viewer, finds.everything)),
      Route(method: .get, path: "/preferences", work: .signedIn(atLeast: .viewer, preferences.list)),
      Route(method: .post, path: "/preferences", work: .signedIn(atLeast: .viewer, preferences.set)),
      Route(method: .get, path: "/export", work: .signedIn(atLeast: .viewer, export.everything)),

      Route(
        method: .post, path: "/ingest", work: .signedIn(atLeast: .viewer, ingest.ingest), audits: "file.add"),
      Route(
        method: .post, path: "/files", work: .signedIn(atLeast: .viewer, ingest.receive), audits: "file.add"),
      Route(
        method: .post, path: "/files/url", work: .signedIn(atLeast: .viewer, ingest.receivePage),
        audits: "file.add"),
      Route(method: .get, path: "/files/events", work: .signedIn(atLeast: .viewer, files.events)),
      Route(method: .get, path: "/files/usage", work: .signedIn(atLeast: .viewer, files.usage)),
      Route(method: .get, path: "/search", work: .signedIn(atLeast: .viewer, search.search)),
      Route(method: .get, path: "/files/{file_id}", work: .signedIn(atLeast: .viewer, files.get)),
      Route(
        method: .delete, path: "/files/{file_id}", work: .signedIn(atLeast: .viewer, files.delete),
        audits: "file.delete"),
      Route(method: .get, path: "/files/{file_id}/content", work: .signedIn(atLeast: .viewer, files.content)),
      Route(method: .get, path: "/files/{file_id}/text", work: .signedIn(atLeast: .viewer, files.text)),
      Route(method: .get, path: "/files/{file_id}/chunks", work: .signedIn(atLeast: .viewer, files.chunks)),
      Route(method: .post, path: "/files/{file_id}/cancel", work: .signedIn(atLeast: .viewer, files.cancel)),
      Route(method: .post, path: "/files/{file_id}/retry", work: .signedIn(atLeast: .viewer, files.retry)),
      Route(
        method: .post, path: "/files/{file_id}/reindex", work: .signedIn(atLeast: .viewer, files.reindex)),
      Route(
        method: .post, path: "/files/{file_id}/refetch", work: .signedIn(atLeast: .viewer, files.refetch)),
      Route(
        method: .put, path: "/files/{file_id}/refetch", work: .signedIn(atLeast: .viewer, files.schedule)),

      Route(method: .get, path: "/collections", work: .signedIn(atLeast: .viewer, collections.list)),
      Route(method: .post, path: "/collections", work: .signedIn(collections.create)),
      Route(
        method: .get, path: "/collections/{collection_id}", work: .signedIn(atLeast: .viewer, collections.get)
      ),
      Route(method: .put, path: "/collections/{collection_id}", work: .signedIn(collections.put)),
      Route(method: .delete, path: "/collections/{collection_id}", work: .signedIn(collections.delete)),
      Route(
        method: .get, path: "/collections/{collection_id}/files",
        work: .signedIn(atLeast: .viewer, files.listOfCollection)),
      Route(
        method: .get, path: "/collections/{collection_id}/assistants",
        work: .signedIn(atLeast: .viewer, collections.assistants)),

      Route(method: .get, path: "/models", work: .caller(atLeast: .viewer, models.list)),
      Route(
        method: .put, path: "/models/{model_name}", work: .signedIn(atLeast: .admin, models.put),
        audits: "model.save"),
      Route(
        method: .delete, path: "/models/{model_name}", work: .signedIn(atLeast: .admin, models.delete),
        audits: "model.delete"),
      Route(method: .get, path: "/providers", work: .signedIn(atLeast: .viewer, models.providers)),
      Route(method: .get, path: "/ollama/pulls", work: .signedIn(atLeast: .admin, models.pulls)),
      Route(
        method: .post, path: "/ollama/pulls", work: .signedIn(atLeast: .admin, models.pull),
        audits: "model.pull"),
      Route(method: .get, path: "/embedding", work: .signedIn(atLeast: .admin, embedding.get)),
      Route(
        method: .post, path: "/embedding/start", work: .signedIn(atLeast: .admin, embedding.start),
        audits: "embedding.start"),
      Route(
        method: .post, path: "/embedding/cancel", work: .signedIn(atLeast: .admin, embedding.cancel),
        audits: "embedding.cancel"),
      Route(
        method: .post, path: "/embedding/undo", work: .signedIn(atLeast: .admin, embedding.undo),
        audits: "embedding.undo"),
      Route(
        method: .post, path: "/embedding/drop", work: .signedIn(atLeast: .admin, embedding.drop),
        audits: "embedding.drop"),
      Route(method: .get, path: "/usage", work: .caller(atLeast: .viewer, usage.usage)),
    ]
    self.init(routes: own + Self.identity(gate: gate, engine: engine, monitoring: monitoring))
  }

  init(routes: [Route]) {
    self.routes = routes
    templates = routes.map { $0.path.split(separator: "/").map(Segment.init) }
  }
}

// MARK: Matching

extension Router {
  enum Match {
    case route(Route, parameters: [String: String])
    /// The path is known, with these methods only.
    case otherMethods([HTTPRequest.Method])
    case none
  }

  /// The route of the first path that fits: `/assistants/public` is never an assistant's. A slash at the end
  /// makes no difference, and HEAD is a GET without its body.
  func match(_ method: HTTPRequest.Method, path requested: String) -> Match {
    guard let segments = Self.segments(of: requested) else { return .none }
    let wanted = method == .head ? .get : method
    var others: [HTTPRequest.Method] = []
    var path: String?
    for (route, template) in zip(routes, templates) where path == nil || path == route.path {
      guard let parameters = Self.parameters(of: segments, in: template) else { continue }
      if route.method == wanted { return .route(route, parameters: parameters) }
      path = route.path
      others.append(route.method)
    }
    return others.isEmpty ? .none : .otherMethods(others)
  }

  /// The path's parts, decoded; nil for a path that nothing can have.
  private static func segments(of path: String) -> [String]? {
    guard path.hasPrefix("/") else { return nil }
    var parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    var segments: [String] = []
    for part in parts {
      guard !part.isEmpty, let segment = String(part).removingPercentEncoding else { return nil }
      segments.append(segment)
    }
    return segments
  }

  private static func parameters(of segments: [String], in template: [Segment]) -> [String: String]? {
    guard segments.count == template.count else { return nil }
    var parameters: [String: String] = [:]
    for (segment, pattern) in zip(segments, template) {
      switch pattern {
      case .literal(let text): if text != segment { return nil }
      case .parameter(let name): parameters[name] = segment
      }
    }
    return parameters
  }
}

/// A part of a route's path.
private enum Segment: Sendable {
  case literal(String)
  case parameter(String)

  init(_ text: Substring) {
    self = text.hasPrefix("{") ? .parameter(String(text.dropFirst().dropLast())) : .literal(String(text))
  }
}
