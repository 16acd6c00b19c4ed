import Conversation
import Testing

@testable import Engine

/// Structured results against the schemas that tools promise.
@Suite struct SchemaCheckTests {
  private static let schema: JSON = [
    "type": "object", "required": ["id", "tags"], "additionalProperties": false,
    "properties": [
      "id": ["type": "integer", "minimum": 1],
      "tags": ["type": "array", "items": ["type": "string"], "maxItems": 2],
      "kind": ["enum": ["a", "b", nil]], "size": ["anyOf": [["type": "number"], ["const": "none"]]],
      "pair": ["prefixItems": [["type": "string"], ["type": "boolean"]], "items": false],
      "who": ["oneOf": [["required": ["name"]], ["required": ["alias"]]]],
      "word": ["type": ["string", "null"], "minLength": 2, "not": ["const": "no"]],
    ],
  ]

  @Test(arguments: [
    #"{"id": 1, "tags": []}"#, #"{"id": 1.0, "tags": ["x", "y"], "kind": null, "size": 2.5}"#,
    #"{"id": 3, "tags": [], "size": "none", "pair": ["x", true], "who": {"name": "n"}, "word": null}"#,
  ])
  func `what keeps to a schema passes`(text: String) throws {
    #expect(SchemaCheck.problem(in: try JSON(parsing: text), by: Self.schema) == nil)
  }

  @Test(arguments: [
    (#"[]"#, "result must be of type object"), (#"{"id": 1}"#, "result lacks tags"),
    (#"{"id": 1.5, "tags": []}"#, "result.id must be of type integer"),
    (#"{"id": 0, "tags": []}"#, "result.id breaks minimum"),
    (#"{"id": 1, "tags": ["a", 2]}"#, "result.tags[1] must be of type string"),
    (#"{"id": 1, "tags": ["a", "b", "c"]}"#, "result.tags breaks maxItems"),
    (#"{"id": 1, "tags": [], "kind": "c"}"#, "result.kind is none of"),
    (#"{"id": 1, "tags": [], "size": "many"}"#, "result.size fits none"),
    (#"{"id": 1, "tags": [], "pair": ["x", true, 3]}"#, "result.pair[2] must not be there"),
    (#"{"id": 1, "tags": [], "who": {"name": "n", "alias": "a"}}"#, "does not fit exactly one"),
    (#"{"id": 1, "tags": [], "word": "no"}"#, "what it must not be"),
    (#"{"id": 1, "tags": [], "word": "x"}"#, "result.word breaks minLength"),
    (#"{"id": 1, "tags": [], "more": 1}"#, "result.more must not be there"),
  ])
  func `what does not is told with its place`(text: String, words: String) throws {
    let problem = SchemaCheck.problem(in: try JSON(parsing: text), by: Self.schema)
    #expect(problem?.contains(words) == true, "\(problem ?? "nothing")")
  }
}
