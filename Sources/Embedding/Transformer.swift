internal import CBLAS
internal import CKernels
import Synchronization

/// The six encoder layers of all-MiniLM-L6-v2 (a BERT: Devlin et al. 2019, section 3; post-norm).
///
/// Several texts go through together as one matrix with a row per token and no padding: every step but
/// attention treats rows alike, and attention runs over each text's own rows.
struct Transformer: Sendable {
  static let width = 384
  static let heads = 12
  static let headWidth = 32
  static let innerWidth = 1536
  static let layerCount = 6
  static let positions = 512
  static let epsilon: Float = 1e-12

  private let file: Safetensors
  private let embeddings: TokenEmbeddings
  private let layers: [Layer]

  init(_ file: Safetensors, vocabularyCount: Int) throws(EmbeddingError) {
    self.file = file
    embeddings = try TokenEmbeddings(file, vocabularyCount: vocabularyCount)
    var layers: [Layer] = []
    for index in 0..<Self.layerCount {
      layers.append(try Layer(file, prefix: "encoder.layer.\(index)"))
    }
    self.layers = layers
  }

  /// Leaves the last hidden states in `scratch.states`, a row of ``width`` floats per token.
  ///
  /// - Complexity: 21 million operations a token, and 27,648 for each pair of tokens of one text.
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
  var tokenIDs: [Int32] = []
  var texts: [Range<Int>] = []

  mutating func append(_ ids: [Int32]) {
    texts.append(tokenIDs.count..<tokenIDs.count + ids.count)
    tokenIDs += ids
  }
}

/// Word, position and segment vectors, added up and normalized.
private struct TokenEmbeddings: Sendable {
  // SAFETY: the pointers lie in the mapped model file, which `Transformer` keeps open.
  nonisolated(unsafe) let words: UnsafePointer<Float>
  nonisolated(unsafe) let positions: UnsafePointer<Float>
  nonisolated(unsafe) let segments: UnsafePointer<Float>
  let normalization: Normalization

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
    transformer_add_normalize(
      states, nil, normalization.gain, normalization.shift, batch.tokenIDs.count, width,
      Transformer.epsilon)
  }
}

private struct Layer: Sendable {
  let query: Linear
  let key: Linear
  let value: Linear
  let attentionOutput: Linear
  let attentionNormalization: Normalization
  let inner: Linear
  let output: Linear
  let outputNormalization: Normalization

  init(_ file: Safetensors, prefix: String) throws(EmbeddingError) {
    let (width, innerWidth) = (Transformer.width, Transformer.innerWidth)
    query = try Linear(file, "\(prefix).attention.self.query", inputs: width, outputs: width)
    key = try Linear(file, "\(prefix).attention.self.key", inputs: width, outputs: width)
    value = try Linear(file, "\(prefix).attention.self.value", inputs: width, outputs: width)
    attentionOutput = try Linear(
      file, "\(prefix).attention.output.dense", inputs: width, outputs: width)
    attentionNormalization = try Normalization(
      file, "\(prefix).attention.output.LayerNorm", width: width)
    inner = try Linear(file, "\(prefix).intermediate.dense", inputs: width, outputs: innerWidth)
    output = try Linear(file, "\(prefix).output.dense", inputs: innerWidth, outputs: width)
    outputNormalization = try Normalization(file, "\(prefix).output.LayerNorm", width: width)
  }

  func attend(_ batch: Batch, _ scratch: Scratch) {
    let (rows, width) = (batch.tokenIDs.count, Transformer.width)
    for (part, linear) in [query, key, value].enumerated() {
      linear(scratch.states, rows: rows, into: scratch.wide + part * width, stride: 3 * width)
    }
    for text in batch.texts {
      for head in 0..<Transformer.heads { attend(text, head: head, scratch) }
    }
    attentionOutput(scratch.context, rows: rows, into: scratch.wide, stride: width)
    addAndNormalize(scratch.wide, rows: rows, attentionNormalization, scratch)
  }

  /// softmax(Q · Kᵀ / √32) · V for one head over one text's rows (Vaswani et al. 2017, equation 1).
  private func attend(_ text: Range<Int>, head: Int, _ scratch: Scratch) {
    let (width, headWidth) = (Transformer.width, Transformer.headWidth)
    let count = Int32(text.count)
    let stride = Int32(3 * width)
    let queries = scratch.wide + text.lowerBound * 3 * width + head * headWidth
    oneProductAtATime.withLock { _ in
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, count, count, Int32(headWidth),
        1, queries, stride, queries + width, stride, 0, scratch.scores, count)
    }
    transformer_softmax(scratch.scores, text.count, text.count, 1 / Float(headWidth).squareRoot())
    oneProductAtATime.withLock { _ in
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, count, Int32(headWidth), count,
        1, scratch.scores, count, queries + 2 * width, stride,
        0, scratch.context + text.lowerBound * width + head * headWidth, Int32(width))
    }
  }

  func feedForward(rows: Int, _ scratch: Scratch) {
    inner(scratch.states, rows: rows, into: scratch.wide, stride: Transformer.innerWidth)
    transformer_gelu(scratch.wide, rows * Transformer.innerWidth)
    output(scratch.wide, rows: rows, into: scratch.context, stride: Transformer.width)
    addAndNormalize(scratch.context, rows: rows, outputNormalization, scratch)
  }

  private func addAndNormalize(
    _ addend: UnsafePointer<Float>, rows: Int, _ normalization: Normalization, _ scratch: Scratch
  ) {
    transformer_add_normalize(
      scratch.states, addend, normalization.gain, normalization.shift, rows, Transformer.width,
      Transformer.epsilon)
  }
}
