import Testing

@testable import Engine

@Suite struct FollowUpTests {
  @Test(arguments: [
    (["How long is the warranty of the pump?", "And of the motor?"], 2),
    (["How long is the warranty of the pump?", "Does it cover damage by frost in winter?"], 2),
    (["How long is the warranty?", "Why?", "And abroad?"], 3),
    (["How long is the warranty?", "Which oil does the gearbox of the crane need?"], 1),
    (["Wie lange gilt die Garantie der Pumpe?", "Was ist davon ausgenommen bei Frost und Hitze?"], 2),
    (["这个泵的保修期是多久?", "它包括霜冻造成的损坏吗?"], 2), (["x", "如何更换这台起重机变速箱的机油"], 2),
    (["泵的保修期是多久?", "起重机变速箱需要哪种机油呢"], 1), (["Why?"], 1), ([], 0),
  ])
  func `a question that leans on the one before brings it along`(questions: [String], count: Int) {
    #expect(FollowUp.query(questions) == questions.suffix(count).joined(separator: " "))
  }

  @Test func `no more than three questions before are brought along`() {
    let questions = (0..<9).map { "Why \($0)?" }
    #expect(FollowUp.query(questions) == questions.suffix(4).joined(separator: " "))
  }

  @Test func `questions of several lines are read whole`() {
    let transcript = "Human: One\ntwo?\nAI: Three\nHuman-like four\nHuman: Five?"
    #expect(FollowUp.questions(in: transcript) == ["One\ntwo?", "Five?"])
  }

  @Test(arguments: [
    ("warranty of the pump", "warranty of the pump"), ("\n \"warranty\" \nBecause…", "warranty"),
    ("Search query: warranty", "warranty"), (" \n ", nil), ("…?", nil),
    (String(repeating: "word ", count: 200), nil),
  ])
  func `what a model writes is brought to one line`(reply: String, query: String?) {
    #expect(FollowUp.query(writtenAs: reply) == query)
  }
}
