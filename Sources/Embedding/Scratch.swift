internal import CKernels

/// The working memory of one call: 7.7 KB a token and 830 KB, so at most 4.8 MB for the largest batch.
final class Scratch {
  /// Rows of the feed-forward net that go through together; as floats of the inner layer, 516 KB.
  static let innerRows = 84

  /// Tokens × 384: the hidden states, updated in place by each layer.
  let states: UnsafeMutablePointer<Float>
  /// Tokens × 384: what the heads gathered, later the outcome of the feed-forward net.
  let context: UnsafeMutablePointer<Float>
  /// Tokens × 1152: queries, keys and values side by side; later a slice of the inner layer.
  let wide: UnsafeMutablePointer<Float>
  /// The attention of one head over one text.
  let attention: UnsafeMutablePointer<Float>
  /// Inputs of a product in 8 bits, as many rows as are rounded together.
  let codes: UnsafeMutablePointer<UInt8>

  init(tokens: Int, longestText: Int) {
    let innerFloats = min(tokens, Self.innerRows) * Transformer.innerWidth
    states = .allocate(capacity: tokens * Transformer.width)
    context = .allocate(capacity: tokens * Transformer.width)
    wide = .allocate(capacity: max(tokens * 3 * Transformer.width, innerFloats))
    codes = .allocate(capacity: Int(transformer_byte_rows) * Transformer.innerWidth)
    attention = .allocate(capacity: max(longestText * longestText, transformer_attention_floats))
  }

  deinit {
    states.deallocate()
    context.deallocate()
    wide.deallocate()
    attention.deallocate()
    codes.deallocate()
  }
}
