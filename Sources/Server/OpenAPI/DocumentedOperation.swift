import Conversation
import HTTPTypes

/// What the document says of one route.
struct DocumentedOperation: Sendable {
  let method: HTTPRequest.Method
  /// As in the route table.
  let path: String
  /// The name generated clients give it.
  let id: String
  let noun: Noun
  let summary: String
  var isSignedIn = true
  var query: [Parameter] = []
  var body: Body?
  /// What status 200 brings.
  var answer: Answer
  /// Beside those that every operation of its kind has.
  var refusals: [DocumentedRefusal] = []
  var links: [Link] = []

  /// By what operations are grouped.
  enum Noun: String, CaseIterable {
    case assistants, threads, runs, files, collections, tools, models, account, administration, schemas,
      server
  }

  struct Parameter {
    var name: String
    var place = "query"
    var description: String
    var schema: JSON
    var isRequired = false
  }

  enum Body {
    /// Where a named schema of the document tells its shape.
    case json(String)
    case form(String)
  }

  enum Answer {
    case json(JSON, String)
    case events
    case fileEvents
    case bytes(String, type: String = "application/octet-stream")
    /// Status 303 instead, for browsers.
    case redirect(String)
  }

  /// Where an answer, or what was asked with, leads to.
  struct Link {
    var operation: String
    var parameters: [String: JSON] = [:]
    var body: JSON?
  }
}

/// A refusal as the document names it; the raw value is its status.
enum DocumentedRefusal: Int, CaseIterable {
  case badRequest = 400
  case unauthorized = 401
  case forbidden = 403
  case notFound = 404
  case conflict = 409
  case tooLarge = 413
  case addressTooLong = 414
  case wrongType = 415
  case invalid = 422
  case tooMany = 429
  case headTooLarge = 431
  case internalError = 500
  case badGateway = 502
  case unavailable = 503
  case diskFull = 507

  /// What any request may meet.
  static let always: [Self] = [
    .badRequest, .forbidden, .addressTooLong, .headTooLarge, .internalError, .unavailable,
  ]

  var name: String {
    switch self {
    case .badRequest: "BadRequest"
    case .unauthorized: "Unauthorized"
    case .forbidden: "Forbidden"
    case .notFound: "NotFound"
    case .conflict: "Conflict"
    case .tooLarge: "TooLarge"
    case .addressTooLong: "AddressTooLong"
    case .wrongType: "WrongType"
    case .invalid: "Invalid"
    case .tooMany: "TooMany"
    case .headTooLarge: "HeadTooLarge"
    case .internalError: "InternalError"
    case .badGateway: "BadGateway"
    case .unavailable: "Unavailable"
    case .diskFull: "DiskFull"
    }
  }

  var description: String {
    switch self {
    case .badRequest:
      "The request is not valid HTTP, its body was cut off, or what it asks cannot be done now."
    case .unauthorized: "What was shown to say who asks is missing, wrong, expired or revoked."
    case .forbidden:
      "The server is not known under that host name, the page of another site asks, or whoever asks may not do that."
    case .notFound: "It is not there, or it is somebody else's."
    case .conflict:
      "The thread is busy with another run, or something else is in the way: `detail` says what."
    case .tooLarge: "The body, or a part of it, is larger than the server takes."
    case .addressTooLong: "The address of the request is too long."
    case .wrongType: "The body, or a file in it, is of a kind that the server does not take."
    case .invalid: "Something in the request is wrong: each problem with its place, or in words."
    case .tooMany: "A limit of whoever asks is reached: it says which one, and until when."
    case .headTooLarge: "The header of the request is too large."
    case .internalError: "The server failed. Its log tells why, under the `X-Request-ID` of the reply."
    case .badGateway: "A service that was to be asked did not answer, or refused."
    case .unavailable:
      "The server is busy or about to stop. `Retry-After`, where given, says when to come back."
    case .diskFull:
      "The disk of the server is full, or your files take as much room as they may. Nothing was changed."
    }
  }
}
