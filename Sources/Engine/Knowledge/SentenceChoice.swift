import Conversation
import Documents
import Providers

/// Words of a passage that an answer quotes: a sentence, or some that follow each other.
struct ChosenText {
  var passage: Passage
  var text: String
  /// Unicode scalars from the start of the passage.
  var range: Range<Int>
  var score: Double
  /// The first of its sentences, counted through the passage.
  fileprivate var first: Int
  fileprivate var last: Int

  /// Unicode scalars from the start of the file's text.
  var start: Int { passage.start + range.lowerBound }
}

/// Chooses the sentences of some passages that answer a question best, by their words and their meaning: few, no
/// two that say the same, and each with the sentence before it where it leans on that one.
struct SentenceChoice {
  /// Quotations of one answer.
  private static let quotations = 3
  /// Sentences longer than this are listings and tables that were taken for one.
  private static let longestSentence = 600
  /// Words that carry meaning, from which on a line without a full stop is taken to say something.
  private static let wordsOfFragment = 5
  /// Sentences that are looked at: those of the few best passages.
  private static let candidates = 120
  /// A quotation this much worse than the best one adds nothing.
  private static let leastShare = 0.6
  /// Below this neither the words nor the meaning have to do with the question.
  private static let leastScore = 0.3
  /// Of the words of two sentences, from which on both say the same.
  private static let sameShare = 0.75

  let embedder: Embedder

  /// Best first; empty when nothing fits.
  func best(of passages: [Passage], for question: String) async throws(ModelError) -> [ChosenText] {
    let sentences = Self.sentences(of: passages)
    let texts = sentences.map { Words($0.text) }
    let ranked = try await scored(sentences, texts, for: question)
    guard let top = ranked.first, top.score >= Self.leastScore else { return [] }
    var chosen: [(text: ChosenText, words: Words)] = []
    for sentence in ranked where sentence.score >= top.score * Self.leastShare {
      let words = Words(sentence.text)
      guard !chosen.contains(where: { $0.words.overlap(with: words) >= Self.sameShare }) else { continue }
      chosen.append((sentence, words))
      if chosen.count == Self.quotations { break }
    }
    return Self.joined(chosen.map { Self.inContext($0.text) })
  }

  private func scored(
    _ sentences: [ChosenText], _ texts: [Words], for question: String
  ) async throws(ModelError) -> [ChosenText] {
    var sentences = sentences
    let words = Words(question)
    let weights = Words.Weights(texts)
    let similarities = try await similarities(of: sentences.map(\.text), to: question)
    for place in sentences.indices {
      let overlap = words.share(in: texts[place], weights: weights)
      let similarity = similarities.map { max(0, Double($0[place])) } ?? overlap
      sentences[place].score = (similarity + overlap) / 2
    }
    return sentences.sorted { $0.score > $1.score }
  }

  /// The cosine of each text with the question; nil without an embedding model.
  private func similarities(of texts: [String], to question: String) async throws(ModelError) -> [Float]? {
    do {
      guard let asked = try await embedder.embed(query: question),
        let vectors = try await embedder.embed(texts, isAwaited: true)
      else { return nil }
      return vectors.map { vector in zip(vector, asked).reduce(0) { $0 + $1.0 * $1.1 } }
    } catch is CancellationError {
      throw .cancelled
    } catch {
      throw .malformed("embedding failed: \(error)")
    }
  }

  // MARK: Sentences

  private static func sentences(of passages: [Passage]) -> [ChosenText] {
    var seen: Set<String> = []
    var found: [ChosenText] = []
    for passage in passages {
      let all = passage.sentences
      for (place, sentence) in all.enumerated() {
        guard isQuotable(sentence.text, length: sentence.range.count),
          !isCut(sentence.text, at: place, of: all.count, in: passage), seen.insert(sentence.text).inserted
        else { continue }
        found.append(
          ChosenText(
            passage: passage, text: sentence.text, range: sentence.range, score: 0, first: place, last: place)
        )
      }
    }
    return Array(found.prefix(candidates))
  }

  /// Headings and the items of an index say nothing by themselves.
  private static func isQuotable(_ sentence: String, length: Int) -> Bool {
    let words = Words(sentence).count
    return length <= longestSentence && (words >= wordsOfFragment || (endsAsSentence(sentence) && words > 1))
  }

  /// Whether the passage begins or ends in the middle of this sentence.
  private static func isCut(_ sentence: String, at place: Int, of count: Int, in passage: Passage) -> Bool {
    if place == 0, passage.start > 0, sentence.first?.isLowercase ?? false { return true }
    return place == count - 1 && count > 1 && !endsAsSentence(sentence)
      && passage.text.unicodeScalars.count > longestSentence
  }

  private static func endsAsSentence(_ text: String) -> Bool {
    text.last.map { ".!?…:。！？\"”’»)".contains($0) } ?? false
  }

  // MARK: Context

  /// Words with which a sentence begins that speaks of what was said before it.
  private static let leaningWords: Set<String> = [
    "it", "they", "this", "these", "that", "those", "he", "she", "there", "then", "therefore", "however",
    "but",
    "also", "such", "its", "their", "er", "sie", "es", "dies", "diese", "dieser", "dieses", "das", "dort",
    "dann",
    "daher", "deshalb", "jedoch", "aber", "auch", "ihre", "seine", "dabei", "damit",
  ]

  /// With the sentence before it, if it leans on that one.
  private static func inContext(_ chosen: ChosenText) -> ChosenText {
    let word = chosen.text.prefix { $0.isLetter }.lowercased()
    let leans = leaningWords.contains(word) || "这那它他她其".contains(chosen.text.first ?? " ")
    let all = chosen.passage.sentences
    guard leans, chosen.first > 0, all.indices.contains(chosen.first - 1) else { return chosen }
    let before = all[chosen.first - 1]
    guard endsAsSentence(before.text), before.range.count + chosen.range.count <= longestSentence else {
      return chosen
    }
    return chosen.extended(from: before.range.lowerBound, first: chosen.first - 1)
  }

  /// Those that follow each other, or overlap, as one, in the place of the better one.
  private static func joined(_ chosen: [ChosenText]) -> [ChosenText] {
    var joined: [ChosenText] = []
    for text in chosen {
      let place = joined.firstIndex {
        $0.passage.chunkID == text.passage.chunkID && text.first <= $0.last + 1 && $0.first <= text.last + 1
      }
      guard let place else {
        joined.append(text)
        continue
      }
      joined[place] = joined[place].united(with: text)
    }
    return joined
  }
}

extension ChosenText {
  fileprivate func extended(from start: Int, first: Int) -> ChosenText {
    var longer = self
    longer.range = start..<range.upperBound
    longer.first = first
    longer.text = passage.part(longer.range)
    return longer
  }

  fileprivate func united(with other: ChosenText) -> ChosenText {
    var united = self
    united.range =
      min(range.lowerBound, other.range.lowerBound)..<max(range.upperBound, other.range.upperBound)
    (united.first, united.last) = (min(first, other.first), max(last, other.last))
    united.text = passage.part(united.range)
    return united
  }
}

extension Passage {
  /// Its sentences with their places in it, in Unicode scalars.
  fileprivate var sentences: [(text: String, range: Range<Int>)] {
    var found: [(text: String, range: Range<Int>)] = []
    var (index, offset) = (text.startIndex, 0)
    for range in Documents.sentences(in: text) {
      offset += text.unicodeScalars.distance(from: index, to: range.lowerBound)
      let length = text.unicodeScalars.distance(from: range.lowerBound, to: range.upperBound)
      found.append((String(text[range]), offset..<(offset + length)))
      (index, offset) = (range.upperBound, offset + length)
    }
    return found
  }

  fileprivate func part(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.dropFirst(range.lowerBound).prefix(range.count)))
  }
}
