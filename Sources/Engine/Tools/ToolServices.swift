import Transport

/// Whom the standard tools ask, and with which keys.
struct ToolServices {
  let client: HTTPClient
  let settings: ToolSettings
  /// One for both of SEC's hosts, since its bound counts them together.
  private let edgarPace = Pace(intervalSeconds: EdgarSearch.intervalSeconds)

  init(client: HTTPClient, settings: ToolSettings) {
    self.client = client
    self.settings = settings
  }

  var wikipedia: RemoteService { service("Wikipedia", settings.wikipediaURL) }

  var arxiv: RemoteService {
    service("arXiv", settings.arxivURL, intervalSeconds: Arxiv.intervalSeconds)
  }

  var pubMed: RemoteService {
    service("PubMed", settings.pubMedURL, intervalSeconds: PubMed.intervalSeconds)
  }

  var duckDuckGo: RemoteService {
    service("DuckDuckGo", settings.duckDuckGoURL, intervalSeconds: DuckDuckGo.intervalSeconds)
  }

  var tavily: RemoteService {
    service(
      "Tavily", settings.tavilyURL, key: settings.tavilyKey, in: "Authorization", after: "Bearer ",
      setting: "tavily.api_key")
  }

  var you: RemoteService {
    service("You.com", settings.youURL, key: settings.youKey, in: "X-API-Key", setting: "you.api_key")
  }

  var edgarSearch: RemoteService { edgar(settings.edgarSearchURL) }

  var edgarArchive: RemoteService {
    var archive = edgar(settings.edgarArchiveURL)
    archive.maxBodyBytes = EdgarSearch.documentBytes
    return archive
  }

  /// Nil when its address is not set.
  var connery: RemoteService? {
    guard let address = settings.conneryURL else { return nil }
    var connery = service(
      "Connery", address, key: settings.conneryKey, in: "x-api-key", setting: "connery.api_key")
    connery.deadlines = RemoteService.actionDeadlines
    return connery
  }

  private func edgar(_ address: String) -> RemoteService {
    var edgar = service("SEC's EDGAR", address)
    edgar.accessSetting = "tools.contact, which SEC wants to be told"
    edgar.pace = edgarPace
    return edgar
  }

  /// Nil when there is neither a key nor a server of one's own.
  var images: RemoteService? {
    guard let address = settings.images.baseURL else { return nil }
    var images = service(
      "The image model", address, key: settings.images.key, in: "Authorization", after: "Bearer ",
      setting: "openai.api_key or images.api_key")
    images.deadlines = RemoteService.actionDeadlines
    images.maxBodyBytes = ImageGenerator.replyBytes
    return images
  }

  private func service(
    _ name: String, _ address: String, intervalSeconds: Double? = nil
  ) -> RemoteService {
    RemoteService(
      name: name, baseURL: address.withoutLastSlash, client: client,
      pace: intervalSeconds.map(Pace.init(intervalSeconds:)))
  }

  private func service(
    _ name: String, _ address: String, key: String?, in header: String, after prefix: String = "",
    setting: String
  ) -> RemoteService {
    RemoteService(
      name: name, baseURL: address.withoutLastSlash, client: client,
      headers: key.map { [HTTPHeader(header, prefix + $0)] } ?? [], accessSetting: setting, secret: key)
  }
}

extension String {
  /// As addresses are joined with paths.
  var withoutLastSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
