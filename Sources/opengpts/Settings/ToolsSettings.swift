import Transport

/// Whom tools ask, with which keys, and where they may go.
struct ToolsSettings: Sendable {
  let allowedNetworks: [Network]
  let contact: String?
  /// Whether calls are asked for that could carry what files say to where strangers' text wants it.
  let asksBeforeEgress: Bool
  let wikipediaURL: String
  let arxivURL: String
  let pubMedURL: String
  let duckDuckGoURL: String
  let tavilyURL: String
  let tavilyKey: Secret?
  let youURL: String
  let youKey: Secret?
  let edgarSearchURL: String
  let edgarArchiveURL: String
  let conneryURL: String?
  let conneryKey: Secret?
  let imagesBaseURL: String?
  let imagesKey: Secret?
  let imagesModel: String

  /// How tools name this program: Wikimedia, SEC and arXiv ask for a name and a contact, and lock others out.
  var userAgent: String {
    "opengpts/\(ApplicationVersion.number) (self-hosted assistant server\(contact.map { "; \($0)" } ?? ""))"
  }
}
