import Documents

/// Why a file did not become knowledge: safe to show, says what to do.
package struct IngestError: Error, Sendable {
  package var fileName: String
  package var message: String
  /// The HTTP status that fits best.
  package var statusCode: Int

  init(fileName: String, _ error: DocumentError) {
    self.fileName = fileName
    message = "\(fileName): \(error.description)"
    statusCode =
      switch error {
      case .unsupported: 415
      case .tooLarge: 413
      case .encrypted, .noText, .empty, .malformed, .timedOut: 422
      case .busy, .parserUnavailable, .cancelled: 503
      case .unreadable: 500
      }
  }
}
