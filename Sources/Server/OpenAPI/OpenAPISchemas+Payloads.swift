import Conversation
import Engine

extension OpenAPISchemas {
  static let payloads: [String: JSON] = [
    "AssistantPayload": open(
      [
        "name": ["type": "string", "maxLength": .integer(Limits.nameCharacters)],
        "config": [
          "type": "object",
          "description": "`{\"configurable\": {…}}`; `/runs/config_schema` has what there is to configure.",
        ],
      ],
      optional: ["public": truth]),
    "ThreadPostRequest": thread,
    "ThreadPutRequest": thread,
    "ThreadStatePayload": open(
      ["values": reference("MessagesInput")],
      optional: [
        "config": [
          "type": ["object", "null"],
          "description": """
          `{"configurable": {"checkpoint_id": …}}` writes after that checkpoint instead of after the newest one. \
          A `thread_id` in it must be the one in the path.
          """,
        ]
      ]),
    "CreateRunPayload": onlyOne(
      "input", "decisions",
      of: open(
        ["thread_id": id],
        optional: [
          "input": [
            "description": "What to add before the run. Null goes on with what is next.",
            "anyOf": [reference("MessagesInput")],
          ],
          "decisions": [
            "type": ["array", "null"], "minItems": 1, "items": reference("CallDecision"),
            "description": """
            Goes on with the calls that wait, as a person decided about each. `input` must be null or left out. \
            Without decisions, null as input lets all of them be made as they stand.
            """,
          ],
          "config": [
            "type": ["object", "null"],
            "description": """
            `{"configurable": {…}}`, laid over the assistant's for this run. `checkpoint_id` in it goes on from that \
            checkpoint instead of from the newest one.
            """,
          ],
          "stream_mode": [
            "description": """
            `messages`: again and again the whole message that grows. `deltas`: what is added, and each message once \
            it is whole.
            """,
            "anyOf": [
              orNull(streamMode),
              ["type": "array", "items": streamMode, "minItems": 1, "maxItems": 1],
            ],
          ],
          "on_disconnect": [
            "description": "What becomes of the run when the client that watches it leaves.",
            "anyOf": [orNull(choice(RunPayload.OnDisconnect.self))], "default": "cancel",
          ],
          "multitask_strategy": [
            "description": """
            When the thread is busy: refuse with 409, wait in line, stop the other run keeping what it came to, or \
            stop it and go on from where it had begun.
            """,
            "anyOf": [orNull(choice(MultitaskStrategy.self))], "default": "reject",
          ],
        ])),
    "CallDecision": open(
      ["call_id": text, "action": choice(Approval.Decision.Action.self)],
      optional: [
        "arguments_hash": [
          "type": ["string", "null"], "maxLength": 64,
          "description": "Of the arguments that were seen; needed unless the call is refused.",
        ],
        "arguments": ["description": "What the call is to be made with instead; with `edit`."],
        "reason": [
          "type": ["string", "null"], "maxLength": .integer(Limits.reasonCharacters),
          "description": "What the model is told; with `refuse`.",
        ],
      ]),
    "IngestForm": open(
      [
        "files": [
          "type": "array", "minItems": 1, "maxItems": .integer(Limits.filesPerUpload),
          "items": ["type": "string", "format": "binary"],
        ],
        "config": [
          "type": "string", "contentMediaType": "application/json",
          "description": """
          JSON text: `{"configurable": {"assistant_id": …}}`, or `thread_id`, or `collection_id`; exactly one.
          """,
          "contentSchema": open(["configurable": ["type": "object"]]),
        ],
      ],
      optional: [
        "folder": [
          "type": "string", "description": "The folder the files came from; their names begin with it.",
        ]
      ]),
    "PagePayload": open([
      "url": [
        "type": "string", "maxLength": .integer(HTTPLimits.pageAddressBytes),
        "pattern": "^ *[hH][tT][tT][pP]",
      ],
      "config": [
        "type": "object",
        "description":
          "`{\"configurable\": {…}}` with exactly one of assistant_id, thread_id, collection_id.",
      ],
    ]),
    "RefetchPayload": open(
      [:],
      optional: [
        "hours": [
          "description": "After how many it is fetched again; null or nothing for never.",
          "type": ["integer", "null"], "minimum": .integer(HTTPLimits.refetchHours.lowerBound),
          "maximum": .integer(HTTPLimits.refetchHours.upperBound),
        ]
      ]),
    "CollectionPayload": open(
      ["name": ["type": "string", "maxLength": .integer(Limits.nameCharacters)]],
      optional: [
        "description": ["type": ["string", "null"], "maxLength": .integer(Limits.nameCharacters)]
      ]),
  ]

  private static let thread = open([
    "name": ["type": "string", "description": "Cut after \(Limits.nameCharacters) characters."],
    "assistant_id": id,
  ])

  /// A truth value in any of the spellings that pydantic reads.
  private static let truth: JSON = [
    "description": "Whether everybody may read and use it.", "default": false,
    "anyOf": [
      ["type": "boolean"], ["enum": [0, 1]],
      ["type": "string", "pattern": .string("^(?:\(spellings))$")],
    ],
  ]

  private static let spellings = ["true", "t", "yes", "y", "on", "1", "false", "f", "no", "n", "off", "0"].map
  {
    $0.map { $0.isLetter ? "[\($0)\($0.uppercased())]" : String($0) }.joined()
  }.joined(separator: "|")
}
