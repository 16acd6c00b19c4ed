/// From hidden states to a sentence's vector: the mean over its tokens, scaled to length one.
enum Pooling {
  /// `states` is a row of `width` floats per token; nil when no finite direction comes out.
  static func unitMean(
    of rows: Range<Int>, in states: UnsafePointer<Float>, width: Int
  ) -> [Float]? {
    var vector = [Float](repeating: 0, count: width)
    for row in rows {
      let state = states + row * width
      for column in 0..<width { vector[column] += state[column] }
    }
    let length = vector.reduce(into: Float(0)) { $0 += $1 * $1 }.squareRoot()
    guard length.isFinite, length > 0 else { return nil }
    for column in 0..<width { vector[column] /= length }
    return vector
  }
}
