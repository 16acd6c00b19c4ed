import Embedding
import Testing

@Suite("Vectors", .enabled(if: Model.hasVocabulary && Model.hasWeights, "\(Model.absent)"))
struct SentenceEmbedderTests {
  let embedder: SentenceEmbedder

  init() throws { embedder = try SentenceEmbedder(directory: Model.directory) }

  @Test(
    "five hundred texts have the reference's vectors, to a cosine of 0.99999, however multiplied",
    arguments: MatrixProducts.available)
  func referenceVectors(products: MatrixProducts) throws {
    let embedder = try SentenceEmbedder(directory: Model.directory, products: products)
    let texts = try Reference.load().cases.map(\.text)
    let expected = try Reference.vectors()
    #expect(expected.count == texts.count)
    for (index, vector) in try embedder.embed(texts).enumerated() {
      #expect(cosine(vector, expected[index]) > 0.99999, "\(texts[index].debugDescription)")
    }
  }

  @Test("in 8 bits vectors lie close to the reference's")
  func bytes() throws {
    let texts = try Reference.load().cases.map(\.text)
    let expected = try Reference.vectors()
    let vectors = try SentenceEmbedder(directory: Model.directory, precision: .int8).embed(texts)
    let likeness = zip(vectors, expected).map { Double(cosine($0, $1)) }
    let mean = likeness.reduce(0, +) / Double(likeness.count)
    print("cosine in 8 bits: mean \(mean), least \(likeness.min() ?? 0)")
    #expect(mean > 0.995 && likeness.allSatisfy { $0 > 0.97 })
  }

  @Test("a text has the same vector alone and in company", arguments: MatrixProducts.available)
  func companyDoesNotMatter(products: MatrixProducts) throws {
    let embedder = try SentenceEmbedder(directory: Model.directory, products: products)
    let texts = try Reference.load().cases.map(\.text).enumerated().filter { $0.offset % 7 == 0 }.map(
      \.element)
    let together = try embedder.embed(texts)
    for (text, vector) in zip(texts, together) {
      let alone = try #require(try embedder.embed([text]).first)
      let largest = zip(alone, vector).map { abs($0 - $1) }.max() ?? 1
      #expect(largest < 1e-6, "\(text.debugDescription)")
    }
  }

  @Test("every vector has length one and 384 dimensions, that of the empty text too")
  func unitLength() throws {
    for vector in try embedder.embed(["", "\u{0}", "a", String(repeating: "long ", count: 5000)]) {
      #expect(vector.count == SentenceEmbedder.dimensions)
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
  }

  @Test("no texts have no vectors")
  func nothing() throws {
    #expect(try embedder.embed([]).isEmpty)
  }

  @Test("texts of every number of rows that a tile can have, and some long ones, agree with BLAS")
  func everyLength() throws {
    let counts = Array(0...60) + [97, 126, 127, 128, 129, 253, 254]
    let texts = counts.map { String(repeating: "word ", count: $0) }
    let together = try embedder.embed(texts)
    let other = try SentenceEmbedder(directory: Model.directory, products: .blas).embed(texts)
    for (count, (vector, expected)) in zip(counts, zip(together, other)) {
      #expect(cosine(vector, expected) > 0.999999, "\(count) words")
    }
  }

  @Test("texts of one meaning lie nearer than texts of two")
  func meaning() throws {
    let vectors = try embedder.embed([
      "How do I get my money back?", "Refunds are paid within two weeks.",
      "The glacier calves into the lake.",
    ])
    #expect(cosine(vectors[0], vectors[1]) > cosine(vectors[0], vectors[2]) + 0.2)
  }

  @Test("calls from several tasks at once do not disturb each other", arguments: MatrixProducts.available)
  func concurrentCalls(products: MatrixProducts) async throws {
    let embedder = try SentenceEmbedder(directory: Model.directory, products: products)
    let texts = try Reference.load().cases.prefix(30).map(\.text)
    let expected = try embedder.embed(texts)
    try await withThrowingTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<4 { group.addTask { try embedder.embed(texts) } }
      for try await vectors in group {
        let same = vectors == expected
        #expect(same)
      }
    }
  }

  @Test("a cancelled task gets no vectors but the error that says so")
  func cancellation() async throws {
    let embedder = embedder
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try embedder.embed(["text"])
    }
    task.cancel()
    await #expect(throws: EmbeddingError.cancelled) { _ = try await task.value }
  }
}
