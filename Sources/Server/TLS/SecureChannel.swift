import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// A connection that TLS protects, with HTTP/1.1 inside: each is opened with the certificate of that moment.
///
/// HTTP/2 is not offered: what leaves, stalls and is told to go on is watched connection by connection
/// (`ConnectionGuard`), and a browser's six connections are enough for a page and its streams.
struct SecureChannel: ServerChildChannel {
  let base: HTTP1Channel
  let certificate: ServerCertificate

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    let context = certificate.pair.context
    return channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandlers(
        ClearTextRefusal(), NIOSSLServerHandler(context: context))
    }.flatMap {
      base.setup(channel: channel, logger: logger)
    }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}

extension HTTPServerBuilder {
  /// HTTP/1.1, protected when there is a certificate.
  static func http1(
    _ configuration: HTTP1Channel.Configuration, certificate: ServerCertificate?
  ) -> HTTPServerBuilder {
    guard let certificate else { return .http1(configuration: configuration) }
    return HTTPServerBuilder { responder in
      SecureChannel(
        base: HTTP1Channel(responder: responder, configuration: configuration), certificate: certificate)
    }
  }
}

/// Tells whoever speaks clear text where TLS is spoken, in clear text, rather than with a broken connection.
final class ClearTextRefusal: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// The first byte of a TLS record that begins a handshake (RFC 8446 §5.1).
  private static let handshake: UInt8 = 22
  private var isRefused = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    guard unwrapInboundIn(data).readableBytesView.first != Self.handshake else {
      context.fireChannelRead(data)
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
      return
    }
    isRefused = true
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.reply))).whenComplete { _ in
      channel.close(promise: nil)
    }
  }

  private static var reply: String {
    let body = "{\"detail\":\"\(HTTPService.clearTextRefusal)\"}"
    return
      "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
      + "Connection: close\r\n\r\n\(body)"
  }
}
