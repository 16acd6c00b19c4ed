import Glibc

extension DocumentFormat {
  static let doc = DocumentFormat(
    mediaTypes: ["application/msword"],
    extensions: ["doc", "dot"],
    isText: false,
    recognises: { file in Signature.mediaType(of: file) == "application/msword" },
    extract: DOC.extract)
}

/// Word 97 to 2003 by `antiword`, where it is installed: paragraphs, and tables as rows with bars.
package enum DOC {
  package static let program = "/usr/bin/antiword"
  package static let debianPackage = "antiword"

  package static var isInstalled: Bool { access(program, X_OK) == 0 }

  static func extract(_ file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    guard isInstalled else { throw .parserUnavailable(program: "antiword", package: debianPackage) }
    guard case .file(let path) = file.content else {
      // The program wants to seek in its input, and nothing can be written here.
      throw .malformed(why: "an old Word file inside another file is not read; add it by itself")
    }
    let document = open(path, O_RDONLY | O_CLOEXEC)
    guard document >= 0 else { throw .unreadable(why: systemErrorText(errno)) }
    defer { close(document) }
    // Width 0: a paragraph is one line.
    let child = ChildProcess(
      arguments: [program, "-m", "UTF-8.txt", "-w", "0", "/proc/self/fd/0"],
      environment: ["LC_ALL=C.UTF-8", "HOME=/nonexistent"], input: .descriptor(document),
      outputBytes: limits.textBytes,
      deadlineSeconds: limits.deadlineSeconds, leadsGroup: false)
    var builder = TextBuilder(limits: limits)
    for block in blocks(of: try text(from: child.run(), limits)) { try add(block, to: &builder) }
    return builder.finish(mediaType: DocumentFormat.doc.mediaTypes[0], title: nil)
  }

  private static func text(
    from result: ChildProcess.Result, _ limits: DocumentLimits
  ) throws(DocumentError) -> String {
    let complaint = String(decoding: result.complaint, as: UTF8.self)
    switch result.ending {
    case .exited(0) where !result.output.isEmpty: return String(decoding: result.output, as: UTF8.self)
    case .exited:
      if complaint.lowercased().contains("encrypted") { throw .encrypted }
      if complaint.contains("not a Word Document") { throw .malformed(why: "its content is not DOC") }
      throw .malformed(why: "antiword cannot read it")
    case .signalled(SIGXCPU), .timedOut: throw .timedOut(seconds: limits.deadlineSeconds)
    case .signalled(let signal): throw .malformed(why: "antiword was ended by signal \(signal)")
    case .overflowed: throw .tooLarge(.textBytes, limit: limits.textBytes)
    case .cancelled: throw .cancelled
    case .notStarted(let code): throw .unreadable(why: "antiword did not start: \(systemErrorText(code))")
    }
  }

  private static func blocks(of text: String) -> [Substring] {
    text.withoutControls().split(separator: "\n")
  }

  /// Rows begin and end with a bar.
  private static func add(_ line: Substring, to builder: inout TextBuilder) throws(DocumentError) {
    let text = String(line).trimmingSpaces()
    if text.hasPrefix("|"), text.hasSuffix("|"), text.count > 1 {
      try builder.row(text.dropFirst().dropLast().split(separator: "|").map(String.init))
    } else if text != "[pic]" {
      try builder.paragraph(text)
    }
  }
}
