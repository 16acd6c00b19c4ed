import Documents
import Testing

struct SentencesTests {
  private func split(_ text: String) -> [String] {
    sentences(in: text).map { String(text[$0]) }
  }

  @Test(arguments: [
    ("One. Two! Three? Four…", ["One.", "Two!", "Three?", "Four…"]),
    ("He said “Stop.” Then he left.", ["He said “Stop.”", "Then he left."]),
    (
      "Dr. Smith met J. R. Jones at 3.14 km. It rained.",
      ["Dr. Smith met J. R. Jones at 3.14 km.", "It rained."]
    ),
    ("See e.g. Fig. 3 and No. 7. Done.", ["See e.g. Fig. 3 and No. 7.", "Done."]),
    ("Is the answer no. That is it.", ["Is the answer no.", "That is it."]),
    ("Am 3. Oktober kam z.B. Herr Nr. 5. Er ging.", ["Am 3. Oktober kam z.B. Herr Nr. 5.", "Er ging."]),
    ("In the U.S. Army. He left the U.S. The end.", ["In the U.S. Army.", "He left the U.S.", "The end."]),
    ("今天很好。我们走吧！好吗？好", ["今天很好。", "我们走吧！", "好吗？", "好"]),
    ("他说：“走。”然后走了。", ["他说：“走。”", "然后走了。"]),
    ("A line that\nis wrapped. Next.", ["A line that\nis wrapped.", "Next."]),
    ("No stop here\n\nNew paragraph", ["No stop here", "New paragraph"]),
    ("Buy:\n- milk\n- eggs\n2. bread", ["Buy:", "- milk", "- eggs", "2. bread"]),
    ("1. First thing. 2. Second thing.", ["1. First thing.", "2. Second thing."]),
    ("# Title\nText goes on. More.", ["# Title", "Text goes on.", "More."]),
    ("a | b | c\nd | e | f", ["a | b | c", "d | e | f"]),
    ("version 2.0.1 of foo.bar works. Yes.", ["version 2.0.1 of foo.bar works.", "Yes."]),
    ("", []),
    (" \n ", []),
    ("...", ["..."]),
    ("यह एक है। यह दो है।", ["यह एक है।", "यह दो है।"]),
  ])
  func `sentences end where a reader would end them`(text: String, expected: [String]) {
    #expect(split(text) == expected)
  }

  @Test func `every letter is in exactly one sentence of a random text`() {
    let seed = UInt64.random(in: .min ... .max)
    print("seed \(seed)")
    var numbers = SeededNumbers(seed: seed)
    let pieces = ["a", "B", ".", "。", " ", "\n", "\n\n", "1", "\"", "e\u{301}", "Dr", "- ", "!", "…", "|"]
    for _ in 0..<200 {
      let count = Int.random(in: 0...60, using: &numbers)
      let text = (0..<count).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
      let ranges = sentences(in: text)
      let letters = { (part: Substring) in part.unicodeScalars.filter { !$0.properties.isWhitespace } }
      #expect(ranges.map { letters(text[$0]) }.joined().elementsEqual(letters(text[...])))
      #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
    }
  }
}
