import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// What a connection needs beside the requests on it: a limit on how long the first head may take, an answer
/// to what is no HTTP or too much of it, the go-ahead for clients that ask before they send a body, and word
/// of a client that leaves while a reply is under way.
///
/// It sits between the decoder and the server, on the connection's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let longestBody: Int
  private var firstHead: Scheduled<Void>?
  private var requestsInProgress = 0
  /// After a request for another protocol, which nobody here speaks, the decoder reads nothing more.
  private var isLastRequest = false
  private var watch: ClientWatch?
  private var hasClientLeft = false

  /// - Parameter longestBody: bytes; nobody is told to go ahead with more.
  init(longestBody: Int) {
    self.longestBody = longestBody
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    if let coder = try? context.pipeline.syncOperations.handler(type: HTTP1ToHTTPServerCodec.self) {
      try? context.pipeline.syncOperations.addHandler(OldClients(), position: .before(coder))
    }
    firstHead = context.eventLoop.scheduleTask(in: .seconds(HTTPLimits.firstHeadSeconds)) {
      channel.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    firstHead?.cancel()
    clientLeft()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) {
      firstHead?.cancel()
      requestsInProgress += 1
      isLastRequest = isLastRequest || head.headerFields[.upgrade] != nil
      if mayGoAhead(head) {
        let goAhead = HTTPResponsePart.head(HTTPResponse(status: .continue))
        context.writeAndFlush(wrapOutboundOut(goAhead), promise: nil)
      }
    }
    context.fireChannelRead(data)
  }

  private func mayGoAhead(_ head: HTTPRequest) -> Bool {
    guard requestsInProgress == 1, head.headerFields[.expect]?.lowercased() == "100-continue" else {
      return false
    }
    guard let length = head.headerFields[.contentLength] else { return true }
    return Int(length).map { $0 <= longestBody } ?? false
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      requestsInProgress -= 1
      watch = nil
    }
    context.write(data, promise: promise)
    guard isLastRequest, requestsInProgress == 0 else { return }
    context.flush()
    context.close(promise: nil)
  }

  /// Answers what could not be decoded, unless an answer to an earlier request is still being written.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, requestsInProgress == 0 else {
      context.fireErrorCaught(error)
      return
    }
    let isOverflow = (error as? HTTPParserError) == .headerOverflow
    let refusal =
      isOverflow
      ? ErrorReply(status: .requestHeaderFieldsTooLarge, detail: "The header of the request is too large")
      : ErrorReply(status: .badRequest, detail: "The request is not valid HTTP")
    var fields = SecurityHeaders.fields
    fields[.contentType] = "application/json"
    fields[.connection] = "close"
    let body = ByteBuffer(bytes: refusal.bytes)
    fields[.contentLength] = "\(body.readableBytes)"
    let head = HTTPResponse(status: refusal.status, headerFields: fields)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
  }

  // MARK: Clients that leave

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let watch = event as? ClientWatch else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    self.watch = watch
    if hasClientLeft { clientLeft() }
    promise?.succeed()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    let isWatched = watch != nil
    if case ChannelEvent.inputClosed? = event as? ChannelEvent {
      clientLeft()
      // Whoever only stopped sending may still want a short reply, but not an endless one.
      if isWatched { context.close(promise: nil) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    clientLeft()
    context.fireChannelInactive()
  }

  private func clientLeft() {
    hasClientLeft = true
    watch?.clientLeft()
    watch = nil
  }
}

/// Wants to be told when the client leaves before the reply that is under way has ended. Given to a
/// connection as an outbound event.
///
/// Hummingbird's own way, to read on from the request's body, ends the process when that was read before.
struct ClientWatch: Sendable {
  let clientLeft: @Sendable () -> Void
}
