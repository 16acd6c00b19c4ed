import Conversation
import Foundation
import Testing

@testable import Engine

@Suite struct PageToolTests {
  private static let page = """
    <!doctype html><html><head><title>The  Title</title><script>alert(1)</script></head><body><nav>Menu</nav>
    <main><h1>Whales</h1><p>They are &amp; were large.</p></main></body></html>
    """

  @Test func `a page comes as its title, its address and its text without navigation`() async throws {
    let bench = try ToolBench(always: .init(type: "text/html; charset=utf-8", body: Self.page))
    let address = bench.site.address + "/whales?x=1"
    let text = try #require(try await bench.call("web_page", ["url": .string(" \(address) ")]).content.string)
    #expect(text.hasPrefix("The Title\n\(address)\n\n"))
    #expect(text.contains("They are & were large."))
    #expect(!text.contains("alert") && !text.contains("<"))
    #expect(bench.site.requests.first?.target == "/whales?x=1")
  }

  @Test func `a long page is read on from where it was cut`() async throws {
    let long = (0..<9_000).map { "w\($0)" }.joined(separator: " ")
    let bench = try ToolBench(always: .init(type: "text/plain", body: long))
    var url: [String: JSON] = ["url": .string(bench.site.address + "/a.txt")]
    let first = try #require(try await bench.call("web_page", .object(url)).content.string)
    #expect(first.hasSuffix("[The page goes on. Call again with start 20000 to read on.]"))
    url["start"] = 20_000
    let second = try #require(try await bench.call("web_page", .object(url)).content.string)
    url["start"] = 40_000
    let third = try #require(try await bench.call("web_page", .object(url)).content.string)
    let parts = [first, second, third].map { part in
      part.components(separatedBy: "\n\n")[1]
    }
    #expect(parts.joined() == long)
    url["start"] = 1_000_000
    #expect(await bench.failure("web_page", .object(url)) == "The page has fewer than 1000000 characters.")
    url["start"] = .integer(Int.min)
    #expect(try await bench.call("web_page", .object(url)).content.string == first)
  }

  @Test func `a redirect is followed, and one into a private network is not`() async throws {
    let bench = try ToolBench { request in
      if request.target == "/old" { return .init(status: 302, headers: ["Location: /new"]) }
      if request.target == "/trap" {
        return .init(status: 302, headers: ["Location: http://169.254.169.254/x"])
      }
      return .init(type: "text/html", body: Self.page)
    }
    let text = try await bench.call("web_page", ["url": .string(bench.site.address + "/old")]).content.string
    #expect(text?.contains(bench.site.address + "/new") == true)
    let message = await bench.failure("web_page", ["url": .string(bench.site.address + "/trap")])
    #expect(message?.contains("tools.allowed_networks") == true)
  }

  @Test(arguments: [
    "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://example.org/x", "javascript://x", "http://",
    "https://a b",
    "http://user:word@127.0.0.1/", "http://[::1", "http://127.0.0.1:99999/", "\u{1}http://x",
  ])
  func `an address that is none, or not of the web, is refused without a request`(address: String)
    async throws
  {
    let bench = try ToolBench(always: .init())
    let message = await bench.failure("web_page", ["url": .string(address)])
    let isOfTheWeb = address.hasPrefix("http") || address.hasPrefix("\u{1}")
    let unusable = "The page cannot be asked: its address is not usable."
    #expect(message == unusable && isOfTheWeb || message?.hasPrefix("Only addresses that begin with") == true)
    #expect(bench.site.requests.isEmpty)
  }

  @Test(arguments: [
    (String(repeating: " ", count: 100), "holds no text"), ("", "holds no text"),
    ("\u{7F}ELF␀␀␀␀", "is of the type"), ("%PDF-1.7 broken", "could not be read"),
  ])
  func `what holds no text is told as that`(body: String, words: String) async throws {
    let bench = try ToolBench(
      always: .init(type: "application/octet-stream", body: body.replacing("␀", with: "\u{0}")))
    let message = await bench.failure("web_page", ["url": .string(bench.site.address)])
    #expect(message?.contains(words) == true, "\(message ?? "it was read")")
  }

  // MARK: EDGAR

  private static func hit(_ file: String, _ type: String) -> String {
    """
    {"_id":"0000320193-23-000106:\(file)","_source":{"ciks":["0000320193"],"display_names":["Apple Inc.  (AAPL)"],\
    "file_type":"\(type)","file_date":"2023-11-03"}}
    """
  }

  private func edgar() throws -> ToolBench {
    try ToolBench { request in
      if request.target.hasPrefix("/LATEST/search-index") {
        let hits = [
          Self.hit("ex21.htm", "EX-21"), Self.hit("a.htm", "10-K"), Self.hit("pr.htm", "EX-99.1"),
          Self.hit("gone.htm", "10-Q"), Self.hit("b.htm", "10-K"), Self.hit("c.htm", "10-K"),
        ]
        return .init(body: #"{"hits":{"total":{"value":6},"hits":[\#(hits.joined(separator: ","))]}}"#)
      }
      if request.target.contains("gone") { return .init(status: 404) }
      let filler = (0..<200).map { "<p>Paragraph \($0) of boilerplate text that says little.</p>" }.joined()
      let body = "<html><body>\(filler)<p>Revenue of iPhone in China fell.</p>\(filler)</body></html>"
      return .init(type: "text/html", body: body)
    }
  }

  @Test func `filings come with company, form, date, address and the passage that fits`() async throws {
    let bench = try edgar()
    let text = try #require(
      try await bench.call("sec_filings_kai_ai", ["query": "iPhone revenue China"]).content.string)
    let archive = bench.site.address + "/Archives/edgar/data/320193/000032019323000106"
    #expect(text.contains("Apple Inc. (AAPL), 10-K, 2023-11-03\n\(archive)/a.htm\n"))
    #expect(text.contains("Revenue of iPhone in China fell."))
    #expect(text.contains("\(archive)/gone.htm\n(SEC's EDGAR has nothing at this address (status 404).)"))
    #expect(text.contains("\(archive)/b.htm") && !text.contains("c.htm") && !text.contains("ex21"))
    #expect(text.count < 6_000)
    let request = try #require(bench.site.requests.first)
    #expect(request.value("q") == "iPhone revenue China" && request.value("forms") == "10-K,10-Q")
  }

  @Test func `press releases are the exhibits 99 of current reports`() async throws {
    let bench = try edgar()
    let text = try #require(try await bench.call("press_releases_kai_ai", ["query": "iPhone"]).content.string)
    #expect(text.contains("EX-99.1") && !text.contains("10-K"))
    #expect(bench.site.requests.first?.value("forms") == "8-K")
    let none = try ToolBench(always: .init(body: #"{"hits":{"hits":[]}}"#))
    let answer = try await none.call("press_releases_kai_ai", ["query": "x"]).content.string
    #expect(answer?.contains("Try fewer words") == true)
    let refused = try ToolBench(always: .init(status: 403))
    #expect(await refused.failure("sec_filings_kai_ai", ["query": "x"])?.contains("tools.contact") == true)
  }

  // MARK: Images

  private func jpeg(_ count: Int = 100) -> String {
    Data([0xFF, 0xD8, 0xFF] + [UInt8](repeating: 7, count: count)).base64EncodedString()
  }

  @Test func `an image goes to the page, and a sentence to the model`() async throws {
    let data = jpeg()
    var bench = try ToolBench(always: .init(body: #"{"data":[{"b64_json":"\#(data)"}]}"#))
    bench.settings.images.model = "gpt-image-9"
    let result = try await bench.call("dall_e", ["__arg1": "a whale"])
    #expect(result.artifact == ["type": "image", "media_type": "image/jpeg", "data": .string(data)])
    #expect(result.content.string?.contains("The image is made") == true)
    #expect(result.content.string?.contains(data) == false)
    let request = try #require(bench.site.requests.first)
    #expect(request.target == "/v1/images/generations")
    #expect(request.headers["authorization"] == "Bearer image-key")
    let body = try JSON(parsing: request.body)
    #expect(body["model"] == "gpt-image-9" && body["prompt"] == "a whale" && body["output_format"] == "jpeg")
  }

  @Test func `a server that gives an address has it passed on, and one that gives no image fails`()
    async throws
  {
    let address = "https://example.org/i.png"
    let bench = try ToolBench(always: .init(body: #"{"data":[{"url":"\#(address)"}]}"#))
    #expect(try await bench.call("dall_e", ["__arg1": "x"]).content == .string(address))
    let svg = Data("<svg onload=alert(1)>".utf8).base64EncodedString()
    for wrong in [#"{"url":"javascript:alert(1)"}"#, #"{"b64_json":"\#(svg)"}"#, #"{"b64_json":"%%"}"#, "{}"]
    {
      let bench = try ToolBench(always: .init(body: #"{"data":[\#(wrong)]}"#))
      #expect(
        await bench.failure("dall_e", ["__arg1": "x"])
          == "The image model sent a reply that could not be read.")
    }
    let large = try ToolBench(always: .init(body: #"{"data":[{"b64_json":"\#(jpeg(4 << 20))"}]}"#))
    #expect(await large.failure("dall_e", ["__arg1": "x"]) == "The image is too large to be kept.")
    let refused = try ToolBench(
      always: .init(
        status: 400, body: #"{"error":{"message":"Your prompt was refused by our safety system."}}"#))
    #expect(
      await refused.failure("dall_e", ["__arg1": "x"])
        == "The image model did not accept the request (status 400): Your prompt was refused by our safety system."
    )
  }
}
