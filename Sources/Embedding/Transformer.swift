/// The six encoder layers of all-MiniLM-L6-v2 (a BERT: Devlin et al. 2019, section 3; post-norm).
///
/// Several texts go through together as one matrix with a row per token and no padding: every step but
/// attention treats rows alike, and attention runs over each text's own rows.
struct Transformer: Sendable {
  static let width = 384
  static let headWidth = 32
  static let innerWidth = 1536
  static let layerCount = 6
  static let positions = 512
  static let epsilon: Float = 1e-12

  private let file: Safetensors
  private let memory: WeightMemory
  private let embeddings: TokenEmbeddings
  private let layers: [Layer]

  init(
    _ file: Safetensors, vocabularyCount: Int, arithmetic: Arithmetic
  ) throws(EmbeddingError) {
    self.file = file
    memory = WeightMemory(floats: Self.layerCount * Layer.floats(arithmetic.precision))
    embeddings = try TokenEmbeddings(file, vocabularyCount: vocabularyCount)
    var layers: [Layer] = []
    for index in 0..<Self.layerCount {
      layers.append(
        try Layer(file, prefix: "encoder.layer.\(index)", arithmetic: arithmetic, memory: memory))
      file.file.leaveMemory()
    }
    self.layers = layers
  }

  /// Leaves the last hidden states in `scratch.states`, a row of ``width`` floats per token.
  ///
  /// - Complexity: 21 million operations a token, and 9,216 for each pair of tokens of one text.
  func run(_ batch: Batch, _ scratch: Scratch) {
    embeddings.look(up: batch, into: scratch.states)
    for layer in layers {
      layer.attend(batch, scratch)
      layer.feedForward(rows: batch.tokenIDs.count, scratch)
    }
  }
}

/// Texts packed one after another: the ids of all tokens, and each text's share of them.
struct Batch {
  private(set) var tokenIDs: [Int32] = []
  private(set) var texts: [Range<Int>] = []

  mutating func append(_ ids: [Int32]) {
    texts.append(tokenIDs.count..<tokenIDs.count + ids.count)
    tokenIDs += ids
  }
}

/// Word, position and segment vectors, added up and normalized.
private struct TokenEmbeddings: Sendable {
  // SAFETY: the pointers lie in the mapped model file, which `Transformer` keeps open.
  nonisolated(unsafe) private let words: UnsafePointer<Float>
  nonisolated(unsafe) private let positions: UnsafePointer<Float>
  nonisolated(unsafe) private let segments: UnsafePointer<Float>
  private let normalization: Normalization

  init(_ file: Safetensors, vocabularyCount: Int) throws(EmbeddingError) {
    let width = Transformer.width
    words = try file.floats("embeddings.word_embeddings.weight", shape: [vocabularyCount, width])
    positions = try file.floats(
      "embeddings.position_embeddings.weight", shape: [Transformer.positions, width])
    segments = try file.floats("embeddings.token_type_embeddings.weight", shape: [2, width])
    normalization = try Normalization(file, "embeddings.LayerNorm", width: width)
  }

  /// Every id is below the vocabulary's size, which is the table's: `WordPiece` and init see to it.
  func look(up batch: Batch, into states: UnsafeMutablePointer<Float>) {
    let width = Transformer.width
    for text in batch.texts {
      for (position, row) in text.enumerated() {
        let word = words + Int(batch.tokenIDs[row]) * width
        let place = positions + position * width
        let state = states + row * width
        for column in 0..<width { state[column] = word[column] + segments[column] + place[column] }
      }
    }
    normalization.addAndNormalize(states, nil, rows: batch.tokenIDs.count)
  }
}
