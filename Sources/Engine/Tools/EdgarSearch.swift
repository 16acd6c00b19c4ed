import Conversation
import Documents
import Providers

/// Searches what companies have filed with the United States' Securities and Exchange Commission: annual and
/// quarterly reports, or press releases.
///
/// The type names are those of Kay.ai, which served them and is gone; SEC's own full-text search, over
/// filings since 2001, needs no key. Sends `GET /LATEST/search-index` with the words and the forms, then
/// reads the first documents from the archive and gives of each the passage that fits best. A document that
/// cannot be read is still named with its address. SEC allows ten requests a second, and answers 403 to
/// programs that do not name a contact (`tools.contact`).
/// Source: www.sec.gov/edgar/search and www.sec.gov/os/accessing-edgar-data, November 2026.
struct EdgarSearch: Tool {
  enum Kind {
    /// Forms 10-K and 10-Q.
    case filings
    /// What companies told the press: exhibits 99 of form 8-K.
    case pressReleases
  }

  let kind: Kind
  let search: RemoteService
  let archive: RemoteService
  let reader: PageReader

  /// Seconds between requests: well below SEC's ten a second.
  static let intervalSeconds = 0.15
  /// Annual reports measure 1 to 8 MB.
  static let documentBytes = 12 << 20
  private static let queryCharacters = 300
  private static let passageCharacters = 1_500

  static func filingsType(search: RemoteService, archive: RemoteService, reader: PageReader) -> ToolType {
    ToolType(
      type: "sec_filings_kai_ai", name: "SEC Filings (Kay.ai)",
      description: "Searches the annual and quarterly reports of companies in "
        + "[SEC's EDGAR](https://www.sec.gov/edgar/search/), in place of Kay.ai, which is gone.",
      make: { _, _ in [EdgarSearch(kind: .filings, search: search, archive: archive, reader: reader)] })
  }

  static func pressReleasesType(search: RemoteService, archive: RemoteService, reader: PageReader) -> ToolType
  {
    ToolType(
      type: "press_releases_kai_ai", name: "Press Releases (Kay.ai)",
      description: "Searches the press releases of companies in "
        + "[SEC's EDGAR](https://www.sec.gov/edgar/search/), in place of Kay.ai, which is gone.",
      make: { _, _ in [EdgarSearch(kind: .pressReleases, search: search, archive: archive, reader: reader)] })
  }

  var specification: ToolSpecification {
    let words = "A company's name and a few words that the text holds. All of them have to occur."
    switch kind {
    case .filings:
      return ToolSpecification(
        name: "sec_filings_search",
        description:
          "Searches the annual and quarterly reports (10-K, 10-Q) of companies listed in the United "
          + "States. Good for their figures, risks and business.",
        parameters: .textArgument("query", words))
    case .pressReleases:
      return ToolSpecification(
        name: "press_release_search",
        description:
          "Searches press releases of companies listed in the United States. Good for their results, "
          + "products, people and deals.",
        parameters: .textArgument("query", words))
    }
  }

  var isRepeatable: Bool { true }

  func call(_ arguments: JSON) async throws -> ToolResult {
    let query = String(try arguments.text("query").prefix(Self.queryCharacters))
    let reply = try await search.get("/LATEST/search-index", [("q", query), ("forms", forms)])
    guard let hits = try reply.json()["hits"]?["hits"]?.array else { throw reply.unexpected }
    let filings = hits.compactMap(Filing.init).filter(isWanted).prefix(contexts)
    guard !filings.isEmpty else {
      return ToolResult("SEC's search found nothing that holds all of these words. Try fewer words.")
    }
    let texts = try await inOrder(Array(filings)) { await text(of: $0, for: query) }
    return ToolResult(.string(texts.joined(separator: "\n\n")))
  }

  private var forms: String {
    switch kind {
    case .filings: "10-K,10-Q"
    case .pressReleases: "8-K"
    }
  }

  /// As many as the original gave.
  private var contexts: Int {
    switch kind {
    case .filings: 3
    case .pressReleases: 6
    }
  }

  private func isWanted(_ filing: Filing) -> Bool {
    switch kind {
    case .filings: !filing.type.hasPrefix("EX-")
    case .pressReleases: filing.type.hasPrefix("EX-99")
    }
  }

  private func text(of filing: Filing, for query: String) async -> String {
    let heading = "\(filing.company), \(filing.type), \(filing.date)\n\(archive.baseURL)\(filing.path)"
    do {
      let source = try await reader.text(of: try await archive.get(filing.path))
      return "\(heading)\n\(Self.passage(of: source.text, for: query))"
    } catch let error as ToolError {
      return "\(heading)\n(\(error.message))"
    } catch {
      return heading
    }
  }

  /// The stretch that has most of the query's words; the first of equals.
  /// - Complexity: linear in the text.
  private static func passage(of text: String, for query: String) -> String {
    let wanted = words(of: query)
    var best = (shared: -1, text: "")
    for stretch in stretches(of: text) {
      let shared = wanted.intersection(words(of: stretch)).count
      if shared > best.shared { best = (shared, stretch) }
    }
    return best.text
  }

  private static func words(of text: String) -> Set<Substring> {
    Set(text.lowercased().split { !$0.isLetter && !$0.isNumber })
  }

  /// Lines together, up to the length of a passage.
  private static func stretches(of text: String) -> [String] {
    var stretches: [String] = []
    var open = ""
    for line in text.split(separator: "\n") {
      if !open.isEmpty, open.utf8.count + line.utf8.count > passageCharacters {
        stretches.append(open)
        open = ""
      }
      open += (open.isEmpty ? "" : "\n") + line.prefix(passageCharacters)
    }
    return stretches + [open]
  }
}

/// A document of a filing, as SEC's search names it.
private struct Filing: Sendable {
  let company: String
  /// The form, or the exhibit's number.
  let type: String
  let date: String
  /// In the archive.
  let path: String

  /// From a hit, whose id is `accession-number:file-name`.
  init?(_ hit: JSON) {
    let id = hit["_id"]?.string?.split(separator: ":", maxSplits: 1).map(String.init) ?? []
    guard id.count == 2, let source = hit["_source"], let number = source["ciks"]?[0]?.string,
      let company = Int(number)
    else { return nil }
    let accession = id[0].filter(\.isNumber)
    self.company = source["display_names"]?[0]?.string?.onOneLine ?? "Company \(company)"
    type = source["file_type"]?.string ?? source["form"]?.string ?? ""
    date = source["file_date"]?.string ?? ""
    path = "/Archives/edgar/data/\(company)/\(accession)/\(RemoteService.escaped(id[1]))"
  }
}
