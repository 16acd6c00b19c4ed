import Conversation
import HTTPTypes

/// What a page needs beside the original's routes: the ways of a thread, opinions, search, one's own things.
extension OpenAPIDocument {
  static let pageOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/lineage", id: "get_thread_lineage", noun: .threads,
      summary: "Where each message of a thread came from, and which other ways were taken",
      answer: .json(Schemas.reference("Lineage"), "The way to where the thread stands.")),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/timeline", id: "get_thread_timeline", noun: .threads,
      summary: "The checkpoints of a thread with what each changed, newest first, on all its ways",
      query: [
        .init(
          name: "limit", description: "How many at most.",
          schema: Schemas.integer(0, Limits.timelineRowsMaximum, default: Limits.timelineRows)),
        .init(name: "before", description: "Only those before this checkpoint.", schema: Schemas.id),
      ],
      answer: .json(Schemas.list(of: "TimelineEntry"), "A page of its checkpoints.")),
    DocumentedOperation(
      method: .put, path: "/threads/{thread_id}/head", id: "select_checkpoint", noun: .threads,
      summary: "Let a thread stand at another of its checkpoints; what is said next follows that one",
      body: .json("CheckpointChoice"),
      answer: .json(Schemas.reference("Lineage"), "The way to there."), refusals: [.conflict]),
    DocumentedOperation(
      method: .post, path: "/threads/{thread_id}/fork", id: "fork_thread", noun: .threads,
      summary: "Make a new thread of what led to a checkpoint, with the files of the old one",
      body: .json("ForkPayload"), answer: .json(Schemas.reference("Thread"), "The new thread.")),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/feedback", id: "list_thread_feedback", noun: .threads,
      summary: "What you thought of a thread's runs", query: paging,
      answer: .json(Schemas.list(of: "Feedback"), "One for each run and key.")),
    DocumentedOperation(
      method: .post, path: "/runs/feedback", id: "create_feedback", noun: .runs,
      summary: "Say what you thought of a run, in the place of what you thought before",
      body: .json("FeedbackPayload"), answer: .json(Schemas.reference("Done"), "It is kept."),
      refusals: [.notFound]),
    DocumentedOperation(
      method: .get, path: "/runs/failed", id: "list_failed_runs", noun: .runs,
      summary: "Your runs that failed, newest first", query: paging,
      answer: .json(Schemas.list(of: "Run"), "Each with why.")),
    DocumentedOperation(
      method: .get, path: "/search/everything", id: "search_everything", noun: .threads,
      summary: "Search your messages, files, assistants and threads",
      query: [
        .init(
          name: "query", description: "Words; the last may be a beginning.",
          schema: ["type": "string", "minLength": 1, "example": "a"], isRequired: true),
        .init(
          name: "kind", description: "One kind alone.",
          schema: ["type": "string", "enum": ["messages", "passages", "assistants", "threads"]]),
        .init(
          name: "limit", description: "How many of each kind at most.",
          schema: Schemas.integer(1, Limits.foundRowsMaximum, default: Limits.foundRows)),
        .init(
          name: "offset", description: "How many to leave out at the beginning.",
          schema: Schemas.integer(0, .max, default: 0)),
      ],
      answer: .json(Schemas.reference("FoundThings"), "What was found, by kind.")),
    DocumentedOperation(
      method: .get, path: "/preferences", id: "list_preferences", noun: .server,
      summary: "What you set for yourself", answer: .json(["type": "object"], "Values by name.")),
    DocumentedOperation(
      method: .post, path: "/preferences", id: "set_preferences", noun: .server,
      summary: "Set some of your preferences; null takes one back", body: .json("Preferences"),
      answer: .json(["type": "object"], "All of them.")),
    DocumentedOperation(
      method: .get, path: "/export", id: "export_everything", noun: .server,
      summary: """
        Everything you own in one document: assistants, threads with their runs and traces, files with their \
        bytes, preferences
        """,
      answer: .json(Schemas.reference("Export"), "The document.")),
  ]
}

extension OpenAPISchemas {
  static let pageSchemas: [String: JSON] = [
    "Lineage": closed(
      [
        "messages": [
          "type": "array",
          "items": closed(
            ["message_id": text, "checkpoint_id": id, "created_at": moment],
            optional: ["before": id, "run_id": id]),
        ],
        "forks": [
          "type": "array",
          "items": closed([
            "message_id": text,
            "alternatives": [
              "type": "array", "minItems": 2, "items": closed(["checkpoint_id": id, "is_current": flag]),
            ],
          ]),
        ],
      ], optional: ["head": id, "end": id]),
    "TimelineEntry": closed([
      "checkpoint_id": id, "parent_id": orNull(id), "run_id": orNull(id), "step": integer(0),
      "source": ["type": "string", "enum": ["input", "loop", "update"]], "node": orNull(choice(Node.self)),
      "next": next, "created_at": moment, "is_current": flag,
      "writes": [
        "type": "array",
        "items": closed(
          [
            "message_id": text, "is_removed": flag, "excerpt": text,
            "tools": ["type": "array", "items": text],
          ], optional: ["type": text]),
      ],
    ]),
    "Feedback": closed([
      "run_id": id, "key": text, "score": ["type": ["number", "boolean", "null"]], "value": anything,
      "comment": orNull(text), "updated_at": moment,
    ]),
    "FoundThings": closed(
      [:],
      optional: [
        "messages": found(
          closed([
            "thread_id": id, "thread_name": text, "message_id": text, "type": text, "checkpoint_id": id,
            "created_at": moment, "excerpt": excerpt,
          ])),
        "passages": found(
          closed(
            ["file_id": id, "file_name": text, "start": integer(0), "end": integer(0), "excerpt": excerpt],
            optional: ["page": integer(0)])),
        "assistants": found(reference("Assistant")),
        "threads": found(reference("Thread")),
      ]),
    "Export": closed([
      "exported_at": moment, "preferences": object,
      "assistants": [
        "type": "array",
        "items": closed([
          "assistant": reference("Assistant"), "versions": list(of: "AssistantVersion"), "files": files,
        ]),
      ],
      "threads": [
        "type": "array",
        "items": closed([
          "thread": reference("Thread"), "messages": list(of: "Message"), "feedback": list(of: "Feedback"),
          "runs": list(of: "Trace"), "files": files,
        ]),
      ],
    ]),

    "CheckpointChoice": open(["checkpoint_id": id]),
    "ForkPayload": open([:], optional: ["checkpoint_id": orNull(id), "name": orNull(text)]),
    "FeedbackPayload": open(
      [
        "run_id": id,
        "key": ["type": "string", "minLength": 1, "maxLength": .integer(Limits.feedbackKeyScalars)],
      ],
      optional: [
        "score": ["type": ["number", "boolean", "null"]], "value": anything,
        "comment": orNull(["type": "string", "maxLength": .integer(Limits.feedbackScalars)]),
      ]),
    "Preferences": [
      "type": "object", "maxProperties": .integer(Limits.preferences),
      "propertyNames": ["minLength": 1, "maxLength": .integer(Limits.feedbackKeyScalars)],
      "description": "A value has at most \(Limits.preferenceBytes) bytes.",
    ],
  ]

  /// Files with their bytes in Base64.
  private static let files: JSON = ["type": "array", "items": object]

  private static let excerpt: JSON = [
    "type": "array", "items": closed(["text": text, "is_match": flag]),
  ]

  private static func found(_ item: JSON) -> JSON {
    closed(["items": ["type": "array", "items": item], "has_more": flag])
  }
}
