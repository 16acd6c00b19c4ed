import Conversation
import Engine
import Foundation
import Hummingbird
import Logging
import NIOCore
import Store

/// Whose request it is.
typealias Owner = Identifier<User>

/// The way of every request: admitted, routed, named, handled; and of every reply: an error made presentable,
/// headers that protect, one line in the log.
struct Responder: HTTPResponder {
  let router: Router
  let web: WebFiles
  let gate: Gate
  let origins: OriginCheck
  let doors: Doors
  let store: Store
  let meter: RequestMeter
  let logger: Logger

  func respond(to request: Request, context: ConnectionContext) async throws -> Response {
    let started = ContinuousClock.now
    let requestID = RequestID().description
    var logger = logger
    logger[metadataKey: "request"] = "\(requestID)"
    var route = RequestMeter.page
    let client = doors.client(of: request, on: context.channel)
    var response = await answer(
      to: request, as: requestID, from: client, on: context.channel, logger: logger, route: &route)
    for field in SecurityHeaders.fields where response.headers[field.name] == nil {
      response.headers[field.name] = field.value
    }
    if client.isSecure { response.headers[.strictTransportSecurity] = doors.strictTransport }
    response.headers[.requestID] = requestID
    if request.method == .head { response = response.createHeadResponse() }
    let took = ContinuousClock.now - started
    meter.note(
      route: route, method: request.method.rawValue, status: response.status.code, took: took)
    log(request, response, took: took, to: logger)
    return response
  }

  private func answer(
    to request: Request, as requestID: String, from client: Client, on channel: any Channel, logger: Logger,
    route: inout String
  ) async -> Response {
    do {
      let response = try await handle(
        request, as: requestID, from: client, on: channel, logger: logger, route: &route)
      return leavesBody(request, response) ? closing(response, channel) : response
    } catch let back as OpenIDReturn {
      return Response(
        status: .seeOther, headers: [.location: "/#/sign-in?failed=\(back.failure.rawValue)"])
    } catch {
      let reply = ErrorReply(error).naming(requestID)
      if let cause = reply.cause { logger.error("request failed", metadata: ["cause": "\(cause)"]) }
      var response = Response.json(bytes: reply.bytes, status: reply.status)
      response.headers.append(contentsOf: reply.headers)
      let closes = reply.closesConnection || leavesBody(request, response)
      return closes ? closing(response, channel) : response
    }
  }

  private func handle(
    _ request: Request, as requestID: String, from client: Client, on channel: any Channel, logger: Logger,
    route matched: inout String
  ) async throws -> Response {
    guard (request.head.path ?? "").utf8.count <= HTTPLimits.targetBytes else {
      throw Refusal(.uriTooLong, "The address of the request is longer than \(HTTPLimits.targetBytes) bytes")
    }
    try doors.admit(client)
    try origins.admit(request)
    switch router.match(request.method, path: request.uri.path) {
    case .route(let route, let parameters):
      matched = route.path
      let call = Call(
        request: request, parameters: parameters, channel: channel, client: client, requestID: requestID,
        logger: logger)
      return try await perform(route, call)
    case .otherMethods(let methods):
      throw Self.notAllowed(methods)
    case .none:
      return try webFile(for: request)
    }
  }

  private func perform(_ route: Route, _ call: Call) async throws -> Response {
    let caller = try await caller(of: call, for: route)
    let response = try await recorded(call, by: caller?.user, as: route.audits) {
      try await answer(call, as: caller, by: route.work)
    }
    guard let caller, response.body.contentLength == nil else { return response }
    return ending(response, when: caller, call)
  }

  /// The answer, with what was done for it on record before anybody hears that it is done.
  private func recorded(
    _ call: Call, by user: User?, as action: String?, _ answer: () async throws -> Response
  ) async throws -> Response {
    let record = AuditRecord {
      (action ?? call.audit.all.action).map { call.auditEntry($0, by: user) }
    }
    do {
      let response = try await AuditRecord.$current.withValue(record, operation: answer)
      try await store.finish(record)
      return response
    } catch {
      record.abandon()
      throw error
    }
  }

  private func answer(_ call: Call, as caller: Caller?, by work: Route.Work) async throws -> Response {
    switch (work, caller) {
    case (.anyone(let handler), _), (.guests(let handler), _): try await handler(call)
    case (.signedIn(_, let handler), let caller?): try await handler(call, caller.user.id)
    case (.caller(_, let handler), let caller?): try await handler(call, caller)
    case (.signedIn, nil), (.caller, nil): throw Refusal(.unauthorized, "Not signed in")
    }
  }

  /// Who asks, where the route wants to know.
  /// - Throws: a refusal before anything is looked up, so that it says nothing of what there is.
  private func caller(of call: Call, for route: Route) async throws -> Caller? {
    guard let role = route.leastRole ?? guestRole(of: route) else { return nil }
    let caller = try await gate.caller(of: call)
    guard caller.role >= role else {
      throw Refusal(.forbidden, "This takes the role \(role.rawValue); yours here is \(caller.role.rawValue)")
    }
    return caller
  }

  private func guestRole(of route: Route) -> Role? {
    if case .guests = route.work, case .accounts = gate.identity { .viewer } else { nil }
  }

  /// A stream that ends at once when what its caller showed is revoked or expires.
  private func ending(_ response: Response, when caller: Caller, _ call: Call) -> Response {
    var response = response
    let (body, live) = (response.body, gate.live)
    response.body = ResponseBody { writer in
      let done = live.add(caller, on: call.channel)
      defer { done() }
      try await body.write(writer)
    }
    return response
  }

  private func webFile(for request: Request) throws -> Response {
    guard let file = web.file(at: request.uri.path) else { throw Refusal(.notFound, "Not Found") }
    guard request.method == .get || request.method == .head else { throw Self.notAllowed([.get]) }
    return file.response(to: request.headers)
  }

  private static func notAllowed(_ methods: [HTTPRequest.Method]) -> Refusal {
    var refusal = Refusal(.methodNotAllowed, "Method Not Allowed")
    let names = methods.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
    refusal.headers[.allow] = names.joined(separator: ", ")
    return refusal
  }
}

// MARK: Ending connections

extension Responder {
  /// Whether much of the request may still be under way although nobody reads it any more.
  private func leavesBody(_ request: Request, _ response: Response) -> Bool {
    let isRead = response.status.code < 400 && (request.method == .post || request.method == .put)
    guard !isRead else { return false }
    if request.headers[.transferEncoding] != nil { return true }
    return (request.headers[.contentLength].flatMap { Int($0) } ?? 0) > HTTPLimits.fileChunkBytes
  }

  /// Lets the reply go out, reads on for a moment so that it is not lost in a reset, then closes.
  private func closing(_ response: Response, _ channel: any Channel) -> Response {
    var response = response
    response.headers[.connection] = "close"
    channel.eventLoop.scheduleTask(in: .milliseconds(HTTPLimits.refusedBodyMilliseconds)) {
      channel.close(promise: nil)
    }
    return response
  }
}

// MARK: Log

extension Responder {
  /// One line for each request, without what may be secret: no query, no header, no body.
  private func log(_ request: Request, _ response: Response, took: Duration, to logger: Logger) {
    let level: Logger.Level = response.status.code >= 500 ? .warning : .debug
    logger.log(
      level: level, "\(request.method) \(request.uri.path.prefix(200)) \(response.status.code)",
      metadata: ["milliseconds": "\(took / .milliseconds(1))"])
  }
}

/// What is known of the connection a request came on.
struct ConnectionContext: InitializableFromSource {
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    channel = source.channel
  }
}
