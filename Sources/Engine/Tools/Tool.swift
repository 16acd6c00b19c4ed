package import Conversation
package import Providers

/// Something a model may call.
package protocol Tool: Sendable {
  var specification: ToolSpecification { get }
  /// Whether a call changes nothing anywhere.
  var readsOnly: Bool { get }
  /// Whether a call that may have happened already can be made again.
  var isRepeatable: Bool { get }
  /// Where what the model writes into a call may come to.
  var reach: ToolReach { get }
  /// What somebody else's program says of it and may say otherwise tomorrow; nil where that is this program's word,
  /// or its owner's.
  var pin: ToolPin? { get }

  /// Carries the call out. What it throws is told to the model as an error result and never ends the run;
  /// a thrown `ToolError` in its own words, any other error as a failure without detail.
  func call(_ arguments: JSON) async throws -> ToolResult
}

extension Tool {
  package var readsOnly: Bool { isRepeatable }
  package var reach: ToolReach { .service }
  package var pin: ToolPin? { nil }
}

/// Where a tool takes what it is called with, and so whose text its results are.
package enum ToolReach: Sendable {
  /// Nowhere: it is worked out here.
  case nowhere
  /// To the run's own files: what comes back is the owner's, and private.
  case knowledge
  /// To one service that is known beforehand; what comes back is other people's text.
  case service
  /// To wherever the model says; what comes back is anybody's text.
  case anywhere
}

/// What a call came to.
package struct ToolResult: Sendable {
  /// What the model reads.
  package var content: JSON
  /// What the page shows beside it.
  package var artifact: JSON?
  /// How the tool came to it, by name, for whoever asks later; kept with the message, as its `additional_kwargs`.
  package var notes: [String: JSON]

  package init(_ content: JSON, artifact: JSON? = nil, notes: [String: JSON] = [:]) {
    self.content = content
    self.artifact = artifact
    self.notes = notes
  }
}

/// A failure the model and the person may read.
package struct ToolError: Error, Sendable {
  package var message: String

  package init(_ message: String) {
    self.message = message
  }
}

extension JSON {
  /// The one text argument of a tool: the named member, or the value itself when a model sent it bare.
  /// - Throws: `ToolError` for the model, when there is none.
  package func text(_ name: String) throws -> String {
    guard let text = self[name]?.string ?? string, !text.allSatisfy(\.isWhitespace) else {
      throw ToolError("The argument \"\(name)\" is missing; it must be a text.")
    }
    return text
  }
}
