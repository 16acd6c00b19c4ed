import CWeb
import Foundation
import Testing

/// The shape of the house, held against its sources.
@Suite struct HouseTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let rooms = [
    "Conversation", "Metering", "VectorIndex", "Embedding", "Documents", "Transport", "Store", "Backup",
    "Providers", "Engine", "Server", "opengpts",
  ]

  private func files(below folder: String, ending: String) throws -> [URL] {
    let base = Self.root.appending(path: folder)
    let found = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    let files = (found?.compactMap { $0 as? URL } ?? []).filter { $0.path.hasSuffix(ending) }
    try #require(!files.isEmpty, "nothing ends in \(ending) below \(folder)")
    return files
  }

  private func imports(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
        line.first?.isWhitespace == false
      else { return nil }
      return ["import", "package", "public", "@testable", "@preconcurrency"].contains(String(words[0]))
        ? String(words[place + 1]) : nil
    }
  }

  @Test(arguments: [
    ("GRDB", ["Store"]), ("Hummingbird", ["Server"]), ("CCurl", ["Transport"]), ("CXML", ["Documents"]),
    ("Yams", ["Documents"]),
    ("TOMLKit", ["opengpts"]), ("CWeb", ["Server"]), ("CBLAS", ["VectorIndex", "Embedding"]),
  ])
  func `a library is imported by its own rooms alone`(library: String, rooms: [String]) throws {
    for room in Self.rooms where !rooms.contains(room) {
      for file in try files(below: "Sources/\(room)", ending: ".swift") {
        #expect(try !imports(of: file).contains(library), "\(file.lastPathComponent) imports \(library)")
      }
    }
  }

  @Test func `arrows point up the list of rooms only`() throws {
    for (place, room) in Self.rooms.enumerated() {
      let below = Set(Self.rooms[(place + 1)...])
      for file in try files(below: "Sources/\(room)", ending: ".swift") {
        let wrong = try below.intersection(imports(of: file))
        #expect(wrong.isEmpty, "\(file.lastPathComponent) of \(room) imports \(wrong)")
      }
    }
  }

  @Test func `every file of the page is carried in the program, and nothing else`() throws {
    let base = Self.root.appending(path: "Web").path
    let onDisk = try files(below: "Web", ending: "").filter {
      !$0.hasDirectoryPath && !$0.lastPathComponent.hasPrefix(".")
    }
    .map { String($0.path.dropFirst(base.count)) }
    let carried = (0..<cweb_asset_count()).compactMap { cweb_asset_at($0).path.map { String(cString: $0) } }
    #expect(Set(onDisk) == Set(carried))
  }

  @Test func `each room has its page, short enough to be read`() throws {
    for room in Self.rooms where room != "opengpts" {
      let page = Self.root.appending(path: "Sources/\(room)/\(room).docc/\(room).md")
      let lines = try String(contentsOf: page, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 61, "the page of \(room) has \(lines.count) lines")
    }
  }

  @Test func `no source can end everybody's session by a forced value`() throws {
    let forced = try Regex(#"\btry!|\bas!|fatalError\(|[A-Za-z0-9_\)\]]!(?=[.,)\s]|$)"#)
    for room in Self.rooms {
      for file in try files(below: "Sources/\(room)", ending: ".swift") {
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        // Memory that is not there cannot be thrown about either.
        for line in lines
        where !line.drop(while: \.isWhitespace).hasPrefix("//") && !line.contains("out of memory") {
          let code = line.split(separator: "\"", omittingEmptySubsequences: false)
            .enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(separator: "\"\"")
          #expect(code.firstMatch(of: forced) == nil, "\(file.lastPathComponent): \(line)")
        }
      }
    }
  }
}
