import Conversation
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Store

/// A refusal of the HTTP layer itself, in words for the person.
struct Refusal: Error {
  var status: HTTPResponse.Status
  var detail: String
  var headers: HTTPFields = [:]
  /// Members of the reply beside `detail`, for programs.
  var more: [String: JSON] = [:]
  /// What is left of the request is not worth reading.
  var closesConnection = false

  init(_ status: HTTPResponse.Status, _ detail: String) {
    self.status = status
    self.detail = detail
  }

  /// Somebody may take no more of something.
  init(_ excess: BudgetExcess) {
    let isStorage = excess.bound == .storageBytes
    self.init(
      isStorage ? .init(code: 507, reasonPhrase: "Insufficient Storage") : .tooManyRequests, excess.message)
    more = [
      "limit": ["name": .string(excess.bound.rawValue), "value": .integer(excess.limit)],
      "until": excess.until.map { .string($0.description) } ?? nil,
    ]
    let seconds = excess.until.map {
      Int(max(1, $0.microseconds - Timestamp.now.microseconds) / 1_000_000) + 1
    }
    if !isStorage { headers[.retryAfter] = "\(seconds ?? 5)" }
  }

  static func tooLarge(bytes: Int) -> Refusal {
    var refusal = Refusal(.contentTooLarge, "The body of the request is larger than \(bytes) bytes")
    refusal.closesConnection = true
    return refusal
  }

  /// The connection broke in the middle of the body, or what came is no body.
  static let malformed: Refusal = {
    var refusal = Refusal(.badRequest, "The body of the request is not valid HTTP, or was cut off")
    refusal.closesConnection = true
    return refusal
  }()
}

/// What a client is told of an error: the one place where errors become replies.
struct ErrorReply {
  var status: HTTPResponse.Status
  var headers: HTTPFields = [:]
  var body: JSON
  var closesConnection = false
  /// What is worth a line in the log: the cause of a failure that is the server's own.
  var cause: String?

  init(status: HTTPResponse.Status, detail: String) {
    self.status = status
    body = ["detail": .string(detail)]
  }

  var bytes: Data {
    (try? JSON.encoded(body)) ?? Data()
  }

  /// A failure of the server's own names the request, by which its cause is found in the log. What a client did
  /// wrong is all in the reply.
  func naming(_ requestID: String) -> ErrorReply {
    guard cause != nil, case .object(var members) = body else { return self }
    members["request_id"] = .string(requestID)
    var reply = self
    reply.body = .object(members)
    return reply
  }
}

extension ErrorReply {
  /// Total: whatever is thrown has a reply, and what was not foreseen says nothing of itself.
  init(_ error: any Error) {
    switch error {
    case let error as Refusal: self.init(refusal: error)
    case let error as ValidationError: self.init(error)
    case let error as EngineError: self.init(error)
    case let error as StoreError: self.init(error)
    case let error as IngestError: self.init(status: .init(code: error.statusCode), detail: error.message)
    case let error as ConfigurationError: self.init(error)
    case is NIOTooManyBytesError: self.init(refusal: .tooLarge(bytes: Limits.jsonBodyBytes))
    case is HTTPParserError, is ChannelError, is IOError: self.init(refusal: .malformed)
    case is CancellationError: self.init(status: .serviceUnavailable, detail: "The request was stopped")
    default: self.init(unforeseen: error)
    }
  }

  private init(refusal: Refusal) {
    self.init(status: refusal.status, detail: refusal.detail)
    body = .object(refusal.more.merging(["detail": .string(refusal.detail)]) { _, detail in detail })
    headers = refusal.headers
    closesConnection = refusal.closesConnection
  }

  private init(_ error: ValidationError) {
    self.init(status: .unprocessableContent, detail: "")
    body = ["detail": .array(error.problems.map(\.json))]
  }

  private init(_ error: EngineError) {
    switch error {
    case .threadNotFound: self.init(status: .notFound, detail: "Thread not found")
    case .assistantNotFound: self.init(status: .notFound, detail: "Assistant not found")
    case .threadHasNoAssistant: self.init(status: .badRequest, detail: "Thread has no assistant")
    case .checkpointNotFound: self.init(status: .notFound, detail: "Checkpoint not found")
    case .runNotFound: self.init(status: .notFound, detail: "Run not found")
    case .fileNotFound: self.init(status: .notFound, detail: "File not found")
    case .collectionNotFound: self.init(status: .notFound, detail: "Collection not found")
    case .threadBusy(let run): self.init(busyWith: run)
    case .tooManyRuns:
      self.init(
        status: .serviceUnavailable, detail: "The server has as many runs as it can carry. Try again later")
      headers[.retryAfter] = "5"
    case .invalidConfiguration(let error): self.init(error)
    case .modelNotFound: self.init(status: .notFound, detail: "Model not found")
    case .modelPinned(let name):
      self.init(
        status: .conflict,
        detail: "The model \"\(name)\" is set up in the configuration file, and can be changed only there")
    case .tooManyModels:
      self.init(
        status: .conflict, detail: "No more than \(Limits.models) models can be set up. Delete one first")
    case .staleApproval(let detail): self.init(status: .conflict, detail: detail)
    case .invalidDecision(let callID, let problem):
      self.init(
        ValidationError(
          Problem(
            type: "value_error", location: ["body", "decisions"], message: "\(callID.prefix(80)) \(problem)"))
      )
    case .toolNotFound: self.init(status: .notFound, detail: "Tool not found")
    case .spaceRefused(let detail): self.init(status: .conflict, detail: detail)
    }
  }

  private init(_ error: StoreError) {
    switch error {
    case .notFound: self.init(status: .notFound, detail: "Not Found")
    case .assistantNotFound: self.init(status: .notFound, detail: "Assistant not found")
    case .threadBusy(let run): self.init(busyWith: run)
    case .taken(let name):
      self.init(status: .conflict, detail: "\"\(name)\" is taken. Choose another name")
    case .lastAdmin:
      self.init(
        status: .conflict,
        detail: "Nobody would be left who sees to users. Make another administrator first")
    case .overBudget(let excess): self.init(refusal: Refusal(excess))
    case .diskFull:
      self.init(
        status: .init(code: 507, reasonPhrase: "Insufficient Storage"),
        detail: "The disk of the server is full. Nothing was changed; reading goes on as before")
      cause = "\(error)"
    case .quotaExceeded(let used, let limit):
      var refusal = Refusal(BudgetExcess(.storageBytes, limit: limit))
      refusal.detail =
        "Your files take \(used >> 20) of the \(limit >> 20) MB you may use, and this one does not fit. "
        + "Delete files you no longer need, or ask the administrator for more room"
      self.init(refusal: refusal)
    case .newerSchema, .upgradeRefused, .upgradeFailed, .inUse, .corrupt, .notDurable, .unavailable:
      self.init(unforeseen: error)
    }
  }

  private init(_ error: ConfigurationError) {
    self.init(
      ValidationError(
        Problem(
          type: "value_error", location: ["body", "config", "configurable", .string(error.key)],
          message: "\(error.key) \(error.problem)")))
  }

  private init(busyWith run: Identifier<Run>) {
    self.init(
      status: .conflict,
      detail: "The thread is busy with run \(run). Wait for it, cancel it, or send a multitask_strategy")
  }

  private init(unforeseen error: any Error) {
    self.init(status: .internalServerError, detail: "Internal Server Error")
    cause = "\(error)"
  }
}
