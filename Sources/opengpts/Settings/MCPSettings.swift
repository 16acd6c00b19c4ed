import CoreFoundation
import Engine
import Foundation
import TOMLKit

/// The servers of the Model Context Protocol, `[[mcp.server]]` in a configuration file. They stand nowhere
/// else: a program that is started for others is the machine's affair, never a request's.
enum MCPSettings {
  /// What one table may hold.
  private static let keys: Set = [
    "name", "command", "env", "directory", "memory_mb", "url", "headers", "trusted", "enabled",
    "protocol",
  ]

  struct Refusal: Error {
    let subject: String
    let explanation: String
  }

  /// Servers of one file.
  static let most = 32

  /// - Throws: what is wrong with the first that is wrong; never a value, which may hold a key.
  static func read(_ value: any TOMLValueConvertible) throws(Refusal) -> [MCPConfiguration] {
    guard let array = value.array, array.count <= most else {
      throw Refusal(
        subject: "mcp.server", explanation: "has to be written as [[mcp.server]], at most \(most) times")
    }
    var servers: [MCPConfiguration] = []
    for (place, entry) in array.enumerated() {
      guard let table = entry.table else {
        throw Refusal(subject: "mcp.server", explanation: "has to be written as [[mcp.server]]")
      }
      guard let server = try read(table, place: place) else { continue }
      guard !servers.contains(where: { $0.name == server.name }) else {
        throw Refusal(subject: "mcp.server", explanation: "has two servers named \(server.name)")
      }
      servers.append(server)
    }
    return servers
  }

  /// Nil for one that is switched off.
  private static func read(_ table: TOMLTable, place: Int) throws(Refusal) -> MCPConfiguration? {
    let subject = "mcp.server \(place + 1)"
    func refusal(_ explanation: String) -> Refusal { Refusal(subject: subject, explanation: explanation) }
    if let unknown = table.keys.first(where: { !keys.contains($0) }) {
      let nearest = NearestName.of(unknown, among: keys.sorted()) ?? "name"
      throw refusal("has \(unknown), which is not known; did you mean \(nearest)?")
    }
    guard let name = table["name"]?.string, isName(name) else {
      throw refusal("needs a name of letters, digits and _, at most 24, such as \"time\"")
    }
    let isTrusted = table["trusted"]?.bool ?? false
    let version = table["protocol"]?.string
    guard table["protocol"] == nil || version.map(MCPConfiguration.versions.contains) == true else {
      throw refusal("has a protocol that is none of \(MCPConfiguration.versions.joined(separator: ", "))")
    }
    guard table["enabled"]?.bool ?? true else { return nil }
    switch (table["command"], table["url"]?.string) {
    case (let command?, nil):
      guard let words = texts(command), let program = words.first, program.hasPrefix("/") else {
        throw refusal("needs a command like [\"/usr/bin/program\", \"argument\"], an absolute path first")
      }
      return MCPConfiguration(
        name: name, transport: .process(try launch(words, table, refusal)), isTrusted: isTrusted,
        version: version)
    case (nil, let url?):
      guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
        throw refusal("has an address that is neither http nor https")
      }
      return MCPConfiguration(
        name: name, transport: .http(url: url, headers: try headers(table, refusal)), isTrusted: isTrusted,
        version: version)
    case (_?, _?): throw refusal("has both a command and a url; keep one")
    case (nil, nil): throw refusal("needs a command or a url")
    }
  }

  private static func launch(
    _ command: [String], _ table: TOMLTable, _ refusal: (String) -> Refusal
  ) throws(Refusal) -> MCPLaunch {
    var launch = MCPLaunch(command: command)
    if let env = table["env"] {
      guard let entries = texts(env), entries.allSatisfy({ $0.contains("=") && $0.first != "=" }) else {
        throw refusal("has an env that is no list like [\"NAME=value\"]")
      }
      launch.environment = entries
    }
    launch.directory = table["directory"]?.string
    if let megabytes = table["memory_mb"] {
      guard let number = megabytes.int, (64...1_048_576).contains(number) else {
        throw refusal("has a memory_mb that is no number of megabytes from 64 on")
      }
      launch.memoryBytes = number << 20
    }
    return launch
  }

  private static func headers(
    _ table: TOMLTable, _ refusal: (String) -> Refusal
  ) throws(Refusal) -> [(name: String, value: String)] {
    guard let value = table["headers"] else { return [] }
    guard let entries = texts(value) else {
      throw refusal("has headers that are no list like [\"Name: value\"]")
    }
    var headers: [(name: String, value: String)] = []
    for entry in entries {
      guard let colon = entry.firstIndex(of: ":"), colon > entry.startIndex,
        entry.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
      else { throw refusal("has headers that are no list like [\"Name: value\"]") }
      let text = entry[entry.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      headers.append((String(entry[..<colon]), text))
    }
    return headers
  }

  private static func texts(_ value: any TOMLValueConvertible) -> [String]? {
    guard let items = value.array?.map(\.string) else { return nil }
    let texts = items.compactMap { $0 }
    return texts.count == items.count && !texts.contains { $0.utf8.contains(0) } ? texts : nil
  }

  /// It begins the names of functions, which have 64 characters in all.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 24
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  /// Whoever can write the file can have programs started: nobody but its owner may.
  static func isWritableByOthers(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IWOTH != 0
  }

  static let example = """

    # Servers of the Model Context Protocol, whose tools assistants can be given: programs of this machine,
    # or addresses. Of a trusted one it is believed which of its tools only read; those are then not asked for.
    #
    #   [[mcp.server]]
    #   name = "time"
    #   command = ["/usr/local/bin/mcp-server-time"]
    #   env = ["TZ=Europe/Berlin"]
    #   directory = "/var/lib/opengpts"
    #   memory_mb = 2048
    #   trusted = true
    #
    #   [[mcp.server]]
    #   name = "wiki"
    #   url = "https://wiki.example.org/mcp"
    #   headers = ["Authorization: Bearer …"]

    """
}
