import Conversation

/// JSON-RPC 2.0 as the Model Context Protocol uses it: single messages, ids of ours whole numbers.
/// Source: jsonrpc.org/specification; modelcontextprotocol.io/specification/2026-07-28/basic, read 2026-11-24.
enum JSONRPC {
  enum Message: Sendable, Equatable {
    case request(id: JSON, method: String, params: JSON)
    case notification(method: String, params: JSON)
    case result(id: Int, JSON)
    /// Without an id when the other side could not tell which request it is about.
    case failure(id: Int?, Failure)
  }

  struct Failure: Error, Sendable, Equatable {
    var code: Int
    var message: String
    var data: JSON?
  }

  static let methodNotFound = -32601
}

extension JSONRPC.Message {
  /// Nil for what is no message.
  init?(_ json: JSON) {
    guard json["jsonrpc"] == "2.0" else { return nil }
    if let method = json["method"]?.string {
      let params = json["params"] ?? [:]
      guard let id = json["id"] else {
        self = .notification(method: method, params: params)
        return
      }
      guard id.string != nil || id.integer != nil else { return nil }
      self = .request(id: id, method: method, params: params)
    } else if let error = json["error"] {
      self = .failure(id: json["id"]?.integer, JSONRPC.Failure(error))
    } else if let id = json["id"]?.integer, let result = json["result"], result.object != nil {
      self = .result(id: id, result)
    } else {
      return nil
    }
  }

  var json: JSON {
    switch self {
    case .request(let id, let method, let params):
      ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params]
    case .notification(let method, let params):
      ["jsonrpc": "2.0", "method": .string(method), "params": params]
    case .result(let id, let result):
      ["jsonrpc": "2.0", "id": .integer(id), "result": result]
    case .failure(let id, let failure):
      ["jsonrpc": "2.0", "id": id.map(JSON.integer) ?? nil, "error": failure.json]
    }
  }
}

extension JSONRPC.Failure {
  fileprivate init(_ error: JSON) {
    code = error["code"]?.integer ?? 0
    message = error["message"]?.string ?? ""
    data = error["data"]
  }

  fileprivate var json: JSON {
    var members: [String: JSON] = ["code": .integer(code), "message": .string(message)]
    members["data"] = data
    return .object(members)
  }
}
