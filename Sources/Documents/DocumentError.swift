/// Why a file gave no text. A case is what the person can do about it; `description` says it to them.
package enum DocumentError: Error, Sendable, Equatable, Codable {
  /// A format we do not read: convert the file.
  case unsupported(mediaType: String)
  /// A password is needed, or the author forbade copying: remove the protection and upload again.
  case encrypted
  /// Pages that are pictures: run text recognition over the file first.
  case noText(pages: Int)
  /// Nothing in the file.
  case empty
  /// Damaged, or not what its name says.
  case malformed(why: String)
  /// More than a limit allows: split the file.
  case tooLarge(Measure, limit: Int)
  /// Parsing took longer than it may.
  case timedOut(seconds: Int)
  /// A program that reads this format is not installed.
  case parserUnavailable(program: String, package: String)
  /// The file could not be opened, or the parser could not be started: a fault of this machine.
  case unreadable(why: String)
  /// Too many files wait to be parsed: try again later.
  case busy
  /// The caller's task was cancelled.
  case cancelled

  package enum Measure: String, Sendable, Codable {
    case fileBytes, textBytes, pages, headings, archiveEntries, unpackedBytes, parts, nesting
  }
}

extension DocumentError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unsupported(let mediaType): "Files of type \(mediaType) are not read. Convert it to PDF or text."
    case .encrypted: "The file is protected. Remove its password or copy protection and add it again."
    case .noText(let pages):
      "The file has no text layer: its \(pages) page\(pages == 1 ? " is a picture" : "s are pictures"), as of a "
        + "scan. Run text recognition over it first, e.g. with ocrmypdf, and add the result."
    case .empty: "The file is empty."
    case .malformed(let why): "The file is damaged or not what its name says: \(why)."
    case .tooLarge(let measure, let limit): "The file has more than \(limit) \(measure.words). Split it."
    case .timedOut(let seconds): "Reading the file took more than \(seconds) seconds. Split or simplify it."
    case .parserUnavailable(let program, let package):
      "Reading this file needs \(program). Install the package \(package) on the server."
    case .unreadable(let why): "The server could not read the file: \(why)."
    case .busy: "Too many files are waiting to be read. Try again in a minute."
    case .cancelled: "Reading the file was cancelled."
    }
  }
}

extension DocumentError.Measure {
  var words: String {
    switch self {
    case .fileBytes: "bytes"
    case .textBytes: "bytes of text"
    case .pages: "pages"
    case .headings: "headings"
    case .archiveEntries: "parts inside"
    case .unpackedBytes: "bytes when unpacked"
    case .parts: "documents inside"
    case .nesting: "archives inside each other"
    }
  }
}
