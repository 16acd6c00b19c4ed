import Conversation
import Testing

@testable import Providers

/// What every adapter must do with the bytes of its vendor, whole and cut anywhere.
@Suite struct ConformanceTests {
  /// Whole, and in pieces of every size up to 40 bytes, and some larger ones.
  private func sizes(_ bytes: [UInt8]) -> [Int] {
    Array(1...40) + [64, 127, 500, bytes.count]
  }

  @Test(arguments: Dialect.all)
  func `an answer reads the same however its bytes are cut`(dialect: Dialect) throws {
    for size in sizes(dialect.answer) {
      let heard = try dialect.read(dialect.answer, size)
      #expect(heard.text == "Grüße, 世界 🐻", "\(size) bytes at once")
      #expect(heard.reason == "stop" && heard.calls.isEmpty && heard.thoughts.isEmpty)
      #expect(heard.usage?.inputTokens == 9 && heard.usage?.outputTokens == 4)
      #expect(heard.usage?.totalTokens == 13)
      if dialect.name != "Ollama" { #expect(heard.usage?.cacheReadTokens == 5) }
      if dialect.name != "Bedrock" { #expect(heard.model != nil) }
    }
  }

  @Test(arguments: Dialect.all)
  func `parallel calls read the same however their bytes are cut`(dialect: Dialect) throws {
    for size in sizes(dialect.calls) {
      let heard = try dialect.read(dialect.calls, size)
      #expect(heard.calls.map(\.name) == ["find", "add"], "\(size) bytes at once")
      #expect(heard.calls.map(\.arguments) == [["q": "x"], [:]])
      #expect(Set(heard.calls.map(\.id)).count == 2 && heard.calls.allSatisfy { !$0.id.isEmpty })
      #expect(heard.reason == "tool_calls")
    }
  }

  @Test(arguments: Dialect.all)
  func `one call after words reads the same however its bytes are cut`(dialect: Dialect) throws {
    for size in sizes(dialect.call) {
      let heard = try dialect.read(dialect.call, size)
      #expect(heard.text == "I look. ", "\(size) bytes at once")
      #expect(heard.calls.map(\.name) == ["find"] && heard.calls.map(\.arguments) == [["q": "ü"]])
      #expect(heard.reason == "tool_calls")
    }
  }

  @Test(arguments: Dialect.all.filter { $0.picture != nil })
  func `a picture that a model makes comes whole however its bytes are cut`(dialect: Dialect) throws {
    let bytes = try #require(dialect.picture)
    for size in sizes(bytes) {
      let heard = try dialect.read(bytes, size)
      #expect(heard.pictures == ["image/png iVBORw0KGgo="] && heard.text == "Here: ", "\(size) bytes at once")
      #expect(heard.reason == "stop")
    }
  }

  @Test(arguments: Dialect.all)
  func `why an answer ended is told in one way`(dialect: Dialect) throws {
    #expect(try dialect.read(dialect.length, 7).reason == "length")
    #expect(try dialect.read(dialect.length, 7).text == "Lo")
    let refused = try dialect.read(dialect.refusal, 7)
    // Ollama's models refuse in words alone.
    #expect(refused.reason == (dialect.name == "Ollama" ? "stop" : "content_filter"))
  }

  @Test(arguments: Dialect.all)
  func `thoughts come whole and before what was said, with their signatures`(dialect: Dialect) throws {
    for size in sizes(dialect.thought) {
      let heard = try dialect.read(dialect.thought, size)
      #expect(
        heard.text == "So." && heard.thoughts.map(\.text).joined() == "Hm. Well.", "\(size) bytes at once")
      #expect(heard.thoughts.first?.after == 0)
      #expect(heard.thoughts.contains { $0.signature == "sig" } == dialect.signs)
    }
  }

  @Test(arguments: Dialect.all)
  func `a stream that ends anywhere before its end was cut`(dialect: Dialect) throws {
    let whole = try dialect.read(dialect.answer, dialect.answer.count)
    for count in stride(from: 0, to: dialect.answer.count, by: 3) {
      do {
        // What has come to its finish reason counts, with or without the figures after it.
        let heard = try dialect.read(Array(dialect.answer[..<count]), 11)
        #expect(heard.text == whole.text && heard.reason == whole.reason, "cut at \(count)")
      } catch ModelError.cut {
      } catch ModelError.malformed where dialect.name == "Ollama" {
        // Half a line is no chat.
      }
    }
  }

  @Test(arguments: Dialect.all)
  func `what is no reply is said to be none`(dialect: Dialect) {
    let error = #expect(throws: ModelError.self) { try dialect.read(dialect.garbage, 3) }
    guard case .malformed? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: Dialect.all)
  func `no byte can end the process`(dialect: Dialect) {
    var random = SplitMix(seed: 11)
    for recording in [dialect.answer, dialect.calls, dialect.thought] {
      for _ in 0..<150 {
        var bytes = recording
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        _ = try? dialect.read(bytes, Int.random(in: 1...64, using: &random))
      }
    }
  }
}

/// Random numbers that are the same each time.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
