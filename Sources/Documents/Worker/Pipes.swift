import CSpawn
import Glibc

/// The two pipes on which a child answers, and the one from which it reads, if it does. Their ends are closed on
/// exec everywhere else.
struct Pipes {
  private(set) var input = Ends()
  private(set) var output = Ends()
  private(set) var complaint = Ends()

  struct Ends {
    var read: Int32 = -1
    var write: Int32 = -1
  }

  /// - Returns: the system's error code, or nil.
  mutating func open(withInput: Bool) -> Int32? {
    for ends in [\Pipes.output, \Pipes.complaint] + (withInput ? [\Pipes.input] : []) {
      var descriptors: [Int32] = [-1, -1]
      guard spawn_pipe(&descriptors) == 0 else { return errno }
      self[keyPath: ends] = Ends(read: descriptors[0], write: descriptors[1])
    }
    if withInput, fcntl(input.write, F_SETFL, O_NONBLOCK) != 0 { return errno }
    return nil
  }

  /// The ends that are the child's alone.
  mutating func closeChildEnds() {
    Self.close(&output.write)
    Self.close(&complaint.write)
    Self.close(&input.read)
  }

  mutating func closeInput() {
    Self.close(&input.write)
  }

  mutating func closeAll() {
    closeChildEnds()
    closeInput()
    Self.close(&output.read)
    Self.close(&complaint.read)
  }

  private static func close(_ descriptor: inout Int32) {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }
}

/// Calls `body` with the strings as C wants a list of them: ended by a null pointer.
func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
