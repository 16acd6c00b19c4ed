import Conversation
import Foundation
import Glibc

/// A language model for measurements: an OpenAI-compatible server on loopback that answers with as many words
/// as it is asked for, as fast as it is asked to, from one thread for all.
///
/// It says a whole answer in one write when no pace is given, so that it is never what is measured. It serves
/// until the program ends.
final class ScriptedModel: @unchecked Sendable {
  // SAFETY: `listener` and `port` never change; all else belongs to the one thread started in `init`.
  private let listener: Int32
  private let port: Int
  private var answers: [Int32: Answer] = [:]

  /// Connections the kernel may hold for it.
  private static let backlog: Int32 = 1_024
  /// Bytes read at a time.
  private static let pieceBytes = 64 << 10

  init() throws {
    (listener, port) = try Self.listen()
    Thread.detachNewThread { self.serve() }
  }

  /// What the daemon is to be started with.
  var environment: [String: String] {
    ["OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": "http://127.0.0.1:\(port)/v1"]
  }

  private static func listen() throws -> (Int32, port: Int) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && Glibc.listen(listener, backlog) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else { throw CommandFailure(message: "The scripted model cannot listen.") }
    return (listener, Int(UInt16(bigEndian: address.sin_port)))
  }

  // MARK: The loop

  private func serve() {
    while true {
      var interests = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
      for (connection, answer) in answers {
        interests.append(pollfd(fd: connection, events: answer.interests, revents: 0))
      }
      poll(&interests, nfds_t(interests.count), millisecondsToNext)
      if interests[0].revents != 0 { accept() }
      for interest in interests.dropFirst() where interest.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
        read(from: interest.fd)
      }
      let now = ContinuousClock.now
      for connection in answers.keys { advance(connection, to: now) }
    }
  }

  private var millisecondsToNext: Int32 {
    guard let next = answers.values.compactMap(\.nextWord).min() else { return -1 }
    return Int32(max(0, ((next - .now) / .milliseconds(1)).rounded(.up)))
  }

  private func accept() {
    while case let connection = Glibc.accept(listener, nil, nil), connection >= 0 {
      var yes: Int32 = 1
      setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
      answers[connection] = Answer()
    }
  }

  private func read(from connection: Int32) {
    var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
    let count = recv(connection, &piece, piece.count, Int32(MSG_DONTWAIT))
    if count > 0 {
      answers[connection]?.take(piece.prefix(count))
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      end(connection)
    }
  }

  private func advance(_ connection: Int32, to now: ContinuousClock.Instant) {
    guard var answer = answers[connection] else { return }
    answer.speak(until: now)
    if !answer.unsent.isEmpty {
      let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
      let sent = send(connection, answer.unsent, answer.unsent.count, flags)
      if sent < 0, errno != EAGAIN, errno != EINTR { return end(connection) }
      answer.unsent.removeFirst(max(0, sent))
    }
    answers[connection] = answer
    if answer.isOver { end(connection) }
  }

  private func end(_ connection: Int32) {
    answers[connection] = nil
    close(connection)
  }
}

/// How an answer is to be: the only question the scripted model understands.
struct ScriptedAnswer: Equatable {
  var words: Int
  /// Words a second; nil for all at once.
  var pace: Int?

  var question: String { "words=\(words) pace=\(pace ?? 0)" }

  var text: String { (0..<words).map(Self.word).joined() }

  /// As long as a token of English text is: 4.6 bytes in the mean.
  fileprivate static func word(_ place: Int) -> String {
    let words = ["The", " term", " of", " this", " lease", " ends", " in", " nine", " months", ";"]
    return words[place % words.count]
  }

  init(words: Int, pace: Int?) {
    self.words = words
    self.pace = pace
  }

  /// - Parameter request: the body of a chat request, whose last question counts.
  fileprivate init?(request: ArraySlice<UInt8>) {
    let messages = (try? JSON(parsing: request))?["messages"]?.array ?? []
    let question = messages.last { $0["role"] == "user" }?["content"]?.string ?? ""
    let numbers = question.split { !$0.isNumber }.compactMap { Int($0) }
    guard numbers.count == 2 else { return nil }
    self.init(words: numbers[0], pace: numbers[1] == 0 ? nil : numbers[1])
  }
}

/// One connection: a request being read, then its answer.
private struct Answer {
  private var request: [UInt8] = []
  private var answer: ScriptedAnswer?
  private var start = ContinuousClock.now
  private var said = 0
  var unsent: [UInt8] = []

  private static let head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"

  var interests: Int16 {
    Int16(POLLIN) | (unsent.isEmpty ? 0 : Int16(POLLOUT))
  }

  /// All is said and sent.
  var isOver: Bool {
    answer.map { said == $0.words } ?? false && unsent.isEmpty
  }

  /// When there is more to say.
  var nextWord: ContinuousClock.Instant? {
    guard let answer, said < answer.words else { return nil }
    return start + .seconds(Double(said) / Double(answer.pace ?? .max))
  }

  mutating func take(_ piece: ArraySlice<UInt8>) {
    guard answer == nil else { return }
    request += piece
    let end: [UInt8] = [13, 10, 13, 10]
    guard let place = request.indices.first(where: { request[$0...].starts(with: end) }) else { return }
    let body = request[(place + end.count)...]
    guard let asked = ScriptedAnswer(request: body) else { return }
    answer = asked
    start = .now
    unsent += Array(Self.head.utf8)
  }

  mutating func speak(until now: ContinuousClock.Instant) {
    while let answer, let next = nextWord, next <= now {
      say(#"{"content":"\#(ScriptedAnswer.word(said))"}"#, finish: "null")
      said += 1
      guard said == answer.words else { continue }
      say("{}", finish: #""stop""#)
      unsent += Array("data: [DONE]\n\n".utf8)
    }
  }

  private mutating func say(_ delta: String, finish: String) {
    let event = #"{"model":"scripted","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
    unsent += Array("data: \(event)\n\n".utf8)
  }
}
