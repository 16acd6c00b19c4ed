/// A format this room reads: how to tell it and how to get its text.
struct DocumentFormat: Sendable {
  /// The first one is the format's own.
  let mediaTypes: [String]
  /// In lower case, without the dot; the first one is usual.
  let extensions: [String]
  /// Told by name only after the content is known to be text.
  let isText: Bool
  /// Whether the content is surely this format, whatever the name says.
  let recognises: @Sendable (DocumentFile) -> Bool
  let extract: @Sendable (DocumentFile, DocumentLimits) throws(DocumentError) -> SourceText
}

/// The formats that can be read, in the order in which they are tried. Detection goes by content first, by
/// name second, by the declared media type last.
package struct FormatCatalog: Sendable {
  package static let standard = FormatCatalog(formats: [
    .pdf,
    .docx,
    .pptx,
    .xlsx,
    .openDocument,
    .epub,
    .zip,
    .doc,
    .rtf,
    .html,
    .json,
    .markdown,
    .csv,
    .eml,
    .sourceCode,
    .plainText,
  ])

  let formats: [DocumentFormat]

  /// Every media type that is read, for an upload form's `accept` and for messages.
  package var mediaTypes: [String] { formats.flatMap(\.mediaTypes) }

  /// Every file name extension that is known, without the dot. Other text files are read too.
  package var extensions: [String] { formats.flatMap(\.extensions) }

  /// Reads a file in this process: for the parser process itself and for tests. A server uses
  /// `DocumentParser`, which does it in another process.
  /// - Throws: what the file is not; never traps on its content.
  package func parse(
    fileAt path: String, named name: String, mediaType: String? = nil, limits: DocumentLimits = .init()
  ) throws(DocumentError) -> SourceText {
    try parse(try DocumentFile(path: path, name: name, mediaType: mediaType, limits: limits), limits: limits)
  }

  /// Reads a file that may be part of another one.
  func parse(_ file: DocumentFile, limits: DocumentLimits) throws(DocumentError) -> SourceText {
    let source = try format(of: file).extract(file, limits)
    guard source.text.unicodeScalars.contains(where: { !$0.isSpace }) else {
      throw source.pages.isEmpty ? .empty : .noText(pages: source.pages.count)
    }
    return source
  }

  func format(of file: DocumentFile) throws(DocumentError) -> DocumentFormat {
    if let known = formats.first(where: { $0.recognises(file) }) { return known }
    if let other = Signature.mediaType(of: file) { throw refusal(of: file, mediaType: other) }
    if TextDecoding.isBinary(file.head) { throw refusal(of: file, mediaType: "application/octet-stream") }
    let texts = formats.filter(\.isText)
    let named = texts.first { format in file.nameExtension.map(format.extensions.contains) ?? false }
    let declared = texts.first { format in file.mediaType.map(format.mediaTypes.contains) ?? false }
    guard let format = named ?? declared ?? texts.last else { throw .unsupported(mediaType: "text/plain") }
    return format
  }

  /// A file that claims by its name to be one of ours is broken; another one is merely not ours.
  private func refusal(of file: DocumentFile, mediaType: String) -> DocumentError {
    if mediaType == Signature.encryptedOffice { return .encrypted }
    let claimed = formats.first { format in
      !format.isText && file.nameExtension.map(format.extensions.contains) ?? false
    }
    guard let claimed, mediaType == "application/octet-stream" || mediaType == "application/zip" else {
      return .unsupported(mediaType: mediaType)
    }
    return .malformed(why: "its content is not \(claimed.extensions[0].uppercased())")
  }
}
