import Foundation

/// A safetensors file: eight bytes of header length, a JSON directory of tensors, then their numbers.
///
/// The directory is checked against the file as a whole before any tensor is handed out, so a pointer
/// from ``floats(_:shape:)`` always covers the shape asked for. Format: huggingface/safetensors, README,
/// section "Format" (little-endian, row-major, offsets relative to the end of the header).
struct Safetensors: Sendable {
  /// A model of this kind has about a hundred tensors and an 11 KB directory; a hostile one may claim any size.
  static let maximumHeaderBytes = 1 << 20
  /// all-MiniLM-L6-v2 takes 91 MB; anything much larger is another model.
  static let maximumFileBytes = 1 << 28

  let file: MappedFile
  private let tensors: [String: Tensor]
  private let dataStart: Int

  init(path: String) throws(EmbeddingError) {
    file = try MappedFile(path: path, maximumBytes: Self.maximumFileBytes)
    let headerBytes = try Self.headerByteCount(of: file)
    dataStart = 8 + headerBytes
    do {
      let json = Data(file.bytes[8..<dataStart])
      tensors = try JSONDecoder().decode(Directory.self, from: json).tensors
    } catch {
      throw .damaged(path: path, reason: "the tensor directory is not the JSON it should be")
    }
    try checkExtent()
  }

  /// The numbers of one tensor, valid for as long as ``file`` lives.
  ///
  /// - Throws: `unsupported` if the tensor is absent, has another shape or is not 32-bit floats;
  ///   `damaged` if its place contradicts its shape or the file.
  func floats(_ name: String, shape: [Int]) throws(EmbeddingError) -> UnsafePointer<Float> {
    guard let tensor = tensors[name] else { throw unsupported("no tensor \(name)") }
    guard tensor.dtype == "F32" else { throw unsupported("\(name) is \(tensor.dtype), not F32") }
    guard tensor.shape == shape else { throw unsupported("\(name) has shape \(tensor.shape), not \(shape)") }

    let range = try byteRange(of: tensor, name: name)
    guard range.count == shape.reduce(MemoryLayout<Float>.stride, *) else {
      throw damaged("\(name) has \(range.count) bytes for shape \(shape)")
    }
    guard let start = file.bytes.baseAddress, range.lowerBound % MemoryLayout<Float>.alignment == 0 else {
      throw damaged("\(name) does not lie on a float boundary")
    }
    return (start + range.lowerBound).assumingMemoryBound(to: Float.self)
  }

  /// The tensors fill the file to its last byte, so that one cut short is never taken for whole.
  private func checkExtent() throws(EmbeddingError) {
    var end = dataStart
    for (name, tensor) in tensors {
      end = max(end, try byteRange(of: tensor, name: name).upperBound)
    }
    guard end == file.bytes.count else {
      throw damaged("\(file.bytes.count - end) bytes belong to no tensor")
    }
  }

  private func byteRange(of tensor: Tensor, name: String) throws(EmbeddingError) -> Range<Int> {
    let available = file.bytes.count - dataStart
    guard tensor.dataOffsets.count == 2,
      let first = tensor.dataOffsets.first, let end = tensor.dataOffsets.last,
      0 <= first, first <= end, end <= available
    else { throw damaged("\(name) lies outside the file") }
    return (dataStart + first)..<(dataStart + end)
  }

  private static func headerByteCount(of file: MappedFile) throws(EmbeddingError) -> Int {
    guard file.bytes.count >= 8 else {
      throw .damaged(path: file.path, reason: "too short to hold a header length")
    }
    let claimed = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard claimed <= UInt64(maximumHeaderBytes), Int(claimed) <= file.bytes.count - 8 else {
      throw .damaged(path: file.path, reason: "a header of \(claimed) bytes does not fit the file")
    }
    return Int(claimed)
  }

  private func damaged(_ reason: String) -> EmbeddingError { .damaged(path: file.path, reason: reason) }
  private func unsupported(_ reason: String) -> EmbeddingError {
    .unsupported(path: file.path, reason: reason)
  }
}

private struct Tensor: Decodable {
  let dtype: String
  let shape: [Int]
  let dataOffsets: [Int]

  enum CodingKeys: String, CodingKey {
    case dtype, shape
    case dataOffsets = "data_offsets"
  }
}

/// The header's JSON object: tensor names to tensors, and one key of free-form notes that is skipped.
private struct Directory: Decodable {
  let tensors: [String: Tensor]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    var tensors: [String: Tensor] = [:]
    for name in container.allKeys where name.stringValue != "__metadata__" {
      tensors[name.stringValue] = try container.decode(Tensor.self, forKey: name)
    }
    self.tensors = tensors
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
