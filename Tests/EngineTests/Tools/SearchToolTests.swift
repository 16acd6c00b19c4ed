import Conversation
import Foundation
import Testing

@testable import Engine

@Suite struct SearchToolTests {
  @Test func `Wikipedia gives three pages with title, address and text, in the order of the hits`()
    async throws
  {
    let bench = try ToolBench { request in
      if request.value("list") == "search" {
        return .init(body: #"{"query":{"search":[{"pageid":3},{"pageid":1},{"pageid":2},{"pageid":9}]}}"#)
      }
      let id = request.value("pageids") ?? ""
      let text = String(repeating: "\(id)", count: 5_000)
      return .init(
        body: """
          {"query":{"pages":[{"pageid":\(id),"title":"T\(id)","fullurl":"https://w/\(id)","extract":"\(text)"}]}}
          """)
    }
    let text = try #require(try await bench.call("wikipedia", ["query": "whales & dolphins"]).content.string)
    let pages = text.components(separatedBy: "\n\n")
    #expect(pages.count == 3)
    #expect(pages.map { $0.prefix(14) } == ["T3\nhttps://w/3", "T1\nhttps://w/1", "T2\nhttps://w/2"])
    #expect(pages.allSatisfy { $0.count == 15 + 4_000 + 1 && $0.hasSuffix("…") })
    #expect(bench.site.requests.first?.value("srsearch") == "whales & dolphins")
    #expect(bench.site.requests.count == 4)
  }

  @Test func `Wikipedia leaves a page out that fails, and says when there is none or an error`() async throws
  {
    let one = try ToolBench { request in
      if request.value("list") == "search" {
        return .init(body: #"{"query":{"search":[{"pageid":1},{"pageid":2}]}}"#)
      }
      if request.value("pageids") == "1" { return .init(status: 404) }
      return .init(body: #"{"query":{"pages":[{"pageid":2,"title":"Two","extract":"Second."}]}}"#)
    }
    #expect(try await one.call("wikipedia", ["query": "x"]).content == "Two\nSecond.")
    let none = try ToolBench(always: .init(body: #"{"query":{"search":[]}}"#))
    #expect(
      try await none.call("wikipedia", ["query": "x"]).content
        == "Wikipedia has no page that fits this query.")
    let error = try ToolBench(always: .init(body: #"{"error":{"code":"x","info":"Search is down."}}"#))
    #expect(
      await error.failure("wikipedia", ["query": "x"])
        == "Wikipedia did not accept the query: Search is down.")
  }

  private static let feed = """
    <?xml version="1.0" encoding="UTF-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title>
    <entry><id>http://arxiv.org/abs/1706.03762v7</id><published>2017-06-12T17:57:34Z</published>
    <title>Attention Is All
      You Need</title><summary>  We propose &lt;a&gt; new &amp; simple
    architecture. </summary><author><name>A. Vaswani</name></author><author><name>N. Shazeer</name></author></entry>
    </feed>
    """

  @Test func `arXiv gives date, title, authors and abstract`() async throws {
    let bench = try ToolBench(always: .init(type: "application/atom+xml", body: Self.feed))
    let text = try await bench.call("arxiv", ["query": "title: attention-based (models)"]).content
    #expect(
      text == """
        Published: 2017-06-12
        Title: Attention Is All You Need
        Authors: A. Vaswani, N. Shazeer
        Address: http://arxiv.org/abs/1706.03762v7
        Summary: We propose <a> new & simple architecture.
        """)
    #expect(bench.site.requests.first?.value("search_query") == "title attention based models")
    #expect(bench.site.requests.first?.value("max_results") == "3")
  }

  @Test(arguments: [
    ("1706.03762", "1706.03762"), ("1706.03762v2, hep-th/9901001", "1706.03762v2,hep-th/9901001"),
    ("math.GT/0309136", "math.GT/0309136"), ("9901001", "9901001"),
  ])
  func `arXiv numbers are asked for as numbers`(query: String, list: String) async throws {
    let bench = try ToolBench(always: .init(body: Self.feed))
    _ = try await bench.call("arxiv", ["query": .string(query)])
    #expect(bench.site.requests.first?.value("id_list") == list)
    #expect(bench.site.requests.first?.value("search_query") == nil)
  }

  @Test func `arXiv's own errors, empty feeds and other documents are told apart`() async throws {
    let refused = """
      <feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#x</id><title>Error</title>
      <summary>incorrect id format</summary></entry></feed>
      """
    let replies = [
      (refused, "arXiv did not accept the query: incorrect id format"),
      ("<html><body>Sorry</body></html>", "arXiv sent a reply that could not be read."),
      ("{}", "arXiv sent a reply that could not be read."),
      ("<feed><entry>", "arXiv sent a reply that could not be read."),
      (#"<!DOCTYPE f [<!ENTITY a "b">]><feed>&a;</feed>"#, "arXiv sent a reply that could not be read."),
    ]
    for (body, message) in replies {
      let bench = try ToolBench(always: .init(body: body))
      #expect(await bench.failure("arxiv", ["query": "x"]) == message)
    }
    let empty = try ToolBench(always: .init(body: #"<feed xmlns="http://www.w3.org/2005/Atom"/>"#))
    #expect(
      try await empty.call("arxiv", ["query": "x"]).content == "arXiv has no paper that fits this query.")
  }

  private static let articles = """
    <?xml version="1.0" ?>
    <!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2026//EN" \
    "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_260101.dtd">
    <PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">42</PMID><Article>
    <Journal><JournalIssue><PubDate><Year>2020</Year><Month>Mar</Month></PubDate></JournalIssue>
    <Title>The Journal</Title></Journal>
    <ArticleTitle>The role of <i>BRCA1</i> in repair.</ArticleTitle>
    <Abstract><AbstractText Label="AIM">To see.</AbstractText><AbstractText Label="RESULT">Seen.</AbstractText>
    <CopyrightInformation>© 2020 X.</CopyrightInformation></Abstract>
    </Article></MedlineCitation></PubmedArticle>
    <PubmedArticle><MedlineCitation><PMID>43</PMID><Article><Journal><Title>B</Title><JournalIssue><PubDate>
    <MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate></JournalIssue></Journal><ArticleTitle>Two</ArticleTitle>
    </Article></MedlineCitation></PubmedArticle></PubmedArticleSet>
    """

  @Test func `PubMed finds numbers, then gives their records with labelled abstracts`() async throws {
    var bench = try ToolBench { request in
      if request.target.contains("esearch") {
        return .init(body: #"{"esearchresult":{"idlist":["42","43"]}}"#)
      }
      return .init(type: "text/xml", body: Self.articles)
    }
    bench.settings.contact = "admin@example.org"
    let text = try await bench.call("pubmed", ["query": "BRCA1"]).content
    #expect(
      text == """
        Published: 2020-Mar
        Title: The role of BRCA1 in repair.
        Journal: The Journal
        Address: https://pubmed.ncbi.nlm.nih.gov/42/
        Copyright Information: © 2020 X.
        Summary: AIM: To see.
        RESULT: Seen.

        Published: 1998 Dec-1999 Jan
        Title: Two
        Journal: B
        Address: https://pubmed.ncbi.nlm.nih.gov/43/
        Summary: (no abstract)
        """)
    let requests = bench.site.requests
    #expect(requests[0].value("term") == "BRCA1")
    #expect(requests[0].value("email") == "admin@example.org")
    #expect(requests[1].value("id") == "42,43")
  }

  private static func hit(_ number: Int) -> String {
    """
    <div class="result results_links web-result"><h2 class="result__title"><a rel="nofollow" class="result__a" \
    href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.org%2F\(number)%3Fa%3D1&amp;rut=ab">Title <b>\(number)</b> \
    &amp; more</a></h2><a class="result__url" href="x">example.org</a>
    <a class="result__snippet" href="x">Lines of <b>hit</b> \(number)&#x27;s page &lt;here&gt;</a></div>
    """
  }

  @Test func `DuckDuckGo gives five hits without advertisements or detours`() async throws {
    let advertisement =
      #"<a class="result__a" href="https://duckduckgo.com/y.js?ad=1">Buy</a><a class="result__snippet">Now</a>"#
    let page = "<html>" + advertisement + (1...7).map(Self.hit).joined() + "</html>"
    let bench = try ToolBench(always: .init(type: "text/html", body: page))
    let text = try #require(try await bench.call("ddg_search", ["query": "cats & dogs"]).content.string)
    let hits = text.components(separatedBy: "\n\n")
    #expect(hits.count == 5)
    #expect(hits[0] == "Title 1 & more\nhttps://example.org/1?a=1\nLines of hit 1's page <here>")
    #expect(hits[4].contains("Title 5"))
    let request = try #require(bench.site.requests.first)
    #expect(request.method == "POST" && request.target == "/html/")
    #expect(
      request.value("q") == "cats & dogs" && request.value("kl") == "wt-wt" && request.value("df") == "y")
  }

  @Test func `DuckDuckGo's puzzle is told as what it is, and so is finding nothing`() async throws {
    for (status, body) in [(202, "<html></html>"), (200, "<div class=anomaly-modal>")] {
      let puzzle = try ToolBench(always: .init(status: status, type: "text/html", body: body))
      let message = await puzzle.failure("ddg_search", ["query": "x"])
      #expect(message?.contains("takes this server for a robot") == true)
    }
    let none = try ToolBench(
      always: .init(type: "text/html", body: #"<div class="no-results">No results.</div>"#))
    #expect(
      try await none.call("ddg_search", ["query": "x"]).content == "DuckDuckGo found nothing for this query.")
    let changed = try ToolBench(always: .init(type: "text/html", body: "<html>A new page</html>"))
    #expect(
      await changed.failure("ddg_search", ["query": "x"]) == "DuckDuckGo sent a reply that could not be read."
    )
  }

  @Test func `Tavily sends its key as bearer token and gives addresses with texts, or the answer`()
    async throws
  {
    let bench = try ToolBench(
      always: .init(
        body: """
          {"answer":"Paris.","results":[{"title":"A","url":"https://a","content":"Text A","score":0.9},{"title":"no"}]}
          """))
    let hits = try await bench.call("search_tavily", ["query": "capital of France"]).content
    #expect(hits == [["url": "https://a", "content": "Text A"]])
    #expect(try await bench.call("search_tavily_answer", ["query": "capital of France"]).content == "Paris.")
    let request = try #require(bench.site.requests.first)
    #expect(request.headers["authorization"] == "Bearer tavily-key")
    let body = try JSON(parsing: request.body)
    #expect(body["max_results"] == 5 && body["search_depth"] == "advanced" && body["include_answer"] == false)
    #expect(body["query"] == "capital of France")
    #expect(try JSON(parsing: bench.site.requests[1].body)["include_answer"] == true)
  }

  @Test func `You.com sends its key as a header and gives three snippets a page`() async throws {
    let bench = try ToolBench(
      always: .init(
        body: """
          {"results":{"web":[{"url":"https://a","title":"A","snippets":["1","2","3","4"]},
          {"url":"https://b","title":"B","description":"About B"}],"news":[{"title":"N","url":"https://n"}]}}
          """))
    let text = try await bench.call("you_search", ["query": "x y"]).content
    #expect(text == "A\nhttps://a\n1\n2\n3\n\nB\nhttps://b\nAbout B")
    #expect(bench.site.requests.first?.headers["x-api-key"] == "you-key")
    #expect(bench.site.requests.first?.value("query") == "x y")
  }
}
