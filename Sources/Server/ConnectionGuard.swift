import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// What a connection needs beside the requests on it: a limit on how long the first head may take, an answer to
/// what is no HTTP or too much of it, and the go-ahead for clients that ask before they send a body.
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

  /// - Parameter longestBody: bytes; nobody is told to go ahead with more.
  init(longestBody: Int) {
    self.longestBody = longestBody
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    firstHead = context.eventLoop.scheduleTask(in: .seconds(HTTPLimits.firstHeadSeconds)) {
      channel.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    firstHead?.cancel()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) {
      firstHead?.cancel()
      requestsInProgress += 1
      if mayGoAhead(head) {
        let goAhead = HTTPResponsePart.head(HTTPResponse(status: .continue))
        context.writeAndFlush(wrapOutboundOut(goAhead), promise: nil)
      }
    }
    context.fireChannelRead(data)
  }

  private func mayGoAhead(_ head: HTTPRequest) -> Bool {
    guard requestsInProgress == 1, head.headerFields[.expect]?.lowercased() == "100-continue" else { return false }
    guard let length = head.headerFields[.contentLength] else { return true }
    return Int(length).map { $0 <= longestBody } ?? false
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { requestsInProgress -= 1 }
    context.write(data, promise: promise)
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
}
