extension DocumentFormat {
  static let eml = DocumentFormat(
    mediaTypes: ["message/rfc822"],
    extensions: ["eml"],
    isText: true,
    recognises: { _ in false },
    extract: EML.extract)
}

/// A mail (RFC 5322 and 2045 to 2049): who, to whom, when and about what; then its text; then what is attached,
/// each document under its name. Of alternatives the plain text is taken, else the HTML.
struct EML {
  static func extract(_ file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    let mail = MailPart(try file.bytes()[...])
    guard !mail.fields.isEmpty else { throw .malformed(why: "it has no mail header") }
    var eml = EML(limits: limits)
    try eml.addHead(of: mail)
    try eml.add(mail, depth: 0)
    try eml.addAttachments()
    return eml.builder.finish(mediaType: "message/rfc822", title: mail["subject"])
  }

  private var builder: TextBuilder
  private let limits: DocumentLimits
  private var attachments: [MailPart] = []

  /// Forwarded mails hold mails, and parts hold parts, but not for ever.
  private static let deepestNesting = 16
  private static let mostAttachments = 200

  private init(limits: DocumentLimits) {
    builder = TextBuilder(limits: limits)
    self.limits = limits
  }

  private mutating func addHead(of mail: MailPart) throws(DocumentError) {
    let fields = ["Subject", "From", "To", "Cc", "Date"].compactMap { name in
      mail[name.lowercased()].map { name + ": " + $0.collapsingSpaces() }
    }
    try builder.paragraph(fields.joined(separator: "\n"))
  }

  private mutating func add(_ part: MailPart, depth: Int) throws(DocumentError) {
    guard depth < Self.deepestNesting else { throw .malformed(why: "its parts are nested too deeply") }
    if part.isAttachment { return note(part) }
    switch part.mediaType {
    case "multipart/alternative":
      let parts = part.parts
      let best = parts.first { $0.mediaType == "text/plain" } ?? parts.last
      if let best { try add(best, depth: depth + 1) }
    case let type where type.hasPrefix("multipart/"):
      for inner in part.parts { try add(inner, depth: depth + 1) }
    case "message/rfc822":
      let inner = MailPart(part.content[...])
      try addHead(of: inner)
      try add(inner, depth: depth + 1)
    case "text/html": try HTML.read(part.content, charset: part.charset, into: &builder)
    case let type where type.hasPrefix("text/"):
      try builder.paragraph(TextDecoding.text(of: part.content, charset: part.charset))
    case _: note(part)
    }
  }

  private mutating func note(_ part: MailPart) {
    guard attachments.count < Self.mostAttachments else { return }
    attachments.append(part)
  }

  /// First the names of all that is attached, then what can be read of it.
  private mutating func addAttachments() throws(DocumentError) {
    for part in attachments {
      try builder.listItem("Attachment: \(part.shownName) (\(part.mediaType))", depth: 0)
    }
    var reader = PartReader(limits: limits)
    for part in attachments {
      try reader.read(part.content, named: part.shownName, mediaType: part.mediaType, into: &builder)
    }
    try reader.listUnread(in: &builder)
  }
}

extension MailPart {
  fileprivate var shownName: String { fileName?.collapsingSpaces() ?? "without a name" }
}
