import ArgumentParser
import Embedding
import Foundation

/// What a vector costs. `make bench-embedding` puts the figures beside those of other programs.
struct BenchEmbeddingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embedding", abstract: "Processor time of the embedding model, its load time and memory.")

  @Option(help: "Tokens of each text, from 3 to 256.") var tokens: [Int] = [20, 256]
  @Option(help: "Texts embedded together.") var batch: [Int] = [1, 32]
  @Option(help: "float32 or int8; both unless told.", transform: Self.precision)
  var precision: [Precision] = Precision.allCases
  @Option(help: "Seconds to measure each.") var seconds = 1.0
  @Flag(help: "Print only the processor time of a text in microseconds, a line for each.") var bare = false
  @OptionGroup var options: SettingsOptions

  @Sendable private static func precision(_ name: String) throws -> Precision {
    guard let precision = Precision(rawValue: name) else {
      throw ValidationError("There is no precision \(name); there are float32 and int8.")
    }
    return precision
  }

  func validate() throws {
    guard tokens.allSatisfy((3...256).contains), batch.allSatisfy((1...1024).contains), seconds > 0 else {
      throw ValidationError("--tokens is to be from 3 to 256, --batch from 1 to 1024, --seconds above 0.")
    }
  }

  func run() async throws {
    let directory = try options.load().modelDirectory
    for precision in precision {
      let start = ContinuousClock.now
      let embedder = try SentenceEmbedder(directory: directory, precision: precision)
      let loaded = (ContinuousClock.now - start) / .milliseconds(1)
      var lines: [String] = []
      for tokens in tokens {
        for batch in batch {
          let microseconds = try measure(embedder, tokens: tokens, batch: batch)
          lines.append(
            bare
              ? String(format: "%.2f", microseconds)
              : String(
                format: "  %3d tokens, batch of %2d: %8.0f µs of CPU a text, %6.0f texts/s", tokens, batch,
                microseconds, 1e6 / microseconds))
        }
      }
      if !bare {
        print(
          String(
            format: "%@: loaded in %.0f ms, %.0f MB resident after use", precision.rawValue, loaded,
            Self.residentMegabytes))
      }
      print(lines.joined(separator: "\n"))
    }
  }

  /// Microseconds of processor time for each text, the median of some runs.
  private func measure(_ embedder: SentenceEmbedder, tokens: Int, batch: Int) throws -> Double {
    let texts = (0..<batch).map { Self.text($0, tokens: tokens) }
    _ = try embedder.embed(texts)
    var samples: [Double] = []
    let end = ContinuousClock.now + .seconds(seconds)
    repeat {
      let start = Self.processorSeconds
      _ = try embedder.embed(texts)
      samples.append((Self.processorSeconds - start) * 1e6 / Double(batch))
    } while ContinuousClock.now < end
    return samples.median ?? 0
  }

  /// Words of one token each, in another order for each text; two tokens frame them.
  static func text(_ number: Int, tokens: Int) -> String {
    (0..<(tokens - 2)).map { words[(number * 7 + $0 * 3) % words.count] }.joined(separator: " ")
  }

  private static let words = """
    the water river house garden music letter number paper table window street school market doctor lawyer \
    summer winter morning evening bridge island mountain forest engine driver pilot captain soldier artist \
    writer reader student teacher mother father brother sister friend
    """.split(separator: " ").map(String.init)

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static var residentMegabytes: Double {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
    return (kilobytes ?? 0) / 1024
  }
}
