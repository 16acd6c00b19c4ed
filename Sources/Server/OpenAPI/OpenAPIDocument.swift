import Conversation
import HTTPTypes

/// The description of every route (OpenAPI 3.1), for people, generated clients and fuzzers.
///
/// It stands beside the route table and says nothing that a test does not hold against the server.
struct OpenAPIDocument {
  /// Of the program.
  let version: String

  static let operations =
    assistantOperations + threadOperations + runOperations + fileOperations + fileWorkOperations
    + collectionOperations + toolOperations + modelOperations + serverOperations
    + pageOperations + searchOperations
    + signInOperations + accountOperations + sharingOperations + administrationOperations + backupOperations

  var json: JSON {
    var paths: [String: [String: JSON]] = [:]
    for operation in Self.operations {
      paths[operation.path, default: [:]][operation.method.rawValue.lowercased()] = operation.json
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "OpenGPTs", "version": .string(version), "description": .string(Self.introduction),
      ],
      "tags": .array(
        DocumentedOperation.Noun.allCases.map {
          ["name": .string($0.rawValue), "description": .string($0.description)]
        }
      ),
      "paths": .object(paths.mapValues(JSON.object)),
      "components": [
        "schemas": .object(OpenAPISchemas.all), "responses": Self.refusals,
        "securitySchemes": [
          "user": [
            "type": "apiKey", "in": "cookie", "name": "opengpts_user_id",
            "description": "Who asks, where `auth.type` is `noop`. Without it, everybody is the same person.",
          ],
          "session": [
            "type": "apiKey", "in": "cookie", "name": "opengpts_session",
            "description": "A sign-in in the page; by https it is called `__Host-opengpts_session`.",
          ],
          "bearer": [
            "type": "http", "scheme": "bearer",
            "description": "A JSON Web Token where `auth.type` is `jwt_…`, or an API key anywhere.",
          ],
          "key": ["type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key."],
        ],
      ],
    ]
  }

  private static let introduction = """
    Assistants that are set up once and talked to in threads, on your own machine. A slash at the end of a path \
    makes no difference; HEAD is a GET without its body; a path asked with another method is answered with 405 \
    and `Allow`. Every reply carries `X-Request-ID`, under which the log tells more.
    """

  private static var refusals: JSON {
    .object(
      Dictionary(DocumentedRefusal.allCases.map { ($0.name, $0.json) }) { first, _ in first })
  }
}

extension DocumentedOperation.Noun {
  fileprivate var description: String {
    switch self {
    case .assistants: "Helpers that were set up: a name, and how they work."
    case .threads: "Conversations, each with one assistant: their messages, their history, their edits."
    case .runs: "An assistant's turns in a thread: started, watched, joined again, stopped."
    case .files: "What assistants and threads know from files: taken in, watched, read, worked on."
    case .collections: "Files under one name, which assistants share: `collections` in their configuration."
    case .models: "What answers: the language models, whom they are asked of, and what they took."
    case .tools: "What assistants may call: what comes with the server, and what people bring."
    case .account: "Coming in, and what is one's own: password, sessions, API keys."
    case .administration: "For administrators: users, groups, budgets, and the record of who did what."
    case .schemas: "JSON Schemas (draft 2020-12) of a run's configuration, input and output."
    case .server: "How the server is, and what it offers."
    }
  }
}

extension DocumentedRefusal {
  fileprivate var json: JSON {
    let error = OpenAPISchemas.reference("Error")
    let others: JSON? =
      if self == .invalid {
        OpenAPISchemas.reference("HTTPValidationError")
      } else if self == .tooMany || self == .diskFull {
        OpenAPISchemas.reference("LimitReached")
      } else {
        nil
      }
    let schema = others.map { ["anyOf": [$0, error]] } ?? error
    return [
      "description": .string(description), "content": ["application/json": ["schema": schema]],
    ]
  }
}

// MARK: One operation

extension DocumentedOperation {
  fileprivate var json: JSON {
    var members: [String: JSON] = [
      "operationId": .string(id), "tags": [.string(noun.rawValue)], "summary": .string(summary),
      "responses": responses,
    ]
    let parameters = pathParameters + query
    if !parameters.isEmpty { members["parameters"] = .array(parameters.map(\.json)) }
    members["requestBody"] = body?.json
    if isSignedIn {
      members["security"] = [["user": []], ["session": []], ["bearer": []], ["key": []], [:]]
    }
    return .object(members)
  }

  private var pathParameters: [Parameter] {
    path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
      let name = String(part.dropFirst().dropLast())
      return Parameter(
        name: name, place: "path", description: "",
        schema: name.hasSuffix("_id") ? OpenAPISchemas.id : OpenAPISchemas.text)
    }
  }

  private var responses: JSON {
    var responses: [String: JSON] = [answer.status: answer.json(links: links)]
    for refusal in DocumentedRefusal.always + refusals + ofItsKind {
      responses["\(refusal.rawValue)"] = ["$ref": .string("#/components/responses/\(refusal.name)")]
    }
    if path == "/readyz" { responses["503"] = answer.json(links: []) }
    return .object(responses)
  }

  /// The refusals that follow from what it takes.
  private var ofItsKind: [DocumentedRefusal] {
    var refusals: [DocumentedRefusal] = []
    if isSignedIn { refusals += [.unauthorized, .tooMany, .diskFull] }
    if !pathParameters.isEmpty { refusals.append(.notFound) }
    if !query.isEmpty { refusals.append(.invalid) }
    if body != nil { refusals += [.tooLarge, .wrongType, .invalid] }
    return refusals
  }
}

extension DocumentedOperation.Parameter {
  fileprivate var json: JSON {
    var members: [String: JSON] = ["name": .string(name), "in": .string(place), "schema": schema]
    if place == "path" || isRequired { members["required"] = true }
    if !description.isEmpty { members["description"] = .string(description) }
    return .object(members)
  }
}

extension DocumentedOperation.Body {
  fileprivate var json: JSON {
    let (type, schema) =
      switch self {
      case .json(let name): ("application/json", name)
      case .form(let name): ("multipart/form-data", name)
      }
    return ["required": true, "content": .object([type: ["schema": OpenAPISchemas.reference(schema)]])]
  }
}

extension DocumentedOperation.Answer {
  fileprivate var status: String {
    if case .redirect = self { "303" } else { "200" }
  }

  fileprivate func json(links: [DocumentedOperation.Link]) -> JSON {
    var members: [String: JSON] =
      switch self {
      case .json(let schema, let description):
        [
          "description": .string(description), "content": ["application/json": ["schema": schema]],
        ]
      case .events:
        [
          "description": .string(Self.eventsDescription),
          "content": [
            "text/event-stream": ["schema": OpenAPISchemas.reference("RunEvent")]
          ],
        ]
      case .fileEvents:
        [
          "description": .string(Self.fileEventsDescription),
          "content": [
            "text/event-stream": ["schema": OpenAPISchemas.reference("FileEvent")]
          ],
        ]
      case .bytes(let description, let type):
        [
          "description": .string(description),
          "content": .object([type: ["schema": ["type": "string", "format": "binary"]]]),
        ]
      case .redirect(let description):
        [
          "description": .string(description),
          "headers": ["Location": ["schema": ["type": "string"], "description": "Where to."]],
        ]
      }
    if !links.isEmpty {
      members["links"] = .object(Dictionary(links.map { ($0.operation, $0.json) }) { first, _ in first })
    }
    return .object(members)
  }

  private static let fileEventsDescription = """
    Server-sent events, each with an `id`. First `open`, the files with work to do; then `file` after each change \
    of one, at most four times a second while its progress grows, and `deleted`. It does not end. Who was cut off \
    comes back with the last id it saw in `Last-Event-ID`, and is sent the last state of each file that has \
    changed since; after too long, or a restart, it begins with `open` again, and lists are to be read anew.
    """

  private static let eventsDescription = """
    Server-sent events (WHATWG HTML §9.2), each with an `id`. First `metadata`; then `data`, or in the mode \
    `deltas` also `delta` and, of tool calls that take long, `progress`, and `waiting` while \
    the model is to be asked again; `error` when the run failed; at last `end`, which carries nothing. A comment every \
    15 seconds keeps the connection alive. Who was cut off comes back with the last id it saw in \
    `Last-Event-ID`, and is sent what follows. The schema is that of one event.
    """
}

extension DocumentedOperation.Link {
  fileprivate var json: JSON {
    var members: [String: JSON] = ["operationId": .string(operation)]
    if !parameters.isEmpty { members["parameters"] = .object(parameters) }
    members["requestBody"] = body
    return .object(members)
  }
}
