import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure this program on this machine.",
    subcommands: [
      BenchStartCommand.self, BenchTurnCommand.self, BenchStreamsCommand.self, BenchIndexCommand.self,
      BenchVectorsCommand.self,
    ])

  /// Without a subcommand: all that need no files.
  func run() async throws {
    try await BenchStartCommand.parse([]).run()
    print()
    try await BenchTurnCommand.parse([]).run()
    print()
    try await BenchStreamsCommand.parse([]).run()
  }
}
