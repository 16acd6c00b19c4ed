import Conversation
import Testing

@Suite struct ValueTests {
  @Test(arguments: [
    "2026-11-23T04:17:54.090886Z", "1969-12-31T23:59:59.999999Z", "2000-02-29T00:00:00.000000Z",
  ])
  func `a timestamp reads what it writes to the microsecond`(text: String) {
    #expect(Timestamp(text)?.description == text)
  }

  @Test(arguments: [
    "", "2026-11-23", "2026-11-23T04:17:54.0908Z", "2026-13-23T04:17:54.090886Z",
    "x026-11-23T04:17:54.090886Z",
  ])
  func `what is no timestamp is refused`(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func `ids in the order of time sort as text`() {
    let early = Identifier<Run>.timeOrdered(at: Timestamp(microseconds: 1_000_000_000_000))
    let late = Identifier<Run>.timeOrdered(at: Timestamp(microseconds: 1_000_000_001_000))
    #expect(early.description < late.description)
    #expect(early.description.count == 36)
  }

  @Test func `ids are lower case whatever case they came in`() {
    let id = Identifier<Run>("D20B2E65-E99F-54C9-95C8-60D0004DF974")
    #expect(id?.description == "d20b2e65-e99f-54c9-95c8-60d0004df974")
    #expect(Identifier<Run>("{D20B2E65-E99F-54C9-95C8-60D0004DF97}") == nil)
  }

  @Test func `json keeps integers apart from numbers and all of its text`() throws {
    let json = try JSON(parsing: #"{"i":1,"n":1.5,"s":"é\n/","b":true,"z":null,"a":[9007199254740993]}"#)
    #expect(json["i"] == .integer(1))
    #expect(json["a"]?[0] == .integer(9_007_199_254_740_993))
    #expect(json.text == #"{"a":[9007199254740993],"b":true,"i":1,"n":1.5,"s":"é\n/","z":null}"#)
  }
}
