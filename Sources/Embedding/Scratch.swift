/// The working memory of one call: about 10 KB a token, so at most 5 MB for the largest batch.
final class Scratch {
  /// Tokens × 384: the hidden states, updated in place by each layer.
  let states: UnsafeMutablePointer<Float>
  /// Tokens × 384: what the heads gathered, later the second half of the feed-forward step.
  let context: UnsafeMutablePointer<Float>
  /// Tokens × 1536: queries, keys and values side by side, later the inner feed-forward layer.
  let wide: UnsafeMutablePointer<Float>
  /// Tokens × tokens of the longest text: the attention scores of one head.
  let scores: UnsafeMutablePointer<Float>

  init(tokens: Int, longestText: Int) {
    states = .allocate(capacity: tokens * Transformer.width)
    context = .allocate(capacity: tokens * Transformer.width)
    wide = .allocate(capacity: tokens * Transformer.innerWidth)
    scores = .allocate(capacity: longestText * longestText)
  }

  deinit {
    states.deallocate()
    context.deallocate()
    wide.deallocate()
    scores.deallocate()
  }
}
