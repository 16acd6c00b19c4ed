import Conversation
import Foundation

extension Data {
  /// Whether the outermost object of this valid JSON text names a member twice, in whatever spelling: readers differ
  /// on which one counts (RFC 7519 §4).
  ///
  /// - Complexity: O(bytes).
  var repeatsName: Bool {
    var names: Set<String> = []
    var depth = 0
    var isName = false
    var start: Index?
    var isEscaped = false
    for (place, byte) in zip(indices, self) {
      if let begin = start {
        // Within a text.
        let isEnd = byte == UInt8(ascii: "\"") && !isEscaped
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        guard isEnd else { continue }
        start = nil
        guard depth == 1, isName else { continue }
        isName = false
        guard let name = try? JSON(parsing: Data(self[begin...place])).string else { continue }
        guard names.insert(name).inserted else { return true }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): start = place
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        isName = depth == 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ",") where depth == 1: isName = true
      default: continue
      }
    }
    return false
  }
}
