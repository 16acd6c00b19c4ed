import Conversation
import Testing

@Suite struct ThreadStateTests {
  @Test func `a known id is replaced in place and a new one appended`() {
    var state = ThreadState(messages: [.human("one", id: "1"), .human("two", id: "2")])
    state.apply(StateUpdate(messages: [.human("uno", id: "1"), .human("three", id: "3")]))
    #expect(state.messages.map(\.text) == ["uno", "two", "three"])
  }

  @Test func `a removed message is gone and its id can come back at the end`() {
    var state = ThreadState(messages: [.human("one", id: "1"), .human("two", id: "2")])
    state.apply(StateUpdate(removed: ["1", "unknown"]))
    state.apply(StateUpdate(messages: [.human("again", id: "1")]))
    #expect(state.messages.map(\.text) == ["two", "again"])
    #expect(state.message(withID: "2")?.text == "two")
  }

  @Test func `counts add up`() {
    var state = ThreadState()
    state.apply(StateUpdate(messageCount: 1))
    state.apply(StateUpdate(messageCount: 2))
    #expect(state.messageCount == 3)
  }
}
