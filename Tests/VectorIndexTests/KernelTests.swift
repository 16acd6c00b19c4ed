import CKernels
import Testing
import VectorIndex

@Suite("Distance kernels")
struct KernelTests {
  /// The products of some rows in one form, while others are fetched.
  private func products(
    _ form: Int32, nibbles: Bool, _ codes: [UInt8], stride: Int, _ rows: [UInt32], _ query: [Int8]
  ) -> [Int32] {
    var products = [Int32](repeating: 0, count: rows.count)
    codes.withUnsafeBufferPointer { codes in
      rows.withUnsafeBufferPointer { rows in
        let task = distance_rows(
          codes: codes.baseAddress, stride: stride, numbers: rows.baseAddress, count: rows.count,
          next: rows.baseAddress, next_count: rows.count / 2)
        if nibbles {
          distance_dot_nibbles_with(form, task, query, &products)
        } else {
          distance_dot_codes_with(form, task, query, &products)
        }
      }
    }
    return products
  }

  private var forms: [Int32] { (0..<Int32(distance_form_count)).filter { distance_form_name($0) != nil } }

  @Test("every form of the 8-bit and the 4-bit product this processor can run gives the plain sum")
  func products() {
    for (stride, count) in [(64, 1), (128, 4), (384, 33), (4096, 6)] {
      var random = Random(seed: UInt64(stride))
      let codes = (0..<40 * stride).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      let query = (0..<2 * stride).map { _ in Int8.random(in: -127...127, using: &random) }
      let rows = (0..<count).map { _ in UInt32.random(in: 0..<40, using: &random) }
      let bytes = rows.map { row in
        (0..<stride).reduce(Int32(0)) { $0 + Int32(codes[Int(row) * stride + $1]) * Int32(query[$1]) }
      }
      let nibbles = rows.map { row in
        (0..<2 * stride).reduce(Int32(0)) { sum, i in
          let byte = codes[Int(row) * stride + i / 128 * 64 + i % 64]
          return sum + Int32(i % 128 < 64 ? byte & 15 : byte >> 4) * Int32(query[i])
        }
      }
      for form in forms {
        #expect(
          products(form, nibbles: false, codes, stride: stride, rows, query) == bytes, "\(form), \(random)")
        #expect(
          products(form, nibbles: true, codes, stride: stride, rows, query) == nibbles, "\(form), \(random)")
      }
    }
  }

  @Test("products of the largest codes do not overflow at 4,096 dimensions")
  func extremes() {
    let codes = [UInt8](repeating: 255, count: 4096)
    for value in [Int8(127), -127] {
      let query = [Int8](repeating: value, count: 8192)
      for form in forms {
        let bytes = products(form, nibbles: false, codes, stride: 4096, [0], query)
        #expect(bytes == [255 * Int32(value) * 4096])
        let nibbles = products(form, nibbles: true, codes, stride: 4096, [0], query)
        #expect(nibbles == [15 * Int32(value) * 8192])
      }
    }
  }

  @Test("a nibble stands for the middle of the sixteen codes that become it")
  func nibbles() {
    let codes = (0..<256).map { UInt8($0) }
    var packed = [UInt8](repeating: 0, count: 128)
    distance_pack_nibbles(codes, 128, &packed)
    var signed = [Int8](repeating: 0, count: 256)
    let sums = distance_signed_nibbles(packed, 128, &signed)
    let expected = codes.map { Int32($0) / 16 * 16 + 8 - 128 }
    #expect(signed.map(Int32.init) == expected)
    #expect(sums.sum == expected.reduce(0, +))
    #expect(sums.squares == expected.reduce(0) { $0 + $1 * $1 })
  }

  @Test("codes are the nearest whole numbers, held to what fits, and lose their 128 again")
  func encoding() {
    let values: [Float] = [0, 1, -1, 0.26, 100, -100, 1.26, 1.24]
    var codes = [UInt8](repeating: 128, count: 64)
    distance_encode(values, values.count, 2, &codes)
    #expect(codes.prefix(8) == [128, 130, 126, 129, 255, 1, 131, 130])
    var signed = [Int8](repeating: 0, count: 64)
    let sums = distance_signed(codes, 64, &signed)
    #expect(sums.sum == 0 + 2 - 2 + 1 + 127 - 127 + 3 + 2)
    #expect(sums.squares == 4 + 4 + 1 + 2 * 127 * 127 + 9 + 4)
    #expect(signed.prefix(8) == [0, 2, -2, 1, 127, -127, 3, 2])
  }

  @Test("scattered floats score like rows that lie together")
  func floats() {
    var random = Random(seed: 9)
    let dimensions = 37
    let rows = (0..<10 * dimensions).map { _ in Float.random(in: -1...1, using: &random) }
    let query = random.vector(dimensions)
    let numbers: [UInt32] = [9, 0, 3, 3, 7]
    var products = [Float](repeating: 0, count: 5)
    var distances = [Float](repeating: 0, count: 5)
    var together = [Float](repeating: 0, count: 10)
    distance_dot_rows(rows, 10, dimensions, query, &together)
    distance_dot_scattered(rows, dimensions, numbers, 5, query, &products)
    distance_squared_euclidean_scattered(rows, dimensions, numbers, 5, query, &distances)
    for (i, number) in numbers.enumerated() {
      let row = Array(rows[Int(number) * dimensions..<(Int(number) + 1) * dimensions])
      #expect(abs(Double(products[i]) - plainScore(row, query, .innerProduct)) < 1e-4)
      #expect(products[i] == together[Int(number)])
      #expect(abs(Double(distances[i]) + plainScore(row, query, .squaredEuclidean)) < 1e-4)
    }
  }
}
