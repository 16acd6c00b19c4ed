import Foundation
import Testing

@testable import Documents

/// YAML that strangers wrote, as JSON.
@Suite struct YAMLTests {
  private func json(_ yaml: String) async throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "yaml-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(yaml.utf8).write(to: URL(filePath: path))
    return try await DocumentParser.inProcess().json(ofYAMLAt: path)
  }

  private func value(_ yaml: String) async throws -> NSDictionary {
    try #require(try JSONSerialization.jsonObject(with: Data(try await json(yaml).utf8)) as? NSDictionary)
  }

  @Test func `what stands bare means what it does in JSON, and nothing else`() async throws {
    let found = try await value(
      """
      openapi: 3.1.0
      version: 1.0
      port: 8080
      deprecated: false
      nothing: ~
      norway: no
      answer: yes
      date: 2026-11-25
      octal: 0o17
      quoted: "42"
      block: |
        two
        lines
      200: {description: fine, tags: [a, "b"]}
      """)
    let expected: NSDictionary = [
      "openapi": "3.1.0", "version": 1.0, "port": 8080, "deprecated": false, "nothing": NSNull(),
      "norway": "no",
      "answer": "yes", "date": "2026-11-25", "octal": "0o17", "quoted": "42", "block": "two\nlines\n",
      "200": ["description": "fine", "tags": ["a", "b"]],
    ]
    #expect(found == expected)
  }

  @Test func `an alias stands for what it names`() async throws {
    #expect(try await json("a: &x [1, 2]\nb: *x\n").contains(#""b":[1,2]"#))
  }

  @Test func `a few lines that stand for billions of values are refused`() async throws {
    let levels = (1...12).map { level in
      "l\(level): &l\(level) [\(Array(repeating: level == 1 ? "x" : "*l\(level - 1)", count: 10).joined(separator: ", "))]"
    }
    await #expect(throws: DocumentError.tooLarge(.parts, limit: YAMLConversion.values)) {
      _ = try await json(levels.joined(separator: "\n"))
    }
  }

  @Test(arguments: [150, 5_000])
  func `what lies too deep is refused`(levels: Int) async throws {
    let yaml = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    await #expect(throws: DocumentError.self) { _ = try await json(yaml) }
  }

  @Test(arguments: [
    ("a: 1\na: 2", "twice"), ("a: [1", "line 2"), ("a: *b", "alias"), ("? [a]\n: b", "no text"),
    ("a: 1\n---\nb: 2", "another document"), ("a:\n\t- b", "line 2"),
  ])
  func `what is no description is told with its line`(yaml: String, words: String) async throws {
    let error = await #expect(throws: DocumentError.self) { _ = try await json(yaml) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
}
