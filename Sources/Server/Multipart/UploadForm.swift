import Conversation
import Foundation
import Hummingbird
import NIOCore
import Store

/// A form that was uploaded: its files are on disk, under their hashes, its other fields in memory.
struct UploadForm {
  struct File {
    /// As the person named it, without folders.
    let name: String
    let mediaType: String?
    let hash: String
    let sizeBytes: Int
  }

  private(set) var files: [File] = []
  private(set) var fields: [String: String] = [:]

  /// Reads the request's body to its end, files straight to disk. What was written is gone again when it
  /// throws; files that are complete by then go with the next sweep.
  init(_ call: Call, blobs: Blobs) async throws {
    var parser = try Self.parser(for: call)
    if let length = call.declaredLength, length > Limits.uploadBytes {
      throw Refusal.tooLarge(bytes: Limits.uploadBytes)
    }
    var size = 0
    var part: Part?
    try await call.withBodyDeadline(seconds: HTTPLimits.uploadSeconds) {
      for try await buffer in call.request.body {
        size += buffer.readableBytes
        guard size <= Limits.uploadBytes else { throw Refusal.tooLarge(bytes: Limits.uploadBytes) }
        for event in try Self.events(of: buffer, &parser) {
          try await take(event, &part, blobs)
        }
      }
    }
    guard parser.isComplete else { throw Self.malformed("The form ends before its last boundary") }
    guard !files.isEmpty else {
      throw ValidationError(
        Problem(type: "missing", location: ["body", "files"], message: "Field required", input: .null))
    }
  }

  /// A part that is being read.
  fileprivate struct Part {
    var header: PartHeader
    var file: BlobWriter?
    var field: [UInt8] = []
  }

  private mutating func take(
    _ event: MultipartParser.Event, _ part: inout Part?, _ blobs: Blobs
  ) async throws {
    switch event {
    case .part(let header):
      part = try begin(header, blobs)
    case .bytes(let bytes):
      try part?.append(bytes)
    case .partEnd:
      if let part { try await finish(part) }
      part = nil
    }
  }

  private func begin(_ header: PartHeader, _ blobs: Blobs) throws -> Part {
    if header.name == "files" {
      guard header.fileName != nil else {
        throw ValidationError(
          Problem(
            type: "value_error", location: ["body", "files", .integer(files.count)],
            message: "Expected UploadFile, received text"))
      }
      guard files.count < Limits.filesPerUpload else {
        throw Refusal(.contentTooLarge, "At most \(Limits.filesPerUpload) files are taken at once")
      }
      return Part(header: header, file: try blobs.create())
    }
    guard fields.count < HTTPLimits.formFields else {
      throw Refusal(.contentTooLarge, "The form has more than \(HTTPLimits.formFields) fields")
    }
    return Part(header: header)
  }

  private mutating func finish(_ part: Part) async throws {
    guard let file = part.file else {
      fields[part.header.name] = String(decoding: part.field, as: UTF8.self)
      return
    }
    let sizeBytes = file.sizeBytes
    let hash = try await file.finish()
    files.append(
      File(
        name: Self.safeName(part.header.fileName), mediaType: part.header.mediaType, hash: hash,
        sizeBytes: sizeBytes))
  }

  // MARK: Reading

  private static func parser(for call: Call) throws -> MultipartParser {
    let type = call.request.headers[.contentType] ?? ""
    guard type.mediaTypeName == "multipart/form-data" else {
      throw Refusal(.unsupportedMediaType, "The body must be multipart/form-data")
    }
    let boundary = PartHeader.parameters(of: type)["boundary"]
    guard let parser = boundary.flatMap(MultipartParser.init) else {
      throw malformed("The content type names no valid boundary")
    }
    return parser
  }

  private static func events(
    of buffer: ByteBuffer, _ parser: inout MultipartParser
  ) throws -> [MultipartParser.Event] {
    do throws(MultipartParser.Malformed) {
      return try parser.feed(buffer.readableBytesView)
    } catch {
      switch error {
      case .headerTooLarge:
        throw malformed("The header of a part is larger than \(HTTPLimits.partHeaderBytes) bytes")
      case .badHeader: throw malformed("A part has no Content-Disposition with a name")
      case .badBoundary: throw malformed("A boundary is not followed by the end of its line")
      }
    }
  }

  private static func malformed(_ detail: String) -> Refusal {
    Refusal(.badRequest, detail)
  }

  /// A file's name behind the `folder` that the form names, so that equal names in two folders stay two files.
  func path(of file: File) -> String {
    let folders = (fields["folder"] ?? "").split(whereSeparator: { $0 == "/" || $0 == "\\" })
      .map { Self.safeName(String($0)) }
    let path = (folders.filter { $0 != "file" } + [file.name]).joined(separator: "/")
    return path.utf8.count <= HTTPLimits.filePathBytes ? path : file.name
  }

  /// The name without folders and control characters, and not longer than file systems take.
  static func safeName(_ given: String?) -> String {
    let last = (given ?? "").split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
    let kept = String(
      String.UnicodeScalarView(last.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    guard !kept.isEmpty, kept != ".", kept != ".." else { return "file" }
    return kept.shortened(toBytes: HTTPLimits.fileNameBytes)
  }
}

extension UploadForm.Part {
  fileprivate mutating func append(_ bytes: [UInt8]) throws {
    if let file {
      try file.append(bytes)
      return
    }
    guard field.count + bytes.count <= HTTPLimits.formFieldBytes else {
      throw Refusal(.contentTooLarge, "A field of the form is larger than \(HTTPLimits.formFieldBytes) bytes")
    }
    field += bytes
  }
}

extension String {
  /// With its middle left out when it is longer, so that its extension stays.
  fileprivate func shortened(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var head = Substring(self)
    let tail = suffix(16)
    while head.utf8.count + tail.utf8.count + 3 > limit, !head.isEmpty { head.removeLast() }
    return head + "…" + tail
  }
}
