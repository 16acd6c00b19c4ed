import Glibc

extension DocumentFormat {
  static let pdf = DocumentFormat(
    mediaTypes: ["application/pdf"],
    extensions: ["pdf"],
    isText: false,
    recognises: { file in PDF.isPDF(file.head) },
    extract: PDF.extract)
}

/// PDF by poppler's `pdftotext`: a program of its own, so that its C++ never meets our memory.
enum PDF {
  /// Readers take a header anywhere in the first kilobyte (ISO 32000-1, annex H, 3.4.1).
  static func isPDF(_ head: [UInt8]) -> Bool {
    let start = head.prefix(1024)
    return start.indices.contains { start[$0...].starts(with: "%PDF-".utf8) }
  }

  static func extract(_ file: DocumentFile, _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    guard let program = programs.first(where: { access($0, X_OK) == 0 }) else {
      throw .parserUnavailable(program: "pdftotext", package: "poppler-utils")
    }
    let output = try text(from: try run(program, on: file.content, limits), limits)
    let pages = output.split(separator: formFeed, omittingEmptySubsequences: false)
    let texts = pages.dropLast(pages.last?.isEmpty ?? false ? 1 : 0).map {
      String(decoding: $0, as: UTF8.self)
    }
    return try join(texts, limits)
  }

  private static func run(
    _ program: String, on content: DocumentFile.Content, _ limits: DocumentLimits
  ) throws(DocumentError) -> ChildProcess.Result {
    let input: ChildProcess.Input
    var source = "-"
    switch content {
    case .memory(let bytes): input = .bytes(bytes)
    case .file(let path):
      let document = open(path, O_RDONLY | O_CLOEXEC)
      guard document >= 0 else { throw .unreadable(why: systemErrorText(errno)) }
      input = .descriptor(document)
      // Its standard input by path, since it wants to seek in it.
      source = "/proc/self/fd/0"
    }
    defer { if case .descriptor(let document) = input { close(document) } }
    // One page more than allowed tells that there are more.
    let arguments = [program, "-enc", "UTF-8", "-l", "\(limits.pages + 1)", source, "-"]
    let child = ChildProcess(
      arguments: arguments, environment: ["LC_ALL=C.UTF-8"], input: input, outputBytes: limits.textBytes,
      deadlineSeconds: limits.deadlineSeconds, leadsGroup: false)
    return child.run()
  }

  private static let programs = ["/usr/bin/pdftotext", "/usr/local/bin/pdftotext"]
  private static let formFeed: UInt8 = 0x0C

  /// Exit statuses are those of pdftotext(1): 1 cannot open, 3 copying is not permitted.
  private static func text(
    from result: ChildProcess.Result, _ limits: DocumentLimits
  ) throws(DocumentError) -> [UInt8] {
    switch result.ending {
    case .exited(0): return result.output
    case .exited(3): throw .encrypted
    case .exited(let status):
      let complaint = String(decoding: result.complaint, as: UTF8.self)
      if complaint.contains("Incorrect password") { throw .encrypted }
      throw .malformed(why: reason(in: complaint) ?? "pdftotext ended with status \(status)")
    case .signalled(SIGXCPU), .timedOut: throw .timedOut(seconds: limits.deadlineSeconds)
    case .signalled(let signal): throw .malformed(why: "pdftotext was ended by signal \(signal)")
    case .overflowed: throw .tooLarge(.textBytes, limit: limits.textBytes)
    case .cancelled: throw .cancelled
    case .notStarted(let code): throw .unreadable(why: "pdftotext did not start: \(systemErrorText(code))")
    }
  }

  private static func reason(in complaint: String) -> String? {
    guard let line = complaint.split(separator: "\n").last(where: { $0.contains("Error") }) else {
      return nil
    }
    guard let colon = line.firstIndex(of: ":") else { return nil }
    return String(line[colon...].dropFirst().prefix(200)).trimmingSpaces().lowercased()
  }

  private static func join(_ pages: [String], _ limits: DocumentLimits) throws(DocumentError) -> SourceText {
    guard pages.count <= limits.pages else { throw .tooLarge(.pages, limit: limits.pages) }
    let letters = pages.lazy.flatMap(\.unicodeScalars).count { $0.isLetter }
    // A scan may carry a stamp or page numbers, but not a letter for each page.
    if letters < pages.count { throw .noText(pages: pages.count) }
    var builder = TextBuilder(limits: limits)
    var before = ""
    for (index, page) in PageFurniture.removed(from: pages).enumerated() {
      let text = page.trimmingSpaces()
      try builder.page(index + 1, continuesLine: isContinued(before, by: text))
      try builder.paragraph(text)
      before = text
    }
    return builder.finish(mediaType: "application/pdf", title: nil)
  }

  /// Whether a sentence runs from one page to the next.
  private static func isContinued(_ before: String, by next: String) -> Bool {
    guard let last = before.unicodeScalars.last, let first = next.unicodeScalars.first else { return false }
    return first.isLower && (last.isLetter || last == "," || last == "-")
  }
}
