/// BERT's uncased tokenizer: text to the token ids that all-MiniLM-L6-v2 was trained on.
///
/// Ids are those of the reference (Hugging Face tokenizers, `BertNormalizer`, `BertPreTokenizer`,
/// `WordPiece`), with one `[CLS]` before, one `[SEP]` after, and at most ``maximumTokens`` in all. As in
/// the reference, the five special tokens are recognised in the text itself.
public struct WordPiece: Sendable {
  /// The model's `max_seq_length` (its sentence_bert_config.json), the two special tokens included.
  public static let maximumTokens = 256
  /// A longer word is one `[UNK]`, as in the reference (`max_input_chars_per_word`).
  static let maximumWordScalars = 100

  private let vocabulary: Vocabulary
  private let folding = ScalarFolding()
  private let start: Int32
  private let end: Int32
  private let unknown: Int32
  private let specials: [(text: [Unicode.Scalar], id: Int32)]

  /// Opens a `vocab.txt`: one piece a line, its id the line number from 0.
  public init(vocabulary path: String) throws(EmbeddingError) {
    vocabulary = try Vocabulary(path: path)
    var specials: [(text: [Unicode.Scalar], id: Int32)] = []
    for text in ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] {
      guard let id = vocabulary.id(of: text) else {
        throw .unsupported(path: path, reason: "no \(text) among its lines")
      }
      specials.append((Array(text.unicodeScalars), id))
    }
    self.specials = specials
    (unknown, start, end) = (specials[1].id, specials[2].id, specials[3].id)
  }

  /// Number of token ids; each id is below it.
  public var vocabularyCount: Int { vocabulary.count }

  /// The ids of `text`, never fewer than two; reading stops as soon as the limit is reached.
  ///
  /// - Complexity: O(length of the text), at most.
  public func tokenIDs(_ text: String) -> [Int32] {
    var ids = [start]
    var word = Word()
    let scalars = text.unicodeScalars
    var position = scalars.startIndex
    while position < scalars.endIndex, ids.count < Self.maximumTokens {
      let scalar = scalars[position]
      if scalar == "[", let special = special(in: scalars[position...]) {
        finish(&word, into: &ids)
        ids.append(special.id)
        position = scalars.index(position, offsetBy: special.text.count)
      } else {
        folding.fold(scalar) { read($0, &word, &ids) }
        position = scalars.index(after: position)
      }
    }
    finish(&word, into: &ids)
    ids.removeLast(max(0, ids.count - (Self.maximumTokens - 1)))
    ids.append(end)
    return ids
  }

  private func special(
    in scalars: Substring.UnicodeScalarView
  ) -> (text: [Unicode.Scalar], id: Int32)? {
    specials.first { scalars.starts(with: $0.text) }
  }

  private func read(_ output: ScalarFolding.Output, _ word: inout Word, _ ids: inout [Int32]) {
    switch output.role {
    case .letter:
      word.append(output.scalar)
    case .separator:
      finish(&word, into: &ids)
    case .standsAlone:
      finish(&word, into: &ids)
      word.append(output.scalar)
      finish(&word, into: &ids)
    }
  }

  /// Splits a word greedily into its longest pieces; one unknown piece makes the whole word unknown.
  private func finish(_ word: inout Word, into ids: inout [Int32]) {
    guard word.scalarCount > 0 else { return }
    defer { word.clear() }
    guard word.scalarCount <= Self.maximumWordScalars else { return ids.append(unknown) }

    let firstPiece = ids.count
    var position = 0
    var root = Vocabulary.wordRoot
    while position < word.bytes.count {
      guard let piece = vocabulary.longestPiece(in: word.bytes, from: position, root: root) else {
        ids.removeLast(ids.count - firstPiece)
        return ids.append(unknown)
      }
      ids.append(piece.id)
      position = piece.end
      root = Vocabulary.continuationRoot
    }
  }
}

/// The word being read, as UTF-8; past the limit scalars are counted and no longer kept.
private struct Word {
  var bytes: [UInt8] = []
  var scalarCount = 0

  mutating func append(_ scalar: Unicode.Scalar) {
    scalarCount += 1
    guard scalarCount <= WordPiece.maximumWordScalars else { return }
    if scalar.isASCII {
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    } else {
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    scalarCount = 0
  }
}
