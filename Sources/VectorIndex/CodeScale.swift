/// How the components of a set of vectors are best turned into whole numbers.
///
/// Steps too large blur all components, steps too small cut off the large ones. Of the largest component of a
/// sample and ever smaller ones the scale is taken whose codes differ least from the sample in the sum of
/// squares.
struct CodeScale {
  let kind: Codes.Kind
  /// What a component is multiplied with to become a code.
  let scale: Float

  /// - Parameter sample: whole vectors, one after the other.
  init(_ precision: VectorIndex.Parameters.Precision, for sample: [Float], dimensions: Int) {
    switch precision {
    case .float32:
      self.init(kind: .float, scale: 1)
    case .int4 where dimensions >= Self.leastDimensions:
      self = Self.best(.nibble, sample).scale
    case .automatic where dimensions >= Self.leastDimensions:
      let (nibble, loss) = Self.best(.nibble, sample)
      let tolerable = Self.tolerableLoss * Self.variation(of: sample, dimensions: dimensions)
      self = loss <= tolerable ? nibble : Self.best(.byte, sample).scale
    case .int4, .int8, .automatic:
      self = Self.best(.byte, sample).scale
    }
  }

  private init(kind: Codes.Kind, scale: Float) {
    self.kind = kind
    self.scale = scale
  }

  /// With fewer, four bits fill no fewer cache lines than eight, and errors average out less.
  private static let leastDimensions = 128
  /// Of the variation of the data, as a share: normally distributed components lose 0.012.
  private static let tolerableLoss = 0.02
  private static let step: Float = 1.05
  private static let attempts = 64

  private static func best(_ kind: Codes.Kind, _ sample: [Float]) -> (scale: CodeScale, loss: Double) {
    let largest = sample.reduce(Float(0)) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite, (127 / largest).isFinite else {
      return (CodeScale(kind: kind, scale: 1), 0)
    }
    var best = (scale: CodeScale(kind: kind, scale: 127 / largest), loss: Double.infinity)
    for attempt in 0..<attempts {
      let scale = best.scale.scale * (attempt == 0 ? 1 : step)
      guard scale.isFinite else { break }
      let loss = loss(kind, sample, scale)
      guard loss < best.loss else { break }
      best = (CodeScale(kind: kind, scale: scale), loss)
    }
    return best
  }

  /// The sum of the squares of what the codes are off by.
  private static func loss(_ kind: Codes.Kind, _ sample: [Float], _ scale: Float) -> Double {
    sample.reduce(0.0) { sum, value in
      let code = min(max(value * scale, -127), 127).rounded()
      let kept = kind == .nibble ? ((code + 128) / 16).rounded(.down) * 16 - 120 : code
      let error = Double(value - kept / scale)
      return sum + error * error
    }
  }

  /// The sum of the squares of what the vectors differ by from their mean, were all components like the
  /// middle one: one that varies far more than the rest blurs them, and would hide that in a plain sum.
  private static func variation(of sample: [Float], dimensions: Int) -> Double {
    let count = Double(sample.count / dimensions)
    let variations = (0..<dimensions).map { dimension in
      var sum = 0.0
      var squares = 0.0
      for i in stride(from: dimension, to: sample.count, by: dimensions) {
        sum += Double(sample[i])
        squares += Double(sample[i]) * Double(sample[i])
      }
      return squares - sum * sum / count
    }
    return Double(dimensions) * variations.sorted()[dimensions / 2]
  }
}
