import ArgumentParser
import Testing

@testable import opengpts

@Suite struct BenchIndexTests {
  @Test func `search widths are whole numbers with commas between them`() {
    #expect(SearchWidths(argument: "10,20,400")?.values == [10, 20, 400])
    for wrong in ["", "10,", "ten", "0", "-1", "1000000", "10 20"] {
      #expect(SearchWidths(argument: wrong) == nil, "\(wrong)")
    }
  }

  @Test func `the settings of a graph go by the names of the paper`() throws {
    let command = try BenchIndexCommand.parse([
      "--vectors", "v", "--queries", "q", "--truth", "t", "--dimensions", "8", "--m", "8",
      "--ef-construction", "100", "--ef", "7", "--json",
    ])
    #expect(command.ef.values == [7])
    #expect((command.m, command.efConstruction, command.json) == (8, 100, true))
  }

  @Test func `files that cannot be used are named as the reason`() async throws {
    let command = try BenchIndexCommand.parse([
      "--vectors", "/no/such/file", "--queries", "q", "--truth", "t", "--dimensions", "8",
    ])
    await #expect(throws: CommandFailure.self) { try await command.run() }
  }
}
