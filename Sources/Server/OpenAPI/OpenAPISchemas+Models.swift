import Conversation
import Providers
import Store

extension OpenAPISchemas {
  private static let truth: JSON = ["type": "boolean"]
  private static let number: JSON = ["type": "number", "minimum": 0]
  private static let toolUse = choice(ModelDefinition.ToolUse.self)

  static let models: [String: JSON] = [
    "Embedding": closed(
      ["serving": text, "dimensions": integer(1), "wanted": text],
      optional: [
        "beside": closed(
          ["model": text, "state": choice(StoredSpace.State.self)],
          optional: [
            "progress": closed(
              ["made": integer(0), "all": integer(0), "indexing": truth], optional: ["problem": text])
          ])
      ]),
    "Model": closed(
      [
        "name": text, "provider": text, "provider_title": text, "model": text,
        "origin": choice(ModelCatalog.Origin.self), "pinned": truth, "usable": truth, "problem": orNull(text),
        "tools": toolUse, "images": truth, "thinking": truth, "context_tokens": orNull(integer(1)),
        "max_output_tokens": orNull(integer(1)), "input_price": orNull(number),
        "output_price": orNull(number),
        "cached_input_price": orNull(number), "effort": orNull(text), "fallback": orNull(text),
        "cache": truth,
      ],
      optional: ["base_url": orNull(text), "has_key": truth]),
    "ModelPayload": closed(
      ["provider": text, "model": text],
      optional: [
        "name": ["description": "Means nothing here: the name is that of the path."],
        "base_url": [
          "description": "In place of the provider's own address.", "type": ["string", "null"],
        ],
        "api_key": [
          "description": "Never sent back. Without it the key there is stays; an empty one takes it away.",
          "type": ["string", "null"],
        ],
        "context_tokens": orNull(integer(1)), "max_output_tokens": orNull(integer(1)),
        "input_price": [
          "description": "US dollars per million tokens, as the other prices.", "anyOf": [orNull(number)],
        ],
        "output_price": orNull(number), "cached_input_price": orNull(number), "tools": orNull(toolUse),
        "images": orNull(truth), "thinking": orNull(truth), "cache": orNull(truth),
        "effort": [
          "description": "How hard it thinks, in the vendor's words.", "type": ["string", "null"],
        ],
        "fallback": [
          "description": "The name of the model asked when this one cannot be.", "type": ["string", "null"],
        ],
      ]),
    "Provider": closed(["id": text, "title": text, "base_url": orNull(text), "needs_key": truth]),
    "Pull": closed(
      ["model": text, "status": text, "is_done": truth, "has_failed": truth],
      optional: ["share": ["type": "number", "minimum": 0, "maximum": 1]]),
    "PullPayload": open([
      "model": ["type": "string", "pattern": "\\S", "maxLength": .integer(Limits.pulledNameCharacters)]
    ]),
    "Usage": closed([
      "group_by": text, "total": reference("UsageTotal"), "items": list(of: "UsageTotal"),
    ]),
    "UsageTotal": closed(
      [
        "calls": integer(0), "input_tokens": integer(0), "cached_tokens": integer(0),
        "output_tokens": integer(0),
        "cost_micros": [
          "type": "integer", "minimum": 0,
          "description": "Millionths of a US dollar, of the calls whose price is known.",
        ], "unpriced_calls": integer(0),
      ],
      optional: ["key": ["description": "The day, model, assistant or user.", "type": "string"]]),
  ]
}
