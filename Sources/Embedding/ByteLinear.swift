internal import CKernels

/// y = x · Wᵀ + b in 8 bits, for one weight matrix or several that share their input.
struct ByteLinear: Sendable {
  private let isFast: Bool
  private let inputs: Int
  // SAFETY: its pointers point into the `WeightMemory` that the owning `Transformer` keeps; written only here.
  nonisolated(unsafe) private let matrix: transformer_bytes

  init(
    _ file: Safetensors, _ names: [String], inputs: Int, outputsEach: Int, isFast: Bool, memory: WeightMemory
  ) throws(EmbeddingError) {
    (self.isFast, self.inputs) = (isFast, inputs)
    let outputs = outputsEach * names.count
    let (scales, sums, bias) = (memory.take(outputs), memory.take(outputs), memory.take(outputs))
    let panels = UnsafeMutableRawPointer(memory.take(outputs * inputs / 4))
      .bindMemory(to: Int8.self, capacity: outputs * inputs)
    for (index, name) in names.enumerated() {
      let first = index * outputsEach
      let matrix = try file.floats("\(name).weight", shape: [outputsEach, inputs])
      transformer_bytes_pack(
        matrix, outputsEach, inputs, panels + first * inputs, scales + first, sums + first)
      let shift = try file.floats("\(name).bias", shape: [outputsEach])
      (bias + first).update(from: shift, count: outputsEach)
    }
    matrix = transformer_bytes(outputs: outputs, panels: panels, scales: scales, sums: sums, bias: bias)
  }

  /// Floats that ``init`` takes from its memory: four bytes of weights in each.
  static func floats(inputs: Int, outputs: Int) -> Int { (inputs / 4 + 3) * outputs }

  /// `x` is rows × inputs, `y` rows × outputs; both dense. `codes` is working memory.
  func callAsFunction(
    _ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>,
    codes: UnsafeMutablePointer<UInt8>
  ) {
    withUnsafePointer(to: matrix) { transformer_bytes_product(isFast, x, rows, inputs, $0, y, codes) }
  }
}
