import Documents

/// Why a file did not become knowledge: safe to show, says what to do.
package struct IngestError: Error, Sendable {
  package var fileName: String
  /// In words for the person, without the file's name.
  package var reason: String
  /// The HTTP status that fits best.
  package var statusCode: Int

  package var message: String { "\(fileName): \(reason)" }

  init(fileName: String, _ error: DocumentError) {
    self.fileName = fileName
    reason = error.description
    statusCode =
      switch error {
      case .unsupported: 415
      case .tooLarge: 413
      case .encrypted, .noText, .empty, .malformed, .timedOut: 422
      case .busy, .parserUnavailable, .cancelled: 503
      case .unreadable: 500
      }
  }

  /// A page that could not be fetched.
  init(fileName: String, _ reason: String) {
    self.fileName = fileName
    self.reason = reason
    statusCode = 502
  }
}
