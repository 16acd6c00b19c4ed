import Conversation
import Providers

/// Looks papers up in PubMed.
///
/// Sends NCBI's `esearch` for up to three numbers, then `efetch` for their records. Gives date, title,
/// journal, address and abstract of each, up to 4,000 characters. Queries are cut at 300 characters. NCBI
/// allows three requests a second without a key, and wants to know the program and a contact.
/// Source: www.ncbi.nlm.nih.gov/books/NBK25499, November 2026.
struct PubMed: Tool {
  let service: RemoteService
  let contact: String?

  /// Seconds between requests: NCBI's three a second.
  static let intervalSeconds = 0.34
  private static let papers = 3
  private static let queryCharacters = 300
  private static let paperCharacters = 4_000

  static func type(_ service: RemoteService, contact: String?) -> ToolType {
    ToolType(
      type: "pubmed", name: "PubMed",
      description: "Finds medical papers in [PubMed](https://pubmed.ncbi.nlm.nih.gov/).",
      make: { _, _ in [PubMed(service: service, contact: contact)] })
  }

  var specification: ToolSpecification {
    ToolSpecification(
      name: "pub_med_search",
      description: "Finds papers about medicine, health and biology in PubMed and gives their abstracts.",
      parameters: .textArgument("query", "What the papers should be about, in a few words."))
  }

  var isRepeatable: Bool { true }

  func call(_ arguments: JSON) async throws -> ToolResult {
    let query = String(try arguments.text("query").prefix(Self.queryCharacters))
    let numbers = try await search(query)
    guard !numbers.isEmpty else { return ToolResult("PubMed has no paper that fits this query.") }
    let reply = try await service.get(
      "/entrez/eutils/efetch.fcgi",
      [("db", "pubmed"), ("id", numbers.joined(separator: ",")), ("retmode", "xml")] + sender)
    guard let set = XMLTree(reply.body), set.name == "PubmedArticleSet" else { throw reply.unexpected }
    let texts = set.elements("PubmedArticle", "MedlineCitation").prefix(Self.papers).map(Self.text)
    guard !texts.isEmpty else { throw reply.unexpected }
    return ToolResult(.string(texts.joined(separator: "\n\n")))
  }

  private func search(_ query: String) async throws -> [String] {
    let reply = try await service.get(
      "/entrez/eutils/esearch.fcgi",
      [
        ("db", "pubmed"), ("term", query), ("retmode", "json"), ("retmax", "\(Self.papers)"),
        ("sort", "relevance"),
      ] + sender)
    guard let numbers = try reply.json()["esearchresult"]?["idlist"]?.array else { throw reply.unexpected }
    return numbers.compactMap(\.string)
  }

  private var sender: [(String, String)] {
    [("tool", "opengpts")] + (contact.map { [("email", $0)] } ?? [])
  }

  private static func text(of citation: XMLTree) -> String {
    let article = citation.children("Article").first
    let parts = article?.elements("Abstract", "AbstractText") ?? []
    let abstract = parts.map { part in
      part.attributes["Label"].map { "\($0): \(part.text)" } ?? part.text
    }
    let copyright = article?.elements("Abstract", "CopyrightInformation").first?.text
    let lines = [
      "Published: \(published(article))",
      "Title: \(article?.first("ArticleTitle") ?? "")",
      "Journal: \(article?.elements("Journal", "Title").first?.text ?? "")",
      "Address: https://pubmed.ncbi.nlm.nih.gov/\(citation.first("PMID"))/",
      copyright.map { "Copyright Information: \($0)" },
      "Summary: \(abstract.isEmpty ? "(no abstract)" : abstract.joined(separator: "\n"))",
    ]
    return lines.compactMap { $0 }.joined(separator: "\n").cut(toCharacters: paperCharacters)
  }

  /// The day of the electronic article, else the issue's date as the journal words it.
  private static func published(_ article: XMLTree?) -> String {
    let electronic = article?.children("ArticleDate").first
    let issue = article?.elements("Journal", "JournalIssue", "PubDate").first
    guard let date = electronic ?? issue else { return "" }
    if let worded = date.children("MedlineDate").first { return worded.text }
    return ["Year", "Month", "Day"].compactMap { date.children($0).first?.text }.joined(separator: "-")
  }
}
