extension DocumentFormat {
  /// Tried after the formats that are ZIP files themselves.
  static let zip = DocumentFormat(
    mediaTypes: ["application/zip", "application/x-zip-compressed"],
    extensions: ["zip"],
    isText: false,
    recognises: ZIP.isArchiveOfDocuments,
    extract: ZIP.extract)
}

/// An archive of documents: each under a heading with its path. What cannot be read is listed at the end with
/// the reason; what no person put there (`__MACOSX`, hidden files) is passed over.
enum ZIP {
  /// Not one that claims to be of a format which is a ZIP file inside: that one is broken.
  static func isArchiveOfDocuments(_ file: DocumentFile) -> Bool {
    let others: [DocumentFormat] = [.docx, .pptx, .xlsx, .openDocument, .epub]
    return Archive.isZIP(file.head)
      && !others.contains { $0.extensions.contains(file.nameExtension ?? "") }
  }

  static func extract(_ file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    let archive = Archive(of: file, limits: limits)
    guard try archive.names().contains(where: isDocument) else { throw .empty }
    var builder = TextBuilder(limits: limits)
    var reader = PartReader(limits: limits)
    try archive.eachEntry(where: isDocument) { name, content throws(DocumentError) in
      try reader.read(content, named: name, into: &builder)
    }
    if reader.readCount == 0, let first = reader.unread.first {
      if reader.unread.allSatisfy({ $0.error == .encrypted }) { throw .encrypted }
      throw .malformed(
        why: "none of the \(reader.unread.count) files in it can be read; \(first.name): \(first.error)")
    }
    try reader.listUnread(in: &builder)
    return builder.finish(mediaType: DocumentFormat.zip.mediaTypes[0], title: nil)
  }

  private static func isDocument(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !path.hasSuffix("/") && !path.isEmpty
      && !parts.contains { $0.hasPrefix(".") || $0 == "__MACOSX" || $0 == "Thumbs.db" || $0 == "desktop.ini" }
  }
}
