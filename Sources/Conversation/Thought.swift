/// What a model thought before it spoke or called a tool, as its vendor wants it back.
///
/// Vendors sign what their models thought and refuse, or answer worse, when it is missing from the next
/// request. It is kept in the message's `additional_kwargs.reasoning`, with its place in the text.
package struct Thought: Codable, Sendable, Hashable {
  /// Whose it is; no other vendor is shown it.
  package var vendor: String
  /// What may be read of it; may be empty.
  package var text: String
  /// The vendor's proof that the thought is its own.
  package var signature: String?
  /// A thought that only the vendor can read.
  package var redacted: String?
  /// The call it led to, where the vendor ties them together.
  package var callID: String?
  /// Unicode scalars of the message's text that came before it.
  package var after: Int

  package init(
    vendor: String, text: String = "", signature: String? = nil, redacted: String? = nil,
    callID: String? = nil, after: Int = 0
  ) {
    self.vendor = vendor
    self.text = text
    self.signature = signature
    self.redacted = redacted
    self.callID = callID
    self.after = after
  }

  package enum CodingKeys: String, CodingKey {
    case vendor, text, signature, redacted, after
    case callID = "call_id"
  }
}

extension Message {
  /// The key of `additional_kwargs` that thoughts are kept under.
  package static let thoughtsKey = "reasoning"

  /// What the model thought on the way to this message; empty when that makes no sense as such.
  package var thoughts: [Thought] {
    get { (try? additionalKwargs[Self.thoughtsKey]?.decoded(as: [Thought].self)) ?? [] }
    set { additionalKwargs[Self.thoughtsKey] = newValue.isEmpty ? nil : try? JSON(encoding: newValue) }
  }
}
