import CArchive
import FoundationEssentials
import Glibc

/// What the parent asks of a parser process. It travels in an environment variable, which other users of the
/// machine cannot read; the file itself is standard input.
struct WorkerRequest: Codable {
  var name: String
  var mediaType: String?
  var limits: DocumentLimits
  var work = Work.text

  enum Work: String, Codable {
    case text
    /// YAML, as JSON text.
    case yaml
    /// No file, but a report of what it can do.
    case probe
  }

  /// Reads the file, in whichever process.
  func carryOut(fileAt path: String) throws(DocumentError) -> SourceText {
    switch work {
    case .text, .probe:
      return try FormatCatalog.standard.parse(fileAt: path, named: name, mediaType: mediaType, limits: limits)
    case .yaml:
      let file = try DocumentFile(path: path, name: name, mediaType: mediaType, limits: limits)
      return SourceText(text: try YAMLConversion.json(of: file, limits), mediaType: "application/json")
    }
  }

  static let variable = "OPENGPTS_DOCUMENT_REQUEST"
}

/// The first line of a parser's answer; the text follows it, `textBytes` long.
struct WorkerReply: Codable {
  var error: DocumentError?
  /// Without its text.
  var source: SourceText?
  var textBytes = 0
  var confinement: Confinement?
}

/// The short life of a parser process: give up rights and turns, parse standard input, answer, exit.
///
/// What holds in it and in the `pdftotext` it starts: limits on memory, processor time, file size and open
/// files, no core dump, no new privileges, death with the parent; where the kernel has them, Landlock (only
/// programs, libraries and the document itself can be read, nothing written) and a system-call filter (no
/// socket, signal, tracing or new process group).
package enum DocumentWorker {
  /// The parser's main. Never returns; any answer, an error's too, is exit status 0.
  package static func run() -> Never {
    guard let request = readRequest() else { exit(EX_USAGE) }
    guard limitResources(request.limits) else { exit(EX_OSERR) }
    // Conversations come first.
    _ = nice(10)
    _ = documents_confine(STDIN_FILENO)
    if request.work == .probe {
      write(WorkerReply(confinement: .probe()), [])
      exit(EX_OK)
    }
    do throws(DocumentError) {
      answer(try request.carryOut(fileAt: "/proc/self/fd/0"))
    } catch {
      write(WorkerReply(error: error), [])
    }
    exit(EX_OK)
  }

  private static func readRequest() -> WorkerRequest? {
    guard let value = getenv(WorkerRequest.variable) else { return nil }
    return try? JSONDecoder().decode(WorkerRequest.self, from: Data(String(cString: value).utf8))
  }

  private static func limitResources(_ limits: DocumentLimits) -> Bool {
    let wanted = [
      (RLIMIT_AS, limits.memoryBytes),
      (RLIMIT_CPU, limits.processorSeconds),
      (RLIMIT_FSIZE, 0),
      (RLIMIT_NOFILE, 64),
      (RLIMIT_CORE, 0),
    ]
    return wanted.allSatisfy { documents_limit(Int32($0.rawValue), UInt64(max(0, $1))) == 0 }
  }

  private static func answer(_ source: SourceText) {
    let text = Array(source.text.utf8)
    var shell = source
    shell.text = ""
    write(WorkerReply(source: shell, textBytes: text.count), text)
  }

  private static func write(_ reply: WorkerReply, _ text: [UInt8]) {
    guard let line = try? JSONEncoder().encode(reply) else { exit(EX_SOFTWARE) }
    for part in [Array(line) + [UInt8(ascii: "\n")], text] {
      var rest = part[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { exit(EX_IOERR) }
        rest = rest.dropFirst(count)
      }
    }
  }
}
