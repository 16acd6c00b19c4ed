/// A text that no description, log line or reflection shows.
struct Secret: Sendable, Equatable {
  /// The text itself, for the one place that sends it.
  let revealed: String
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "(secret)" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: []) }
}
