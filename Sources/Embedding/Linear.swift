internal import CBLAS
import Synchronization

/// Held around every matrix product: Debian's single-threaded OpenBLAS (libopenblas0-serial 0.3.21) shares
/// one packing buffer between threads without a lock, and two products at once spoil each other.
let oneProductAtATime = Mutex(())

/// y = x · Wᵀ + b for one weight matrix as the file has it: row-major, one row an output.
struct Linear: Sendable {
  // SAFETY: both pointers lie in the mapped model file, which the owning `Transformer` keeps open.
  nonisolated(unsafe) let weight: UnsafePointer<Float>
  nonisolated(unsafe) let bias: UnsafePointer<Float>
  let inputs: Int
  let outputs: Int

  init(_ file: Safetensors, _ name: String, inputs: Int, outputs: Int) throws(EmbeddingError) {
    weight = try file.floats("\(name).weight", shape: [outputs, inputs])
    bias = try file.floats("\(name).bias", shape: [outputs])
    (self.inputs, self.outputs) = (inputs, outputs)
  }

  /// `x` is rows × inputs, dense; `y` has `stride` floats from row to row.
  func callAsFunction(
    _ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>, stride: Int
  ) {
    for row in 0..<rows { (y + row * stride).update(from: bias, count: outputs) }
    oneProductAtATime.withLock { _ in
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(outputs), Int32(inputs),
        1, x, Int32(inputs), weight, Int32(inputs), 1, y, Int32(stride))
    }
  }
}

/// The gain and shift of a layer normalization.
struct Normalization: Sendable {
  // SAFETY: as for `Linear`.
  nonisolated(unsafe) let gain: UnsafePointer<Float>
  nonisolated(unsafe) let shift: UnsafePointer<Float>

  init(_ file: Safetensors, _ name: String, width: Int) throws(EmbeddingError) {
    gain = try file.floats("\(name).weight", shape: [width])
    shift = try file.floats("\(name).bias", shape: [width])
  }
}
