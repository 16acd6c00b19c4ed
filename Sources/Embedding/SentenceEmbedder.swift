/// Text to vector with all-MiniLM-L6-v2, on the processor, in the calling thread.
///
/// Safe to use from any number of threads at once: the model is read-only and each call brings its own
/// working memory. Parallelism is the caller's: one call uses one core.
public struct SentenceEmbedder: Sendable {
  public static let dimensions = 384
  /// Recorded with each vector: vectors of different models must never meet in one index.
  public static let modelName = "all-MiniLM-L6-v2"
  /// Rows of one pass. Larger gains nothing (the products are already compute-bound); it bounds the
  /// working memory of a call and the time until a cancellation is seen.
  static let maximumBatchTokens = 512

  public let tokenizer: WordPiece
  private let transformer: Transformer
  private let directory: String

  /// How this embedder multiplies.
  public let products: MatrixProducts
  public let precision: Precision

  /// Opens `model.safetensors` and `vocab.txt` in a folder and checks both.
  ///
  /// The layers' weights are copied into the order their products want (43 MB); the word vectors stay
  /// mapped (47 MB, of which the words in use are resident).
  ///
  /// - Parameters:
  ///   - products: one of ``MatrixProducts/available``; the fastest of them unless told.
  ///   - precision: in which numbers; floats unless told.
  /// - Throws: `notInstalled`, `unreadable`, `damaged` or `unsupported`, naming the file.
  public init(
    directory: String, products: MatrixProducts? = nil, precision: Precision = .float32
  ) throws(EmbeddingError) {
    let products = products ?? .fastest
    precondition(MatrixProducts.available.contains(products), "this processor cannot run them")
    self.products = products
    self.precision = precision
    self.directory = directory
    tokenizer = try WordPiece(vocabulary: "\(directory)/vocab.txt")
    let file = try Safetensors(path: "\(directory)/model.safetensors")
    transformer = try Transformer(
      file, vocabularyCount: tokenizer.vocabularyCount,
      arithmetic: Arithmetic(precision: precision, products: products))
  }

  /// One unit vector of ``dimensions`` floats for each text, in the order of the texts.
  ///
  /// Any string has a vector, the empty one too. What lies behind the first 256 tokens of a text is not
  /// read. A vector depends on its text alone, up to rounding (2e-7) with the company it is computed in.
  ///
  /// - Throws: `cancelled` when the current task was cancelled (looked at before each batch);
  ///   `damaged` when the model's numbers yield no finite vector.
  /// - Complexity: O(tokens), about 21 MFLOP each; 5 MB of working memory.
  public func embed(_ texts: [String]) throws(EmbeddingError) -> [[Float]] {
    var vectors = [[Float]](repeating: [], count: texts.count)
    let ids = texts.map(tokenizer.tokenIDs)
    let shortestFirst = ids.indices.sorted { ids[$0].count < ids[$1].count }
    var rest = shortestFirst[...]
    while !rest.isEmpty {
      if Task.isCancelled { throw .cancelled }
      var batch = Batch()
      var members: [Int] = []
      while let next = rest.first, batch.fits(ids[next].count) {
        batch.append(ids[next])
        members.append(next)
        rest.removeFirst()
      }
      for (member, vector) in zip(members, try embed(batch)) { vectors[member] = vector }
    }
    return vectors
  }

  private func embed(_ batch: Batch) throws(EmbeddingError) -> [[Float]] {
    let longest = batch.texts.reduce(0) { max($0, $1.count) }
    let scratch = Scratch(tokens: batch.tokenIDs.count, longestText: longest)
    transformer.run(batch, scratch)
    var vectors: [[Float]] = []
    for text in batch.texts {
      guard let vector = Pooling.unitMean(of: text, in: scratch.states, width: Self.dimensions) else {
        throw .damaged(path: "\(directory)/model.safetensors", reason: "it yields vectors without a length")
      }
      vectors.append(vector)
    }
    return vectors
  }
}

extension Batch {
  fileprivate func fits(_ count: Int) -> Bool {
    tokenIDs.isEmpty || tokenIDs.count + count <= SentenceEmbedder.maximumBatchTokens
  }
}
