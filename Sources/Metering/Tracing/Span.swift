package import Conversation

/// One thing that was done for a run: when it began, how long it took, what is known of it.
///
/// Attributes go by the names of OpenTelemetry's semantic conventions for generative AI (1.41, in development:
/// <https://opentelemetry.io/docs/specs/semconv/gen-ai/>), and begin with `opengpts.` where those have none. They
/// hold sizes, counts and names; what was said only where a person who runs the program wanted it.
package struct Span: Codable, Sendable, Equatable {
  package var id: SpanID
  /// The span that it was done for; nil for the run itself.
  package var parentID: SpanID?
  package var kind: Kind
  package var name: String
  package var startedAt: Timestamp
  /// Nil while it goes on.
  package var microseconds: Int?
  package var failure: Failure?
  package var attributes: [String: JSON]
  package var events: [Event]

  /// What is done, by the part of the program that does it.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case run, step, model, tool, search, embedding, vectors, words, fusion, proof, checkpoint
  }

  /// How it failed: safe to show.
  package struct Failure: Codable, Sendable, Equatable {
    /// Stable, for programs: the code of a run's failure, `tool_failed`, `cancelled`, …
    package var type: String
    package var message: String?

    package init(type: String, message: String? = nil) {
      self.type = type
      self.message = message
    }
  }

  /// A moment within it.
  package struct Event: Codable, Sendable, Equatable {
    package var name: String
    package var at: Timestamp
    package var attributes: [String: JSON]

    package init(name: String, at: Timestamp = .now, attributes: [String: JSON] = [:]) {
      self.name = name
      self.at = at
      self.attributes = attributes
    }
  }

  package init(
    id: SpanID = .random(), parentID: SpanID?, kind: Kind, name: String, startedAt: Timestamp = .now,
    microseconds: Int? = nil, attributes: [String: JSON] = [:]
  ) {
    self.id = id
    self.parentID = parentID
    self.kind = kind
    self.name = name
    self.startedAt = startedAt
    self.microseconds = microseconds
    self.attributes = attributes
    events = []
  }

  package enum CodingKeys: String, CodingKey {
    case kind, name, attributes, events
    case id = "span_id"
    case parentID = "parent_id"
    case startedAt = "started_at"
    case microseconds = "duration_microseconds"
    case failure = "error"
  }
}

/// Eight bytes that name a span within its trace, in hex on the wire (W3C Trace Context, `parent-id`).
package struct SpanID: Hashable, Sendable {
  package let value: UInt64

  package init(_ value: UInt64) {
    self.value = value
  }

  package static func random() -> Self {
    Self(.random(in: 1 ... .max))
  }
}

extension SpanID: LosslessStringConvertible, Codable {
  /// Nil unless it is sixteen hexadecimal digits.
  package init?(_ text: String) {
    guard text.utf8.count == 16, text.allSatisfy(\.isHexDigit), let value = UInt64(text, radix: 16) else {
      return nil
    }
    self.init(value)
  }

  package var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let id = Self(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a span's id"))
    }
    self = id
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
