import ArgumentParser
import Foundation
import Store

struct MigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Show the schema of the database, or go back.",
    discussion: "The daemon brings its database up to date by itself, and keeps a copy from before.",
    subcommands: [Status.self, Back.self])

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the schema of the database, and the copies from before upgrades.",
      discussion: "Ends with exit code 1 when a newer version wrote the database.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let report = try MigrationReport(directory: options.load().dataDirectory)
      print(json ? try JSONText.of(report) : report.text)
      if report.state == .tooNew { throw ExitCode.failure }
    }
  }

  struct Back: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put a copy from before an upgrade in the place of the database.",
      discussion: """
        What was written since the upgrade is put aside with the database, not deleted. The daemon must not run; \
        afterwards start the version that knows this schema.
        """)

    @Argument(help: "The copy, as `migrate status` names it; else the newest this version knows.")
    var snapshot: String?
    @Flag(help: "Do it.") var yes = false
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let directory = try options.load().dataDirectory
      let copies = Snapshots(storeIn: directory).list()
      let current = try DatabaseFile.schema(ofStoreIn: directory) ?? 0
      let wanted = snapshot.map { URL(filePath: $0).standardized.lastPathComponent }
      guard
        let copy = copies.first(where: { copy in
          wanted.map { copy.path.hasSuffix("/\($0)") }
            ?? (copy.schema < current && copy.schema <= Store.knownSchema)
        })
      else { throw CommandFailure(message: "There is no such copy; see `opengpts migrate status`.") }
      guard yes else {
        throw CommandFailure(
          message:
            "\(copy.path), of schema \(copy.schema), taken \(copy.taken) UTC, would take the place of the database. "
            + "Say --yes to do it.")
      }
      let restore = try StagedRestore(into: directory)
      try restore.stage(copy)
      let aside = try restore.commit()
      print("The database is as it was before the upgrade, with schema \(copy.schema).")
      if let aside { print("What was there is in \(aside).") }
    }
  }
}

/// What `migrate status` prints.
struct MigrationReport: Encodable {
  enum State: String, Encodable { case absent, current, behind, tooNew }

  struct Copy: Encodable {
    let file: String
    let schema: Int
    let taken: String
    let sizeBytes: Int
  }

  let state: State
  let schema: Int?
  let known: Int
  let program = ApplicationVersion.number
  let upgrades: [Upgrade]
  let snapshots: [Copy]

  init(directory: String) throws {
    schema = try DatabaseFile.schema(ofStoreIn: directory)
    known = Store.knownSchema
    upgrades = try DatabaseFile.upgrades(ofStoreIn: directory)
    snapshots = Snapshots(storeIn: directory).list().map {
      Copy(file: $0.path, schema: $0.schema, taken: $0.taken, sizeBytes: $0.sizeBytes)
    }
    state =
      schema.map { $0 == Store.knownSchema ? .current : $0 < Store.knownSchema ? .behind : .tooNew }
      ?? .absent
  }

  var text: String {
    ([verdict] + upgrades.map { "  schema \($0.schema) since \($0.upgradedAt), by version \($0.program)" }
      + snapshots.map {
        "  copy of schema \($0.schema) from \($0.taken) UTC: \($0.file), \(ByteText.of($0.sizeBytes))"
      })
      .joined(separator: "\n")
  }

  /// In a sentence.
  var verdict: String {
    switch state {
    case .absent: "There is no database yet; the daemon makes one with schema \(known)."
    case .current: "The database has schema \(known), the one version \(program) works with."
    case .behind:
      "The database has schema \(schema ?? 0); the next start takes a copy of it and brings it to \(known)."
    case .tooNew:
      "The database has schema \(schema ?? 0), made by a newer version; version \(program) knows up to \(known). Start "
        + "the newer version, or go back: opengpts migrate back"
    }
  }
}
