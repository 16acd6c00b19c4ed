import NIOCore
import NIOHTTP1

/// Answers HTTP/1.0 clients as they can read it: a body without a length ends with the connection, never in
/// chunks (RFC 9112 §6.1, §9.3).
///
/// It sits between the coder of bytes and that of HTTP's types, which knows no versions.
final class OldClients: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private var isOld = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data), head.version == .http1_0 || head.version == .http0_9 {
      isOld = true
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard isOld else { return context.write(data, promise: promise) }
    switch unwrapOutboundIn(data) {
    case .head(var head):
      // An interim reply says nothing to a client that knows none (RFC 9110 §15.2).
      guard head.status.code >= 200 else {
        promise?.succeed()
        return
      }
      head.version = .http1_0
      head.headers.remove(name: "transfer-encoding")
      head.headers.replaceOrAdd(name: "connection", value: "close")
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body:
      context.write(data, promise: promise)
    case .end:
      let channel = context.channel
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.whenComplete { _ in channel.close(promise: nil) }
      context.writeAndFlush(data, promise: written)
    }
  }
}
