import Conversation
import Foundation
import Testing

@testable import Server

/// Everything the original was recorded doing, asked of this server: the same status, the same shape, the
/// same order of events, but for the differences that are meant, each with its reason in `differences.json`.
///
/// What cannot be asked again, because it is about time or about two clients at once, is listed in
/// `exclusions.json`, each with the tests that see to it.
@Suite struct ReplayTests {
  /// The recording made where users came with tokens.
  private static let tokens = "13-jwt/"
  /// The original took one of three letters; see `TokenKey`.
  fileprivate static let secret = Data("a secret of at least thirty-two bytes".utf8)

  @Test func `every exchange of the original is answered alike, or differs for a reason`() async throws {
    try await Self.replay(identity: .unverified) { !$0.hasPrefix(Self.tokens) }
  }

  @Test func `every exchange with tokens is answered alike, or differs for a reason`() async throws {
    let key = try TokenKey(Self.secret, algorithm: .hs256)
    let rules = TokenRules(issuer: "issuer", audiences: ["audience"])
    try await Self.replay(identity: .tokens(rules, key: key)) { $0.hasPrefix(Self.tokens) }
  }

  private static func replay(identity: Identity, _ isMeant: @Sendable (String) -> Bool) async throws {
    func named(_ fixture: String) throws -> [(name: String, value: JSON)] {
      try Self.fixture(fixture).map { ($0["exchange"]?.string ?? $0["name"]?.string ?? "", $0) }
        .filter { isMeant($0.0) }
    }
    let exchanges = try named("transcript")
    let meant = try named("differences")
    let excluded = try named("exclusions")
    #expect(excluded.allSatisfy { $0.value["reason"]?.string?.isEmpty == false })
    #expect(Set(excluded.map(\.name)).isSubset(of: exchanges.map(\.name)))
    let left = Set(excluded.map(\.name))
    try await TestServer.run(identity: identity, answeredBy: RecordedModel()) { server in
      var replay = Replay(server: server)
      var unused = Dictionary(uniqueKeysWithValues: meant)
      for (name, exchange) in exchanges where !left.contains(name) {
        let found = try await replay.differences(exchange)
        if let difference = unused.removeValue(forKey: name) {
          let expected = difference["found"]?.array?.compactMap(\.string) ?? []
          #expect(found == expected, "\(name) differs otherwise than meant")
          #expect(difference["reason"]?.string?.isEmpty == false)
        } else {
          #expect(found == [], "\(name)")
        }
      }
      #expect(unused.isEmpty, "these differences are no longer there")
    }
  }

  private static func fixture(_ name: String) throws -> [JSON] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return try JSON(parsing: Data(contentsOf: folder.appending(path: "\(name).json"))).array ?? []
  }
}

/// Asks one exchange after the other, and follows the ids that a server chooses.
private struct Replay {
  let server: TestServer
  /// The original's ids and ours.
  private var ids: [String: String] = [:]

  init(server: TestServer) {
    self.server = server
  }

  mutating func differences(_ exchange: JSON) async throws -> [String] {
    let reply = try await ask(exchange)
    try await awaitRun(of: reply, exchange)
    let status = exchange["status"]?.integer ?? 0
    var found: [String] = []
    if reply.status != status { found.append("status \(reply.status), not \(status)") }
    if let shape = exchange["shape"], reply.status < 400 {
      compare(shape, reply.json, at: "", isList: exchange["path"]?.string?.hasSuffix("s/") == true, &found)
    }
    if let stream = exchange["stream"] { compareStream(stream, Stream(reply), &found) }
    if let detail = exchange["detail"], reply.json["detail"] != detail {
      found.append("detail \(reply.json["detail"]?.text ?? "none")")
    }
    if let problems = exchange["problems"]?.array { compareProblems(problems, reply.json, &found) }
    return found
  }

  private func ask(_ exchange: JSON) async throws -> Reply {
    let type = exchange["type"]?.string ?? ""
    let text = exchange["body"]?.string
    let plain =
      type.hasPrefix("multipart") ? text.flatMap { Data(base64Encoded: $0) } : text.map { Data($0.utf8) }
    let bytes = plain.map { Array(translated(String(decoding: $0, as: UTF8.self)).utf8) }
    let isBinary = plain.map { String(data: $0, encoding: .utf8) == nil } ?? false
    return try await server.ask(
      exchange["method"]?.string ?? "", translated(exchange["path"]?.string ?? ""),
      bytes: isBinary ? plain.map { Array($0) } : bytes, type: type, as: exchange["user"]?.string,
      headers: Self.authorization(exchange["authorization"]).map { [("Authorization", $0)] } ?? [])
  }

  /// The header as it was, its token made anew when it was one.
  private static func authorization(_ recorded: JSON?) -> String? {
    guard let recorded, let scheme = recorded["scheme"]?.string else { return nil }
    guard var claims = recorded["claims"]?.object, let header = recorded["header"]?.object else {
      return "\(scheme) \(recorded["text"]?.string ?? "")"
    }
    if let seconds = claims["exp"]?.integer {
      claims["exp"] = .integer(Int(Date().timeIntervalSince1970) + seconds)
    }
    let key = recorded["key"]?.string.map { $0 == "right" ? ReplayTests.secret : Data("another".utf8) }
    var token = TokenMint.hs256(claims, header: header, secret: key ?? ReplayTests.secret)
    if key == nil { token = String(token.prefix(through: token.lastIndex(of: ".") ?? token.startIndex)) }
    return "\(scheme) \(token)"
  }

  /// A run in the background was over when the original was asked next.
  private func awaitRun(of reply: Reply, _ exchange: JSON) async throws {
    guard exchange["path"] == "/runs", let run = reply.json["run_id"]?.string,
      let body = try? JSON(parsing: translated(exchange["body"]?.string ?? "")),
      let thread = body["thread_id"]?.string
    else { return }
    let user = exchange["user"]?.string
    try await server.eventually("the run is over") {
      let status = try await server.ask("GET", "/threads/\(thread)/runs/\(run)", as: user).json["status"]
      return status != "pending" && status != "running"
    }
  }

  private func translated(_ text: String) -> String {
    ids.reduce(text) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
  }

  // MARK: Comparing

  private mutating func compareStream(_ stream: JSON, _ ours: Stream, _ found: inout [String]) {
    let names = ours.names.reduce(into: [String]()) { names, name in
      if names.last != name { names.append(name) }
    }
    if stream["names"] != .array(names.map(JSON.string)) {
      found.append("events \(names.joined(separator: " "))")
    }
    let data = ours.data("data").map { $0.array ?? [] }
    let before = Set((data.first ?? []).map { $0["id"] })
    var order: [String] = []
    var messages: [String: JSON] = [:]
    for message in data.joined() where !before.contains(message["id"]) {
      let id = message["id"]?.string ?? ""
      if messages.updateValue(message, forKey: id) == nil { order.append(id) }
    }
    compare(
      stream["messages"] ?? [], .array(order.compactMap { messages[$0] }), at: "", isList: false, &found)
  }

  private func compareProblems(_ problems: [JSON], _ reply: JSON, _ found: inout [String]) {
    let ours = reply["detail"]?.array?.map { problem -> JSON in
      [problem["type"] ?? nil, .array(Array((problem["loc"]?.array ?? []).prefix(2)))]
    }
    if ours != problems { found.append("problems \(JSON.array(ours ?? []).text)") }
  }

  private mutating func compare(
    _ shape: JSON, _ ours: JSON, at path: String, isList: Bool, _ found: inout [String]
  ) {
    switch (shape, ours) {
    case (.object(let members), .array(let others)) where members["@last"] != nil || members["@first"] != nil:
      let (part, other) =
        members["@last"].map { ($0, others.last) } ?? (members["@first"] ?? nil, others.first)
      compare(part, other ?? nil, at: "\(path)[]", isList: false, &found)
    case (.object(let members), .object(let others)):
      for (name, member) in members.sorted(by: { $0.key < $1.key }) {
        guard let other = others[name] else {
          found.append("\(path).\(name) is missing")
          continue
        }
        compare(member, other, at: "\(path).\(name)", isList: false, &found)
      }
      for name in others.keys.sorted() where members[name] == nil { found.append("\(path).\(name) is new") }
    case (.array(let elements), .array(let others)):
      if elements.count != others.count { found.append("\(path) has \(others.count), not \(elements.count)") }
      // Lists of the original have no order.
      guard !isList else { return }
      for (place, (element, other)) in zip(elements, others).enumerated() {
        compare(element, other, at: "\(path)[\(place)]", isList: false, &found)
      }
    case (.string(let leaf), _):
      if !matches(leaf, ours) { found.append("\(path) is \(Self.kind(of: ours)), not \(leaf.prefix(40))") }
    default:
      found.append("\(path) is \(Self.kind(of: ours))")
    }
  }

  private mutating func matches(_ leaf: String, _ ours: JSON) -> Bool {
    if leaf.hasPrefix("=") { return ours.text == leaf.dropFirst() }
    if leaf.hasPrefix("id:") {
      guard let text = ours.string else { return false }
      ids[String(leaf.dropFirst(3))] = text
      return true
    }
    return Self.kind(of: ours) == leaf
  }

  private static func kind(of value: JSON) -> String {
    switch value {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
