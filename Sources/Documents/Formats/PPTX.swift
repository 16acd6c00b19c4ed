extension DocumentFormat {
  static let pptx = DocumentFormat(
    mediaTypes: ["application/vnd.openxmlformats-officedocument.presentationml.presentation"],
    extensions: ["pptx", "pptm", "ppsx"],
    isText: false,
    recognises: { file in
      Archive.isZIP(file.head) && Archive(of: file, limits: .init()).contains(PPTX.main)
    },
    extract: { file, limits throws(DocumentError) in
      try PPTX.extract(Archive(of: file, limits: limits))
    })
}

/// Slides in the order they are shown, each a page; titles are headings.
enum PPTX {
  static let main = "ppt/presentation.xml"

  static func extract(_ archive: Archive) throws(DocumentError) -> SourceText {
    let relations = OfficeRelations.relationsPath(of: main)
    let parts = try archive.contents { name in
      name == main || name == relations || (name.hasPrefix("ppt/slides/") && name.hasSuffix(".xml"))
    }
    var builder = TextBuilder(limits: archive.limits)
    for (index, slide) in try OfficeRelations.list(of: "sldId", in: main, parts).enumerated() {
      try builder.page(index + 1)
      guard let content = parts[slide.path] else { continue }
      try WordText.read(content, roles: [:], into: &builder)
    }
    return builder.finish(
      mediaType: DocumentFormat.pptx.mediaTypes[0], title: builder.headings.first?.title)
  }
}
