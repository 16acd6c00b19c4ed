import Conversation
import HTTPTypes

extension OpenAPIDocument {
  static let runOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .post, path: "/runs", id: "create_run", noun: .runs,
      summary: "Start a run that nobody has to watch", body: .json("CreateRunPayload"),
      answer: .json(Schemas.reference("RunStarted"), "It has begun, or waits in line."),
      refusals: [.notFound, .conflict],
      links: ["get_run", "join_run", "cancel_run"].map { operation in
        DocumentedOperation.Link(
          operation: operation,
          parameters: ["thread_id": "$request.body#/thread_id", "run_id": "$response.body#/run_id"])
      }),
    DocumentedOperation(
      method: .post, path: "/runs/stream", id: "stream_run", noun: .runs,
      summary: "Start a run and watch it", body: .json("CreateRunPayload"), answer: .events,
      refusals: [.notFound, .conflict]),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/runs", id: "list_runs", noun: .runs,
      summary: "The runs of a thread, newest first", query: paging,
      answer: .json(Schemas.list(of: "Run"), "Its runs."),
      links: ["get_run", "join_run", "cancel_run"].map { operation in
        DocumentedOperation.Link(
          operation: operation,
          parameters: ["thread_id": "$request.path.thread_id", "run_id": "$response.body#/0/run_id"])
      }),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/runs/{run_id}", id: "get_run", noun: .runs,
      summary: "One run", answer: .json(Schemas.reference("Run"), "It.")),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/runs/{run_id}/stream", id: "join_run", noun: .runs,
      summary: "Watch a run from its beginning, or go on after the event seen last, also when it has ended",
      query: [
        .init(name: "stream_mode", description: "How messages grow.", schema: Schemas.streamMode),
        .init(
          name: "last_event_id", description: "Where `Last-Event-ID` cannot be set.",
          schema: ["type": "string"]),
        .init(
          name: "Last-Event-ID", place: "header", description: "The id of the event seen last.",
          schema: ["type": "string"]),
      ],
      answer: .events),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/runs/{run_id}/trace", id: "get_run_trace", noun: .runs,
      summary: "What was done for a run: steps, model calls, tools, searches, with times, tokens and costs",
      answer: .json(Schemas.reference("Trace"), "Its spans; while it goes on, so far.")),
    DocumentedOperation(
      method: .get, path: "/runs", id: "list_all_runs", noun: .runs,
      summary: "Your runs on all threads, newest first", query: paging,
      answer: .json(Schemas.list(of: "Run"), "Each with how it ended and what it took.")),
    DocumentedOperation(
      method: .post, path: "/threads/{thread_id}/runs/{run_id}/cancel", id: "cancel_run", noun: .runs,
      summary: "Stop a run; what it has written stays",
      answer: .json(Schemas.reference("Run"), "It, as it is now."), refusals: [.tooLarge]),
  ]

  // MARK: Server

  static let serverOperations: [DocumentedOperation] = [
    schema("config", "The form of an assistant: every setting with its title, choices and default"),
    schema("input", "What a run takes as input"),
    schema("output", "What a state's values are"),
    DocumentedOperation(
      method: .get, path: "/ok", id: "ok", noun: .server, summary: "Whether the server answers",
      isSignedIn: false, answer: .json(Schemas.reference("OK"), "It does.")),
    DocumentedOperation(
      method: .get, path: "/health", id: "health", noun: .server, summary: "Whether the server answers",
      isSignedIn: false, answer: .json(Schemas.reference("Done"), "It does.")),
    DocumentedOperation(
      method: .get, path: "/healthz", id: "healthz", noun: .server, summary: "Whether the server answers",
      isSignedIn: false, answer: .json(Schemas.reference("Done"), "It does.")),
    DocumentedOperation(
      method: .get, path: "/readyz", id: "readyz", noun: .server,
      summary: "How the server's parts are; 503 when one it needs has failed", isSignedIn: false,
      answer: .json(Schemas.reference("Readiness"), "Each part.")),
    DocumentedOperation(
      method: .get, path: "/metrics", id: "metrics", noun: .server,
      summary: "Measurements in the text format of Prometheus, for whom the setting metrics.access names",
      isSignedIn: false, answer: .bytes("The measurements.", type: "text/plain"), refusals: [.notFound]),
    DocumentedOperation(
      method: .get, path: "/openapi.json", id: "openapi", noun: .server,
      summary: "This description; `/docs` shows it to people", isSignedIn: false,
      answer: .json(
        ["type": "object", "required": ["openapi", "info", "paths", "components"]], "An OpenAPI document.")),
  ]

  private static func schema(_ name: String, _ summary: String) -> DocumentedOperation {
    DocumentedOperation(
      method: .get, path: "/runs/\(name)_schema", id: "\(name)_schema", noun: .schemas, summary: summary,
      isSignedIn: false, answer: .json(["type": "object", "required": ["title"]], "A JSON Schema."))
  }
}
