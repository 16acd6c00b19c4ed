package import Documents
package import Transport

/// The tools beside retrieval, in the order the form shows them: one line a tool.
package enum StandardTools {
  /// - Parameters:
  ///   - client: one for what users and models name, with `EgressPolicy.publicOnly`; every tool uses it.
  ///   - parser: reads pages and filings, each in a process of its own.
  package static func types(
    client: HTTPClient, parser: DocumentParser, settings: ToolSettings
  ) -> [ToolType] {
    let services = ToolServices(client: client, settings: settings)
    let reader = PageReader(parser: parser)
    return [
      ActionServer.type(client: client),
      Connery.type(services.connery),
      DuckDuckGo.type(services.duckDuckGo),
      Tavily.hitsType(services.tavily),
      Tavily.answerType(services.tavily),
      YouSearch.type(services.you),
      Wikipedia.type(services.wikipedia),
      Arxiv.type(services.arxiv),
      PubMed.type(services.pubMed, contact: settings.contact),
      EdgarSearch.filingsType(
        search: services.edgarSearch, archive: services.edgarArchive, reader: reader),
      EdgarSearch.pressReleasesType(
        search: services.edgarSearch, archive: services.edgarArchive, reader: reader),
      WebPage.type(client: client, reader: reader),
      Calculator.type,
      ImageGenerator.type(services.images, model: settings.images.model),
    ]
  }
}
