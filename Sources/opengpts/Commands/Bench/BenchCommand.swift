import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure this program on this machine.",
    subcommands: [BenchStartCommand.self, BenchTurnCommand.self])

  /// Without a subcommand: all of them.
  func run() async throws {
    try await BenchStartCommand.parse([]).run()
    print()
    try await BenchTurnCommand.parse([]).run()
  }
}
