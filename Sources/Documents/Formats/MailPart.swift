/// A mail or one part of it: header fields and a body.
struct MailPart {
  /// By name in lower case, unfolded; the first of each name.
  let fields: [String: String]
  private let body: ArraySlice<UInt8>

  /// Real headers have fewer fields; the rest of a long one is body.
  private static let mostFields = 1000
  /// Of a multipart's parts.
  private static let mostParts = 1000

  init(_ bytes: ArraySlice<UInt8>) {
    var fields: [String: String] = [:]
    var rest = bytes
    var last: String?
    var count = 0
    while count < Self.mostFields, let line = Self.line(of: rest) {
      let text = TextDecoding.text(of: Array(line.content))
      if line.content.isEmpty {
        rest = rest[line.end...]
        break
      } else if text.hasPrefix(" ") || text.hasPrefix("\t") {
        if let last { fields[last]? += text }
      } else if let colon = text.firstIndex(of: ":"), text[..<colon].allSatisfy({ $0.isASCII && $0 != " " }) {
        let name = text[..<colon].lowercased()
        last = fields[name] == nil ? name : nil
        if last != nil { fields[name] = String(text[colon...].dropFirst()) }
      } else {
        break
      }
      rest = rest[line.end...]
      count += 1
    }
    self.fields = fields
    body = rest
  }

  /// A field with its encoded words decoded; nil without it.
  subscript(name: String) -> String? {
    fields[name].map { EncodedWords.decoded($0).withoutControls().trimmingSpaces() }
  }

  var mediaType: String {
    let type = value(of: "content-type")
    return type.isEmpty ? "text/plain" : type
  }

  var charset: String? { parameter("charset", of: "content-type") }

  var isAttachment: Bool { value(of: "content-disposition") == "attachment" }

  var fileName: String? {
    let name = parameter("filename", of: "content-disposition") ?? parameter("name", of: "content-type")
    return name.map(EncodedWords.decoded)
  }

  /// The body as it was before it was made fit for mail.
  var content: [UInt8] {
    switch value(of: "content-transfer-encoding") {
    case "base64": MailEncoding.base64(body)
    case "quoted-printable": MailEncoding.quotedPrintable(body)
    case _: Array(body)
    }
  }

  /// What stands between the boundaries; a last part that is not closed counts.
  var parts: [MailPart] {
    guard let boundary = parameter("boundary", of: "content-type"), !boundary.isEmpty else { return [] }
    let mark = Array("--\(boundary)".utf8)
    var parts: [MailPart] = []
    var start: Int?
    var rest = body
    while parts.count < Self.mostParts, let line = Self.line(of: rest) {
      if line.content.starts(with: mark) {
        if let start { parts.append(MailPart(body[start..<rest.startIndex])) }
        start = line.end
        if line.content.dropFirst(mark.count).starts(with: "--".utf8) { return parts }
      }
      rest = rest[line.end...]
    }
    if let start, start < body.endIndex { parts.append(MailPart(body[start...])) }
    return parts
  }

  /// The first line without its end, and where the next one starts; nil at the end.
  private static func line(of bytes: ArraySlice<UInt8>) -> (content: ArraySlice<UInt8>, end: Int)? {
    guard !bytes.isEmpty else { return nil }
    let end = bytes.firstIndex(of: 0x0A) ?? bytes.endIndex
    var content = bytes[..<end]
    if content.last == 0x0D { content.removeLast() }
    return (content, min(end + 1, bytes.endIndex))
  }

  private func value(of field: String) -> String {
    (fields[field] ?? "").prefix { $0 != ";" }.lowercased().trimmingSpaces()
  }

  /// `name="value"`, also in the form of RFC 2231 (`name*=utf-8''va%6Cue`) without continuations.
  private func parameter(_ name: String, of field: String) -> String? {
    for part in (fields[field] ?? "").split(separator: ";").dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard let key = pair.first.map({ String($0).trimmingSpaces().lowercased() }), pair.count == 2 else {
        continue
      }
      let value = String(pair[1]).trimmingSpaces().filter { $0 != "\"" }
      if key == name { return value }
      if key == name + "*" { return String(value.split(separator: "'").last ?? "").percentDecoded }
    }
    return nil
  }
}
