internal import CBLAS
internal import CKernels
import Synchronization

/// y = x · Wᵀ + b, for one weight matrix or several that share their input, laid out for one way of
/// multiplying.
struct Linear: Sendable {
  private let products: MatrixProducts
  private let inputs: Int
  private let outputs: Int
  // SAFETY: both point into the `WeightMemory` that the owning `Transformer` keeps; written only here.
  nonisolated(unsafe) private let weight: UnsafePointer<Float>
  nonisolated(unsafe) private let bias: UnsafePointer<Float>

  /// Copies the matrices called `names` out of the file, the outputs of one after those of the other.
  init(
    _ file: Safetensors, _ names: [String], inputs: Int, outputsEach: Int, products: MatrixProducts,
    memory: WeightMemory
  ) throws(EmbeddingError) {
    (self.products, self.inputs, outputs) = (products, inputs, outputsEach * names.count)
    let weight = memory.take(outputs * inputs)
    let bias = memory.take(outputs)
    for (index, name) in names.enumerated() {
      let matrix = try file.floats("\(name).weight", shape: [outputsEach, inputs])
      let target = weight + index * outputsEach * inputs
      if products == .blas {
        target.update(from: matrix, count: outputsEach * inputs)
      } else {
        transformer_pack(products.lanes, matrix, outputsEach, inputs, target)
      }
      let shift = try file.floats("\(name).bias", shape: [outputsEach])
      (bias + index * outputsEach).update(from: shift, count: outputsEach)
    }
    self.weight = UnsafePointer(weight)
    self.bias = UnsafePointer(bias)
  }

  /// Floats that ``init`` takes from its memory.
  static func floats(inputs: Int, outputs: Int) -> Int { (inputs + 1) * outputs }

  /// `x` is rows × inputs, `y` rows × outputs; both dense.
  func callAsFunction(_ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>) {
    guard products == .blas else {
      return transformer_product(products.lanes, x, rows, inputs, weight, bias, outputs, y, outputs)
    }
    for row in 0..<rows { (y + row * outputs).update(from: bias, count: outputs) }
    oneBLASProductAtATime.withLock { _ in
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(outputs), Int32(inputs),
        1, x, Int32(inputs), weight, Int32(inputs), 1, y, Int32(outputs))
    }
  }
}

/// Held around every product over BLAS: Debian's single-threaded OpenBLAS (libopenblas0-serial 0.3.21)
/// shares one packing buffer between threads without a lock, and two products at once spoil each other.
let oneBLASProductAtATime = Mutex(())
