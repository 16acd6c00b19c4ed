import Foundation
import Testing
import VectorIndex

@Suite("Without memory")
struct MemoryTests {
  @Test("an insert that there is no memory for is refused whole, and what was there is found")
  func refused() async {
    await #expect(processExitsWith: .success) {
      let index = try VectorIndex(dimensions: 512)
      try index.insert([(id: 1, vector: [Float](repeating: 1, count: 512))])
      // More than the block that there is has room for.
      var batch = VectorIndex.Batch(dimensions: 512)
      for id in 2...5_000 { try batch.append(id: Int64(id), [Float](repeating: 2, count: 512)) }
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      let whole = limit
      limit.rlim_cur = 1 << 20
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      var refusal: IndexError?
      do throws(IndexError) { try index.insert(batch) } catch { refusal = error }
      let found = try index.search([Float](repeating: 1, count: 512), count: 9).map(\.id)
      var wide = whole
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &wide)
      #expect(refusal == .file(operation: "reserve memory", code: ENOMEM))
      #expect(found == [1] && index.count == 1)
      try index.insert(batch)
      #expect(index.count == 5_000)
    }
  }
}
