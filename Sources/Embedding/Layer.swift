internal import CBLAS
internal import CKernels
import Synchronization

/// One encoder layer: attention, then a two-step feed-forward net, each added to its input and normalized.
struct Layer: Sendable {
  private let products: MatrixProducts
  private let queryKeyValue: Projection
  private let attentionOutput: Projection
  private let attentionNormalization: Normalization
  private let inner: Projection
  private let output: Projection
  private let outputNormalization: Normalization

  /// Floats that ``init`` takes from its memory.
  static func floats(_ precision: Precision) -> Int {
    let fromStates = 4 * Transformer.width + Transformer.innerWidth
    return Projection.floats(inputs: Transformer.width, outputs: fromStates, precision: precision)
      + Projection.floats(inputs: Transformer.innerWidth, outputs: Transformer.width, precision: precision)
  }

  init(
    _ file: Safetensors, prefix: String, arithmetic: Arithmetic, memory: WeightMemory
  ) throws(EmbeddingError) {
    let (width, innerWidth) = (Transformer.width, Transformer.innerWidth)
    products = arithmetic.products
    queryKeyValue = try Projection(
      file, ["query", "key", "value"].map { "\(prefix).attention.self.\($0)" },
      inputs: width, outputsEach: width, arithmetic: arithmetic, memory: memory)
    attentionOutput = try Projection(
      file, ["\(prefix).attention.output.dense"],
      inputs: width, outputsEach: width, arithmetic: arithmetic, memory: memory)
    attentionNormalization = try Normalization(file, "\(prefix).attention.output.LayerNorm", width: width)
    inner = try Projection(
      file, ["\(prefix).intermediate.dense"],
      inputs: width, outputsEach: innerWidth, arithmetic: arithmetic, memory: memory)
    output = try Projection(
      file, ["\(prefix).output.dense"],
      inputs: innerWidth, outputsEach: width, arithmetic: arithmetic, memory: memory)
    outputNormalization = try Normalization(file, "\(prefix).output.LayerNorm", width: width)
  }

  func attend(_ batch: Batch, _ scratch: Scratch) {
    let rows = batch.tokenIDs.count
    queryKeyValue(scratch.states, rows: rows, into: scratch.wide, scratch)
    for text in batch.texts {
      let queries = scratch.wide + text.lowerBound * 3 * Transformer.width
      let context = scratch.context + text.lowerBound * Transformer.width
      if products == .blas {
        attendOverBLAS(queries, rows: text.count, into: context, scratch.attention)
      } else {
        transformer_attention(products.lanes, queries, text.count, context, scratch.attention)
      }
    }
    attentionOutput(scratch.context, rows: rows, into: scratch.wide, scratch)
    attentionNormalization.addAndNormalize(scratch.states, scratch.wide, rows: rows)
  }

  /// softmax(Q · Kᵀ / √32) · V, head by head, over one text's rows (Vaswani et al. 2017, equation 1).
  private func attendOverBLAS(
    _ queries: UnsafePointer<Float>, rows: Int, into context: UnsafeMutablePointer<Float>,
    _ scores: UnsafeMutablePointer<Float>
  ) {
    let (width, headWidth) = (Transformer.width, Transformer.headWidth)
    let (count, stride) = (Int32(rows), Int32(3 * width))
    for column in Swift.stride(from: 0, to: width, by: headWidth) {
      let queries = queries + column
      oneBLASProductAtATime.withLock { _ in
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, count, count, Int32(headWidth),
          1, queries, stride, queries + width, stride, 0, scores, count)
      }
      transformer_softmax(scores, rows, rows, 1 / Float(headWidth).squareRoot())
      oneBLASProductAtATime.withLock { _ in
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, count, Int32(headWidth), count,
          1, scores, count, queries + 2 * width, stride, 0, context + column, Int32(width))
      }
    }
  }

  /// A slice of rows at a time, so that the inner layer stays in the second-level cache.
  func feedForward(rows: Int, _ scratch: Scratch) {
    for first in stride(from: 0, to: rows, by: Scratch.innerRows) {
      let count = min(Scratch.innerRows, rows - first)
      inner(scratch.states + first * Transformer.width, rows: count, into: scratch.wide, scratch)
      transformer_gelu(scratch.wide, count * Transformer.innerWidth)
      output(scratch.wide, rows: count, into: scratch.context + first * Transformer.width, scratch)
    }
    outputNormalization.addAndNormalize(scratch.states, scratch.context, rows: rows)
  }
}

/// The gain and shift of a layer normalization.
struct Normalization: Sendable {
  // SAFETY: the pointers lie in the mapped model file, which the owning `Transformer` keeps open.
  nonisolated(unsafe) private let gain: UnsafePointer<Float>
  nonisolated(unsafe) private let shift: UnsafePointer<Float>

  init(_ file: Safetensors, _ name: String, width: Int) throws(EmbeddingError) {
    gain = try file.floats("\(name).weight", shape: [width])
    shift = try file.floats("\(name).bias", shape: [width])
  }

  /// Each row of `states`, plus the same row of `addend` if there is one, is normalized in place.
  func addAndNormalize(
    _ states: UnsafeMutablePointer<Float>, _ addend: UnsafePointer<Float>?, rows: Int
  ) {
    transformer_add_normalize(
      states, addend, gain, shift, rows, Transformer.width, Transformer.epsilon)
  }
}
