package import Conversation
import Providers

/// The chat bot: one model call a turn, with its instructions and the whole conversation.
package struct ChatbotGraph: Graph {
  package let systemMessage: String

  package var entry: Node { .chatbot }

  package func next(after node: Node, in state: ThreadState) -> Node? {
    node == .start ? .chatbot : nil
  }

  package func work(of node: Node, in state: ThreadState) -> Work {
    .callModel(ModelCall(request: ChatRequest(system: systemMessage, messages: state.messages)))
  }
}
