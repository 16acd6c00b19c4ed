import Conversation
import Engine

/// The shapes the document names: what is taken, as leniently as it is taken, and what is sent, to the letter.
enum OpenAPISchemas {
  static let all: [String: JSON] = nouns.merging(payloads) { first, _ in first }
    .merging(messages) { first, _ in first }.merging(replies) { first, _ in first }
    .merging(models) { first, _ in first }
    .merging(tools) { first, _ in first }
    .merging(pageSchemas) { first, _ in first }
    .merging(traceSchemas) { first, _ in first }
    .merging(identityReplies) { first, _ in first }.merging(backupReplies) { first, _ in first }
    .merging(identityPayloads) { first, _ in first }
    .merging(search) { first, _ in first }

  static func reference(_ name: String) -> JSON {
    ["$ref": .string("#/components/schemas/\(name)")]
  }

  static func list(of name: String) -> JSON {
    ["type": "array", "items": reference(name)]
  }

  static let id: JSON = ["type": "string", "format": "uuid"]
  static let text: JSON = ["type": "string"]
  static let anything: JSON = [:]
  static let streamMode: JSON = ["type": "string", "enum": words(StreamMode.self), "default": "messages"]

  static func integer(_ minimum: Int, _ maximum: Int? = nil, default standard: Int? = nil) -> JSON {
    var members: [String: JSON] = ["type": "integer", "minimum": .integer(minimum)]
    members["maximum"] = maximum.map(JSON.integer)
    members["default"] = standard.map(JSON.integer)
    return .object(members)
  }

  /// An object with these members and no others.
  static func closed(_ required: [String: JSON], optional: [String: JSON] = [:]) -> JSON {
    var schema = open(required, optional: optional).object ?? [:]
    schema["additionalProperties"] = false
    return .object(schema)
  }

  /// An object whose other members mean nothing.
  static func open(_ required: [String: JSON], optional: [String: JSON] = [:]) -> JSON {
    var members: [String: JSON] = [
      "type": "object", "properties": .object(required.merging(optional) { first, _ in first }),
    ]
    if !required.isEmpty { members["required"] = .array(required.keys.sorted().map(JSON.string)) }
    return .object(members)
  }

  /// The object, in which one of two members must be null or missing.
  static func onlyOne(_ first: String, _ second: String, of schema: JSON) -> JSON {
    var members = schema.object ?? [:]
    members["anyOf"] = .array(
      [first, second].map { ["properties": .object([$0: ["type": "null"]])] })
    return .object(members)
  }

  static func orNull(_ schema: JSON) -> JSON {
    ["anyOf": [schema, ["type": "null"]]]
  }

  static func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> JSON {
    .array(Word.allCases.map { .string($0.rawValue) })
  }

  static func choice<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> JSON {
    ["type": "string", "enum": words(type)]
  }
}

// MARK: Sent

extension OpenAPISchemas {
  static let moment: JSON = ["type": "string", "format": "date-time"]
  static let object: JSON = ["type": "object"]
  static let flag: JSON = ["type": "boolean"]

  private static let nouns: [String: JSON] = [
    "Assistant": closed([
      "assistant_id": id, "user_id": id, "name": text, "config": object, "updated_at": moment, "public": flag,
    ]),
    "AssistantVersion": closed([
      "assistant_id": id, "version": integer(1), "name": text, "config": object, "public": flag,
      "created_at": moment,
    ]),
    "Thread": closed([
      "thread_id": id, "user_id": id, "assistant_id": orNull(id), "name": text, "updated_at": moment,
      "metadata": orNull(closed(["assistant_type": orNull(text)])),
    ]),
    "Run": closed([
      "run_id": id, "thread_id": id, "assistant_id": id, "user_id": id,
      "error": orNull(reference("RunFailure")),
      "status": [
        "type": "string", "enum": ["pending", "running", "interrupted", "success", "error", "cancelled"],
      ], "created_at": moment, "updated_at": moment, "usage": reference("UsageTotal"),
    ]),
    "RunFailure": closed(
      ["code": text, "message": text, "status_code": ["type": "integer", "minimum": 100, "maximum": 599]],
      optional: ["retry_after_seconds": ["type": "number", "minimum": 0]]),
    "Approval": closed(
      [
        "checkpoint_id": id, "call_id": text, "name": text, "arguments": anything,
        "arguments_hash": ["type": "string", "pattern": "^[0-9a-f]{64}$"], "asked_at": moment,
        "cause": choice(Approval.Cause.self), "decision": orNull(reference("ApprovalDecision")),
      ], optional: ["change": reference("ToolChange")]),
    "ApprovalDecision": closed(
      [
        "action": choice(Approval.Decision.Action.self), "user_id": id, "run_id": id, "decided_at": moment,
      ], optional: ["arguments": anything, "reason": text]),
    "File": file,
    "TakenFile": closed([
      "outcome": [
        "type": "string", "enum": ["new", "changed", "known"],
        "description": "`known`: these bytes were there already, maybe under another name.",
      ], "file": reference("File"),
    ]),
    "FileUsage": closed(["used_bytes": integer(0), "limit_bytes": ["type": ["integer", "null"]]]),
    "FileChunk": closed(
      [
        "chunk_id": id, "ordinal": integer(0), "text": text, "start": integer(0), "end": integer(0),
        "headings": ["type": "array", "items": text], "has_vector": flag,
      ],
      optional: ["page": integer(0), "end_page": integer(0)]),
    "Collection": closed([
      "collection_id": id, "user_id": id, "name": text, "description": text, "created_at": moment,
      "updated_at": moment, "file_count": integer(0), "size_bytes": integer(0), "assistant_count": integer(0),
    ]),
    "FileText": closed([
      "file_id": id, "name": text, "hash": text, "from": integer(0), "to": integer(0), "length": integer(0),
      "text": text,
      "pages": [
        "type": "array",
        "items": closed(["page": integer(0), "start": integer(0), "end": integer(0)]),
      ],
    ]),
  ]

  private static let replies: [String: JSON] = [
    "ThreadState": closed(["values": reference("StateValues"), "next": next]),
    "ThreadHistoryEntry": closed([
      "values": reference("StateValues"), "next": next, "config": reference("CheckpointConfig"),
      "parent": orNull(reference("CheckpointConfig")),
    ]),
    "StateValues": [
      "description": "Messages; for retrieval an object with them; null before the first.",
      "anyOf": [
        list(of: "Message"), closed(["messages": list(of: "Message"), "msg_count": integer(0)]),
        ["type": "null"],
      ],
    ],
    "CheckpointConfig": closed([
      "configurable": closed(["thread_id": id, "checkpoint_ns": ["const": ""], "checkpoint_id": id])
    ]),
    "RunStarted": closed(["status": ["const": "ok"], "run_id": id]),
    "Done": closed(["status": ["const": "ok"]]),
    "OK": closed(["ok": ["const": true]]),
    "Readiness": closed([
      "status": partState, "version": text,
      "parts": [
        "type": "array",
        "items": closed(
          ["name": text, "state": partState, "detail": text],
          optional: ["bytes": ["type": "object", "additionalProperties": integer(0)]]),
      ],
    ]),
    "Error": closed(["detail": text], optional: ["request_id": text]),
    "HTTPValidationError": closed([
      "detail": ["type": "array", "minItems": 1, "items": reference("ValidationError")]
    ]),
    "ValidationError": closed(
      [
        "type": text, "msg": text,
        "loc": ["type": "array", "minItems": 1, "items": ["type": ["string", "integer"]]],
      ],
      optional: ["input": anything, "ctx": object]),
    "RunEvent": event,
    "FileEvent": fileEvent,
    "RunMetadata": closed(["run_id": id]),
    "MessageDelta": closed(
      ["id": text],
      optional: [
        "content": text,
        "tool_calls": [
          "type": "array",
          "items": closed(["index": integer(0), "args": text], optional: ["id": text, "name": text]),
        ],
      ]),
  ]

  static let next: JSON = ["type": "array", "items": choice(Node.self)]
  private static let partState: JSON = ["type": "string", "enum": ["ok", "absent", "degraded", "failed"]]

  /// A file as it is at this moment.
  private static let file: JSON = {
    let statuses = words(File.Status.self)
    let content = closed(["hash": text, "size_bytes": integer(0), "media_type": text])
    return closed(
      [
        "file_id": id, "user_id": id, "name": text, "media_type": text, "size_bytes": integer(0),
        "hash": ["type": "string", "pattern": "^([0-9a-f]{64})?$"], "chunk_count": integer(0),
        "status": ["type": "string", "enum": statuses], "searchable": flag, "created_at": moment,
        "namespace": [
          "oneOf": [
            closed(["assistant_id": id]), closed(["thread_id": id]), closed(["collection_id": id]),
          ]
        ],
      ],
      optional: [
        "error": text, "title": text, "page_count": integer(0), "character_count": integer(0),
        "progress": closed(["done": integer(0)], optional: ["total": integer(0)]), "replacement": content,
        "origin": closed(
          ["url": text],
          optional: [
            "etag": text, "last_modified": text, "fetched_at": moment, "refetch_hours": integer(1),
            "refetch_at": moment,
          ]),
      ])
  }()

  /// One event of a stream of files.
  private static let fileEvent: JSON = [
    "oneOf": .array(
      [
        ("open", list(of: "File")), ("file", reference("File")), ("deleted", closed(["file_id": id])),
      ].map(event))
  ]

  private static func event(_ name: String, _ schema: JSON) -> JSON {
    closed([
      "event": ["const": .string(name)], "id": text,
      "data": ["type": "string", "contentMediaType": "application/json", "contentSchema": schema],
    ])
  }

  /// One event of a run's stream; its data is JSON text.
  private static let event: JSON = {
    let data = [
      ("metadata", reference("RunMetadata")), ("data", list(of: "Message")),
      ("delta", reference("MessageDelta")), ("progress", reference("ToolProgress")),
      ("waiting", reference("ModelWait")), ("error", reference("RunFailure")),
    ]
    let events = data.map(event)
    return ["oneOf": .array(events + [closed(["event": ["const": "end"], "id": text])])]
  }()
}
