import CKernels
import Testing
import VectorIndex

@Suite("Distance kernels")
struct KernelTests {
  @Test("every form of the 8-bit product this processor can run gives the plain sum")
  func products() {
    for (stride, count) in [(64, 1), (128, 4), (384, 33), (4096, 6)] {
      var random = Random(seed: UInt64(stride))
      let codes = (0..<40 * stride).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      let query = (0..<stride).map { _ in Int8.random(in: -127...127, using: &random) }
      let rows = (0..<count).map { _ in UInt32.random(in: 0..<40, using: &random) }
      let plain = rows.map { row in
        (0..<stride).reduce(Int32(0)) { $0 + Int32(codes[Int(row) * stride + $1]) * Int32(query[$1]) }
      }
      for form in 0..<Int32(distance_form_count) where distance_form_name(form) != nil {
        var products = [Int32](repeating: 0, count: count)
        distance_dot_codes_with(form, codes, stride, rows, count, query, &products)
        #expect(products == plain, "form \(form), \(random)")
      }
    }
  }

  @Test("products of the largest codes do not overflow at 4,096 dimensions")
  func extremes() {
    let codes = [UInt8](repeating: 255, count: 4096)
    for value in [Int8(127), -127] {
      let query = [Int8](repeating: value, count: 4096)
      for form in 0..<Int32(distance_form_count) where distance_form_name(form) != nil {
        var product: Int32 = 0
        distance_dot_codes_with(form, codes, 4096, [0], 1, query, &product)
        #expect(product == 255 * Int32(value) * 4096)
      }
    }
  }

  @Test("codes are the nearest whole numbers, held to what fits, and lose their 128 again")
  func encoding() {
    let values: [Float] = [0, 1, -1, 0.26, 100, -100, 1.26, 1.24]
    var codes = [UInt8](repeating: 128, count: 64)
    distance_encode(values, values.count, 2, &codes)
    #expect(codes.prefix(8) == [128, 130, 126, 129, 255, 1, 131, 130])
    var signed = [Int8](repeating: 0, count: 64)
    #expect(distance_signed(codes, 64, &signed) == 0 + 2 - 2 + 1 + 127 - 127 + 3 + 2)
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
