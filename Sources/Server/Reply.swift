import Conversation
import Foundation
import Hummingbird
import NIOCore

extension Response {
  /// A value as JSON.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    json(bytes: try JSON.encoded(value), status: status)
  }

  static func json(bytes: Data, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// `{"status":"ok"}`, what the original says when there is nothing to say.
  static var done: Response {
    json(bytes: Data(#"{"status":"ok"}"#.utf8))
  }
}
