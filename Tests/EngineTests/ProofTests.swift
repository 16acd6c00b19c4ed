import Conversation
import Documents
import Foundation
import Store
import Testing

@testable import Engine

@Suite struct QuotationTests {
  private let source = QuotedText(
    """
    The pump must not run dry for more than ten seconds. Oil the bear-
    ing every 200 hours, at −5 °C or below twice as often (see § 4).

    Die Größe „7“ fördert 42 Liter. 泵在冬天必须排空。 Costs rose by 3.5% in 2024.
    """)

  @Test(arguments: [
    "The pump must not run dry for more than ten seconds.", "run dry for\n more than ten", "42 Liter.",
    "泵在冬天必须排空",
  ])
  func `words that stand there are exact, white space aside`(quotation: String) {
    #expect(source.find(quotation)?.state == .exact)
  }

  @Test(arguments: [
    "the pump must not run dry for more than ten seconds", "Oil the bearing every 200 hours",
    "The pump must not run dry … every 200 hours",
    "Die Grosse \"7\" fördert 42 Liter".replacing("Grosse", with: "Große"),
    "The pump must not run dry for more then ten seconds".replacing("then", with: "than").uppercased(),
    "Oil the bearring every 200 hours", "run dry [...] ten seconds",
  ])
  func `the same words in other letters are near`(quotation: String) {
    #expect(source.find(quotation)?.state == .near, "\(quotation)")
  }

  @Test(arguments: [
    "The pump must run dry for more than ten seconds.",
    "The pump must not run dry for more than two seconds.",
    "Oil the bearing every 300 hours", "at 5 °C or below", "Costs rose by 3.5 in 2024",
    "Costs fell by 3.5% in 2024",
    "42 Liter fördert die Größe", "every 200 hours … must not run dry", "泵在夏天必须排空",
  ])
  func `words that say something else are not found`(quotation: String) {
    #expect(source.find(quotation) == nil, "\(quotation)")
  }

  @Test func `the place is that of the words in the source`() throws {
    let text = "Ä 🦜 one two three four."
    let (range, _) = try #require(QuotedText(text).find("one two three"))
    #expect(Array(text.unicodeScalars)[range].map(String.init).joined() == "one two three")
  }

  @Test func `an answer's quotations are found with their marks, and nothing else`() {
    let answer = """
      The manual says “must not run dry for long” [2], and "oil it every day" too.

      > Replace the seal **once a year**. [1]
      > Drain it in winter. [3]

      A so-called "seal" and `code "with three words"` are none. „Nicht trocken laufen lassen“ [4]

      ```
      "not this one here"
      ```
      > A block without a mark of its own
      [5]
      """
    let found = QuotationReader.quotations(in: answer)
    #expect(
      found.map(\.text) == [
        "must not run dry for long", "oil it every day", "Replace the seal **once a year**.",
        "Drain it in winter.",
        "Nicht trocken laufen lassen", "A block without a mark of its own",
      ])
    #expect(found.map(\.number) == [2, nil, 1, 3, 4, 5])
    let scalars = Array(answer.unicodeScalars)
    let first = scalars[found[0].answerStart..<found[0].answerEnd]
    #expect(first.map(String.init).joined() == "must not run dry for long")
  }
}

@Suite struct ProofTests {
  @Test func `a planted false quotation is marked as not found, a true one with its place`() async throws {
    let model = ScriptedModel([
      .say(
        "It says \"The pump must not run dry\" [1], and \"The pump may run dry for an hour\" [1]. You asked "
          + "\"may it run dry for long\" [1].")
    ])
    let bench = try await TestBench(model)
    let thread = try await bench.thread(["type": "chat_retrieval"])
    let file = try await bench.ingest(
      "A note.\n\nThe pump must not run dry for more than ten seconds.", named: "a.txt", into: .thread(thread)
    )
    let events = try await bench.turn(thread, "pump: may it run dry for long")
    let answer = try #require(events.committed.last { $0.role == .ai })
    let found = try #require(try answer.additionalKwargs["quotations"]?.decoded(as: [Quotation].self))
    #expect(found.map(\.state) == [.exact, .notFound])
    #expect(found[1].text == "The pump may run dry for an hour" && found[1].place == nil)
    let place = try #require(found[0].place)
    #expect(place.fileID == file.id && place.hash == file.hash && place.start == 9 && place.end == 34)
    let citations = try answer.additionalKwargs["citations"]?.decoded(as: [Citation].self)
    #expect(citations?.first?.hash == file.hash)
  }

  @Test func `all citations of two hundred extractive answers open the very words`() async throws {
    let bench = try await TestBench(ScriptedModel([]))
    let collection = try await bench.store.saveCollection(
      .random(), of: bench.user.id, name: "Manuals", description: "")
    let texts = (0..<20).map(Self.document)
    for (number, text) in texts.enumerated() {
      try await bench.ingest(text, named: "\(number).md", into: .collection(collection.id))
    }
    var checked = 0
    for number in 0..<200 {
      let thread = try await bench.thread([
        "type": "chat_retrieval", "llm_type": .string(Engine.builtInModelName),
        "collections": [.string(collection.id.description)],
      ])
      let events = try await bench.turn(thread, Self.question(number))
      let answer = try #require(events.committed.last { $0.role == .ai && $0.toolCalls.isEmpty })
      let citations = try answer.additionalKwargs["citations"]?.decoded(as: [Citation].self) ?? []
      for citation in citations {
        let text = try #require(try await bench.store.text(of: citation.fileID)?.text)
        let scalars = Array(text.unicodeScalars)[citation.start..<citation.end]
        #expect(scalars.map(String.init).joined() == citation.quote)
        #expect(text.contains(citation.quote) && citation.hash?.isEmpty == false)
        checked += 1
      }
      let quotations = try answer.additionalKwargs["quotations"]?.decoded(as: [Quotation].self) ?? []
      #expect(quotations.allSatisfy { $0.state == .exact }, "\(answer.text)")
      #expect(quotations.count == citations.count)
    }
    #expect(checked >= 200, "\(checked) citations of 200 answers")
  }

  private static let parts = [
    "pump", "seal", "bearing", "valve", "Größe-7 rotor", "filter", "gasket", "泵阀", "shaft", "motor",
  ]
  private static let verbs = ["leaks", "wears out", "overheats", "must be oiled", "is replaced", "freezes"]

  private static func document(_ number: Int) -> String {
    let part = parts[number % parts.count]
    let lines = (0..<30).map { line in
      "The \(part) number \(number)\(line) \(verbs[line % verbs.count]) after \(line * 7 + 3) hours – see “note \(line)”.  "
        + "It costs \(line).50 €.\(line % 5 == 0 ? "\n\n## Part \(line)\n\n" : " ")"
    }
    return "# Manual \(number) 🦜\n\n" + lines.joined()
  }

  private static func question(_ number: Int) -> String {
    "When does the \(parts[number % parts.count]) number \(number % 20)\(number % 30) fail, and what \(verbs[number % verbs.count])?"
  }
}
