internal import CKernels

/// In which numbers the products of the layers are computed.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floats: the reference model's vectors to a cosine of 0.99999.
  case float32
  /// 8-bit whole numbers, weights and inputs alike; attention and everything between the products stays in
  /// floats. Faster where the processor multiplies bytes, a quarter of the memory for weights, and vectors that
  /// lie at a cosine of about 0.998 beside those of the reference.
  case int8

  /// Whether this processor gains by it.
  public var isFast: Bool {
    switch self {
    case .float32: true
    case .int8: transformer_bytes_fast()
    }
  }
}

/// y = x · Wᵀ + b, in the precision that was asked for.
enum Projection: Sendable {
  case floats(Linear)
  case bytes(ByteLinear)

  /// Reads the matrices called `names` out of the file, the outputs of one after those of the other.
  init(
    _ file: Safetensors, _ names: [String], inputs: Int, outputsEach: Int, arithmetic: Arithmetic,
    memory: WeightMemory
  ) throws(EmbeddingError) {
    switch arithmetic.precision {
    case .float32:
      self = .floats(
        try Linear(
          file, names, inputs: inputs, outputsEach: outputsEach, products: arithmetic.products, memory: memory
        ))
    case .int8:
      self = .bytes(
        try ByteLinear(
          file, names, inputs: inputs, outputsEach: outputsEach, isFast: arithmetic.precision.isFast,
          memory: memory))
    }
  }

  /// Floats that ``init`` takes from its memory.
  static func floats(inputs: Int, outputs: Int, precision: Precision) -> Int {
    switch precision {
    case .float32: Linear.floats(inputs: inputs, outputs: outputs)
    case .int8: ByteLinear.floats(inputs: inputs, outputs: outputs)
    }
  }

  /// `x` is rows × inputs, `y` rows × outputs; both dense.
  func callAsFunction(
    _ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>, _ scratch: Scratch
  ) {
    switch self {
    case .floats(let linear): linear(x, rows: rows, into: y)
    case .bytes(let linear): linear(x, rows: rows, into: y, codes: scratch.codes)
    }
  }
}

/// How an embedder computes.
struct Arithmetic: Sendable {
  var precision: Precision
  /// Products of floats: all of them, or those of attention alone.
  var products: MatrixProducts
}
