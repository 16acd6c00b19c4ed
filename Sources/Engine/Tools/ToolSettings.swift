/// What the standard tools are set up with. Its keys appear in no description.
package struct ToolSettings: Sendable {
  /// Addresses without a slash at the end; each may be a mirror.
  package var wikipediaURL = "https://en.wikipedia.org"
  package var arxivURL = "https://export.arxiv.org"
  package var pubMedURL = "https://eutils.ncbi.nlm.nih.gov"
  package var duckDuckGoURL = "https://html.duckduckgo.com"
  package var tavilyURL = "https://api.tavily.com"
  package var youURL = "https://ydc-index.io"
  package var edgarSearchURL = "https://efts.sec.gov"
  package var edgarArchiveURL = "https://www.sec.gov"
  package var conneryURL: String?

  package var tavilyKey: String?
  package var youKey: String?
  package var conneryKey: String?
  package var images = Images()
  /// An e-mail address that NCBI may write to about too many requests.
  package var contact: String?

  /// The image model of OpenAI, or of a server that speaks like it.
  package struct Images: Sendable {
    /// Up to and with `/v1`; nil when there is none.
    package var baseURL: String?
    /// Nil for a server that wants none.
    package var key: String?
    package var model = "gpt-image-2.6-flare"

    package init() {}
  }

  package init() {}
}

extension ToolSettings: CustomStringConvertible, CustomReflectable {
  package var description: String { "(settings of the tools)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension ToolSettings.Images: CustomStringConvertible, CustomReflectable {
  package var description: String { "(settings of image generation)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
