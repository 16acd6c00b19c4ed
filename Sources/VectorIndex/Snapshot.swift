/// # The file, byte by byte
///
/// Everything is little-endian and lies in the file as it does in memory, so that opening is mapping:
/// nothing is read until it is touched. A header of 4,096 bytes is followed by the sections, each from a
/// multiple of 4,096 on and filled up to the next with zeros. The header is 512 words of 64 bits:
///
/// | word | holds |
/// |-|-|
/// | 0 | `OGPTVIX1` |
/// | 1 | version of the format, 2 |
/// | 2, 3 | dimensions; metric (0 cosine, 1 inner product, 2 squared Euclid) |
/// | 4 | precision asked for (0 automatic, 1 int4, 2 int8, 3 float32) |
/// | 5, 6, 7, 8, 9 | linksPerRow, buildWidth, searchWidth, exactLimit, seed |
/// | 10 | number of the last change that is in the file, chosen by the caller |
/// | 11, 12, 13 | rows, living rows, upper lists |
/// | 14 | 1 if there is a graph, else 0, and its sections are empty |
/// | 15, 16, 17 | entry row, entry level, the bits of the code scale |
/// | 18 | kind of the codes (0 nibble, 1 byte, 2 float) |
/// | 32 + 3s | offset of section s in bytes; then its length with the zeros; then its checksum |
/// | 511 | checksum of words 0 to 510 and a zero |
///
/// Sections, in order (r rows, d dimensions, M = linksPerRow):
///
/// 0. ids: r × Int64
/// 1. alive: r × one byte, 0 or 1
/// 2. vectors: r × d × Float, at length 1 if the metric is the cosine
/// 3. codes: r × stride bytes (`Codes.Kind.stride`): unsigned with 128 added, the upper halves of such
///    (`distance_pack_nibbles` says where each lies), or floats
/// 4. half squares of the codes: r × Int32, or empty
/// 5. ground links: r × 2M × UInt32, `0xffffffff` where there is none
/// 6. towers: r × UInt32, the number of each row's first upper list
/// 7. twins: r × UInt32, the next row with the same code, or 0
/// 8. levels: r × one byte, 255 for a twin
/// 9. upper links: upper lists × M × UInt32
enum Snapshot {
  static let magic: UInt64 = 0x3158_4956_5450_474f
  static let version: UInt64 = 2
  static let pageSize = 4096
  static let headerWordCount = pageSize / 8
  static let firstSectionWord = 32
  static let checksumWord = headerWordCount - 1

  enum Section: Int, CaseIterable {
    case ids, alive, vectors, codes, halfSquares, ground, towers, twins, levels, upper

    /// What is checked before anything depends on it. The others are large, and a flipped bit in them makes a
    /// score wrong or leads a walk to another row, never out of the graph's memory.
    var isReadAtOnce: Bool {
      switch self {
      case .ids, .alive, .towers, .twins, .levels, .upper: true
      case .vectors, .codes, .halfSquares, .ground: false
      }
    }
  }

  /// What word 2 to 18 say.
  struct Header: Equatable {
    var dimensions: Int
    var metric: VectorIndex.Metric
    var parameters: VectorIndex.Parameters
    var lastChange: Int64
    var rowCount: Int
    var liveCount: Int
    var upperListCount = 0
    var hasGraph = false
    var entryRow: UInt32 = 0
    var entryLevel = 0
    var scale: Float = 1
    var kind = Codes.Kind.float

    /// The length of a section, without the zeros after it.
    func byteCount(_ section: Section) -> Int {
      let graphRows = hasGraph ? rowCount : 0
      switch section {
      case .ids: return rowCount * 8
      case .alive: return rowCount
      case .vectors: return rowCount * dimensions * 4
      case .codes: return graphRows * kind.stride(dimensions: dimensions)
      case .halfSquares: return Codes.keepsHalfSquares(metric, kind) ? graphRows * 4 : 0
      case .ground: return graphRows * 2 * parameters.linksPerRow * 4
      case .towers, .twins: return graphRows * 4
      case .levels: return graphRows
      case .upper: return upperListCount * parameters.linksPerRow * 4
      }
    }

    func paddedByteCount(_ section: Section) -> Int {
      (byteCount(section) + pageSize - 1) / pageSize * pageSize
    }

    /// Where each section starts.
    func offset(_ section: Section) -> Int {
      Section.allCases.prefix(section.rawValue).reduce(pageSize) { $0 + paddedByteCount($1) }
    }

    var fileByteCount: Int { offset(.upper) + paddedByteCount(.upper) }
  }
}

extension Snapshot.Header {
  func words(checksums: [UInt64]) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: Snapshot.headerWordCount)
    words[0] = Snapshot.magic
    words[1] = Snapshot.version
    let metrics = VectorIndex.Metric.allCases
    let precisions = VectorIndex.Parameters.Precision.allCases
    let fields: [UInt64] = [
      UInt64(dimensions), UInt64(metrics.firstIndex(of: metric) ?? 0),
      UInt64(precisions.firstIndex(of: parameters.precision) ?? 0), UInt64(parameters.linksPerRow),
      UInt64(parameters.buildWidth), UInt64(parameters.searchWidth), UInt64(parameters.exactLimit),
      parameters.seed, UInt64(bitPattern: lastChange), UInt64(rowCount), UInt64(liveCount),
      UInt64(upperListCount), hasGraph ? 1 : 0, UInt64(entryRow), UInt64(entryLevel),
      UInt64(scale.bitPattern), UInt64(kind.rawValue),
    ]
    words.replaceSubrange(2..<2 + fields.count, with: fields)
    for section in Snapshot.Section.allCases {
      let word = Snapshot.firstSectionWord + 3 * section.rawValue
      words[word] = UInt64(offset(section))
      words[word + 1] = UInt64(paddedByteCount(section))
      words[word + 2] = checksums[section.rawValue]
    }
    words[Snapshot.checksumWord] = Checksum.of(words)
    return words
  }

  /// Reads and checks a header; the file must be as long as it says.
  init(words: [UInt64], fileByteCount: Int) throws(IndexError) {
    guard words.count == Snapshot.headerWordCount, words[0] == Snapshot.magic else {
      throw .damaged("it is no index file")
    }
    var unsigned = words
    unsigned[Snapshot.checksumWord] = 0
    guard words[Snapshot.checksumWord] == Checksum.of(unsigned) else { throw .damaged("header") }
    guard words[1] == Snapshot.version else { throw .otherVersion(words[1]) }
    let metrics = VectorIndex.Metric.allCases
    let precisions = VectorIndex.Parameters.Precision.allCases
    let limit = UInt64(VectorIndex.maximumRowCount)
    guard words[2...18].enumerated().allSatisfy({ [7, 8].contains($0.offset) || $0.element <= limit << 2 }),
      words[3] < metrics.count, words[4] < precisions.count,
      (1...UInt64(VectorIndex.maximumDimensions)).contains(words[2]),
      words[12] <= words[11], words[11] <= limit, let kind = Codes.Kind(rawValue: Int(words[18]))
    else { throw .damaged("header") }
    var parameters = VectorIndex.Parameters()
    parameters.precision = precisions[Int(words[4])]
    parameters.linksPerRow = Int(words[5])
    parameters.buildWidth = Int(words[6])
    parameters.searchWidth = Int(words[7])
    parameters.exactLimit = Int(words[8])
    parameters.seed = words[9]
    guard parameters == parameters.bounded, let entryRow = UInt32(exactly: words[15]) else {
      throw .damaged("header")
    }
    self.init(
      dimensions: Int(words[2]), metric: metrics[Int(words[3])], parameters: parameters,
      lastChange: Int64(bitPattern: words[10]), rowCount: Int(words[11]), liveCount: Int(words[12]),
      upperListCount: Int(words[13]), hasGraph: words[14] == 1, entryRow: entryRow,
      entryLevel: Int(words[16]), scale: Float(bitPattern: UInt32(truncatingIfNeeded: words[17])), kind: kind)
    guard self.fileByteCount == fileByteCount else { throw .damaged("the file is cut short") }
  }
}
