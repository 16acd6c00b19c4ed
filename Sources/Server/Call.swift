import Conversation
import Engine
import Foundation
import Hummingbird
import Logging
import NIOCore
import Store

/// A request as its handler sees it.
struct Call: Sendable {
  let request: Request
  /// The values of the route's `{names}`, decoded.
  let parameters: [String: String]
  let channel: any Channel
  let client: Client
  /// As the reply and every line of the log have it.
  let requestID: String
  let logger: Logger
  /// What the handler adds to the audit entry of its route.
  let audit = AuditNotes()

  /// The id in the path; nil when what stands there is none, so that nothing can have it.
  func identifier<Noun>(_ name: String) -> Identifier<Noun>? {
    parameters[name].flatMap(Identifier.init)
  }

  /// The id in the path.
  /// - Throws: that error when what stands there is no id.
  func identifier<Noun>(_ name: String, orThrow error: EngineError) throws -> Identifier<Noun> {
    guard let id: Identifier<Noun> = identifier(name) else { throw error }
    return id
  }

  /// The id in the path of something that is to be made under it.
  func newIdentifier<Noun>(_ name: String) throws(ValidationError) -> Identifier<Noun> {
    if let id: Identifier<Noun> = identifier(name) { return id }
    throw ValidationError(
      Problem(
        type: "uuid_parsing", location: ["path", .string(name)], message: "Input should be a valid UUID",
        input: .string(parameters[name] ?? "")))
  }
}

// MARK: Query

extension Call {
  /// The value after `name=`; the first one when there are several.
  func query(_ name: String) -> String? {
    request.uri.queryParameters[name[...]].map(String.init)
  }

  /// An id of the query.
  func queryIdentifier<Noun>(_ name: String) throws(ValidationError) -> Identifier<Noun>? {
    guard let text = query(name) else { return nil }
    if let id = Identifier<Noun>(text) { return id }
    throw rejected(name, text, as: "uuid_parsing", "Input should be a valid UUID")
  }

  /// A whole number of the query, from `range`.
  func integer(_ name: String, in range: ClosedRange<Int>) throws(ValidationError) -> Int? {
    guard let text = query(name) else { return nil }
    guard let number = Int(text) else {
      throw rejected(name, text, as: "int_parsing", "Input should be a valid integer")
    }
    guard number >= range.lowerBound else {
      throw rejected(
        name, text, as: "greater_than_equal", "Input should be greater than or equal to \(range.lowerBound)")
    }
    guard number <= range.upperBound else {
      throw rejected(
        name, text, as: "less_than_equal", "Input should be less than or equal to \(range.upperBound)")
    }
    return number
  }

  /// `limit` and `offset`.
  func page() throws(ValidationError) -> Page {
    Page(
      limit: try integer("limit", in: 0...Limits.pageRowsMaximum) ?? Limits.pageRows,
      offset: try integer("offset", in: 0...Int.max) ?? 0)
  }

  /// Of rows that are all at hand, those that `limit` and `offset` ask for.
  func page<Rows: Collection>(of rows: Rows) throws(ValidationError) -> [Rows.Element] {
    let page = try page()
    return Array(rows.dropFirst(page.offset).prefix(page.limit))
  }

  /// A checkpoint that the query names.
  func checkpoint(_ name: String) throws(ValidationError) -> Identifier<Checkpoint>? {
    guard let text = query(name) else { return nil }
    guard let id = Identifier<Checkpoint>(text) else {
      throw rejected(name, text, as: "uuid_parsing", "Input should be a valid UUID")
    }
    return id
  }

  func rejected(_ name: String, _ text: String, as type: String, _ message: String) -> ValidationError {
    ValidationError(
      Problem(type: type, location: ["query", .string(name)], message: message, input: .string(text)))
  }
}

// MARK: Body

extension Call {
  /// The body as JSON.
  /// - Throws: a refusal when it is none of that kind or too large, `ValidationError` when it does not parse.
  func json() async throws -> JSON {
    try checkContentType()
    if let length = declaredLength, length > Limits.jsonBodyBytes {
      throw Refusal.tooLarge(bytes: Limits.jsonBodyBytes)
    }
    let body = try await withBodyDeadline(seconds: HTTPLimits.jsonBodySeconds) {
      try await request.body.collect(upTo: Limits.jsonBodyBytes)
    }
    let bytes = Data(body.readableBytesView)
    guard !bytes.isEmpty else {
      throw ValidationError(
        Problem(type: "missing", location: ["body"], message: "Field required", input: .null))
    }
    do {
      return try JSON(parsing: bytes)
    } catch {
      throw ValidationError(Problem(malformed: bytes))
    }
  }

  /// Reads a body that means nothing, so that none is left on the connection.
  func skipBody() async throws {
    _ = try await withBodyDeadline(seconds: HTTPLimits.jsonBodySeconds) {
      try await request.body.collect(upTo: Limits.jsonBodyBytes)
    }
  }

  /// Gives the connection up when the work, which reads the body, takes longer.
  func withBodyDeadline<Value>(
    seconds: Double, _ work: () async throws -> Value
  ) async throws -> Value {
    let channel = channel
    let deadline = channel.eventLoop.scheduleTask(in: .milliseconds(Int64(seconds * 1_000))) {
      channel.close(promise: nil)
    }
    defer { deadline.cancel() }
    return try await work()
  }

  /// Bytes of the body, if the request says.
  var declaredLength: Int? {
    request.headers[.contentLength].flatMap { Int($0) }
  }

  private func checkContentType() throws(Refusal) {
    guard let type = request.headers[.contentType]?.mediaTypeName else { return }
    guard type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json")) else {
      throw Refusal(.unsupportedMediaType, "The body must be application/json")
    }
  }
}

extension String {
  /// A `Content-Type` without its parameters, in lower case.
  var mediaTypeName: String {
    String(prefix { $0 != ";" }).trimmingCharacters(in: .whitespaces).lowercased()
  }
}

extension Problem {
  /// A body that is no JSON, with the byte at which that shows: its end, when nothing better is known.
  fileprivate init(malformed bytes: Data) {
    let reason = Self.reason(in: bytes)
    let place = reason.firstMatch(of: /character ([0-9]{1,9})/).flatMap { Int($0.output.1) }
    self.init(
      type: "json_invalid", location: ["body", .integer(place ?? bytes.count)], message: "JSON decode error",
      input: [:], context: ["error": .string(reason)])
  }

  /// Foundation's older parser is asked again, because the newer one does not tell the place.
  private static func reason(in bytes: Data) -> String {
    let unknown = "The body is not valid JSON, or is nested too deep"
    do {
      _ = try JSONSerialization.jsonObject(with: bytes, options: .fragmentsAllowed)
      return unknown
    } catch {
      return (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? unknown
    }
  }
}
