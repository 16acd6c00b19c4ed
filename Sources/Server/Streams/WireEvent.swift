import Conversation
import Foundation

/// One server-sent event as it goes over the wire.
struct WireEvent: Equatable {
  enum Name: String {
    case metadata, data, delta, progress, waiting, error, end
  }

  var name: Name
  /// Where its run's log stands after it: what a client that comes back names as the last it saw.
  var place: Int
  /// JSON; nil for an event that only says that it happened.
  var data: Data?

  /// The bytes, with CR LF as the original sends them (WHATWG HTML §9.2).
  /// - Parameter epoch: makes ids of another life of the log different from those of this one.
  func bytes(epoch: String) -> Data {
    Self.bytes(name.rawValue, id: EventID(place: place, epoch: epoch), data: data)
  }

  static func bytes(_ name: String, id: EventID, data: Data?) -> Data {
    var bytes = Data("id: \(id)\r\nevent: \(name)\r\n".utf8)
    if let data {
      bytes.append(contentsOf: "data: ".utf8)
      bytes.append(data)
      bytes.append(contentsOf: "\r\n".utf8)
    }
    bytes.append(contentsOf: "\r\n".utf8)
    return bytes
  }
}

/// What names an event of a run: a place in its log, and which life of the log is meant, because after a
/// restart the log of a run that goes on begins anew.
struct EventID: Equatable, LosslessStringConvertible {
  var place: Int
  var epoch: String

  init(place: Int, epoch: String) {
    self.place = place
    self.epoch = epoch
  }

  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let place = Int(parts[0]), place >= 0 else { return nil }
    self.init(place: place, epoch: String(parts[1]))
  }

  var description: String { "\(place)-\(epoch)" }
}

/// In which form a client wants to see a message grow.
enum StreamMode: String, CaseIterable {
  /// As the original sends it: again and again the whole message.
  case messages
  /// What is added, and each message once it is whole.
  case deltas
}
