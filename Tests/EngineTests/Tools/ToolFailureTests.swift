import Conversation
import Foundation
import Synchronization
import Testing

@testable import Engine

/// What every tool that asks somebody does when that somebody fails.
@Suite struct ToolFailureTests {
  private static let remote: [(type: String, arguments: JSON)] = [
    ("wikipedia", ["query": "x"]), ("arxiv", ["query": "x"]), ("pubmed", ["query": "x"]),
    ("ddg_search", ["query": "x"]), ("search_tavily", ["query": "x"]),
    ("search_tavily_answer", ["query": "x"]),
    ("you_search", ["query": "x"]), ("sec_filings_kai_ai", ["query": "x"]),
    ("press_releases_kai_ai", ["query": "x"]), ("dall_e", ["__arg1": "x"]),
  ]

  private func messages(_ reply: ScriptedSite.Reply) async throws -> [(type: String, message: String)] {
    var all: [(String, String)] = []
    for (type, arguments) in Self.remote {
      let bench = try ToolBench(always: reply)
      all.append((type, await bench.failure(type, arguments) ?? "it did not fail"))
    }
    return all
  }

  @Test(arguments: [
    (401, "refused access (status 401)"), (403, "refused access (status 403)"),
    (404, "has nothing at this address (status 404)"), (418, "did not accept the request (status 418)"),
    (500, "has a problem of its own (status 500)"), (503, "has a problem of its own (status 503)"),
  ])
  func `a status is told in words`(status: Int, words: String) async throws {
    for (type, message) in try await messages(.init(status: status)) {
      #expect(message.contains(words), "\(type): \(message)")
    }
  }

  @Test func `a rate limit is told with its wait`() async throws {
    for (type, message) in try await messages(.init(status: 429, headers: ["Retry-After: 40"])) {
      #expect(
        message.hasSuffix("has been asked too often (status 429). Try again in 40 seconds."),
        "\(type): \(message)")
    }
  }

  @Test(arguments: [
    "", "<html>Welcome to the hotel's network</html>", "{", "[]", #"{"other":1}"#, "\u{1}\u{2}",
  ])
  func `an odd reply is told as one`(body: String) async throws {
    // A reply without an answer means that there is none.
    let isJSON = (try? JSON(parsing: body)) != nil
    for (type, message) in try await messages(.init(body: body))
    where type != "search_tavily_answer" || !isJSON {
      #expect(message.hasSuffix("sent a reply that could not be read."), "\(type): \(message)")
    }
  }

  @Test func `a reply that is too large is not taken`() async throws {
    let body = #"{"a":""# + String(repeating: "x", count: 9 << 20) + "\"}"
    for (type, message) in try await messages(.init(body: body)) {
      #expect(message.contains("which is too much"), "\(type): \(message)")
    }
  }

  @Test func `nothing is sent into a private network that is not allowed, and its address is not told`()
    async throws
  {
    for (type, arguments) in Self.remote + [("web_page", ["url": "x"])] {
      var bench = try ToolBench(always: .init(body: "{}"))
      bench.isSiteAllowed = false
      let arguments: JSON = type == "web_page" ? ["url": .string(bench.site.address)] : arguments
      let message = await bench.failure(type, arguments) ?? "it did not fail"
      #expect(message.contains("tools.allowed_networks"), "\(type): \(message)")
      #expect(!message.contains("127.0.0.1"))
      #expect(bench.site.requests.isEmpty)
    }
  }

  @Test func `a service that is not there is told as unreachable`() async throws {
    for (type, arguments) in Self.remote {
      var bench = try ToolBench(always: .init())
      let gone = try ScriptedSite { _ in .init() }.address
      bench.settings.wikipediaURL = gone
      bench.settings.arxivURL = gone
      bench.settings.pubMedURL = gone
      bench.settings.duckDuckGoURL = gone
      bench.settings.tavilyURL = gone
      bench.settings.youURL = gone
      bench.settings.edgarSearchURL = gone
      bench.settings.images.baseURL = gone
      let message = await bench.failure(type, arguments) ?? "it did not fail"
      #expect(message.hasSuffix("cannot be reached. Try again later."), "\(type): \(message)")
    }
  }

  @Test func `a missing argument is asked for by its name`() async throws {
    for (type, arguments) in Self.remote + [("calculator", ["expression": ""]), ("web_page", ["url": ""])] {
      let bench = try ToolBench(always: .init())
      let name = try #require(arguments.object?.keys.first)
      for wrong: JSON in [
        [:], nil, 3, [.string(name)], ["other": "x"], .object([name: "  "]), .object([name: 1]),
      ] {
        #expect(await bench.failure(type, wrong) == "The argument \"\(name)\" is missing; it must be a text.")
      }
      #expect(bench.site.requests.isEmpty)
    }
  }

  @Test(arguments: [
    ("search_tavily", "tavily.api_key", "TAVILY_API_KEY"),
    ("search_tavily_answer", "tavily.api_key", "TAVILY_API_KEY"),
    ("you_search", "you.api_key", "YDC_API_KEY"), ("dall_e", "openai.api_key", "OPENAI_API_KEY"),
  ])
  func `a tool without its key says when it is made what to set`(
    type: String, setting: String, variable: String
  ) async throws {
    var bench = try ToolBench(always: .init())
    bench.settings.tavilyKey = nil
    bench.settings.youKey = ""
    bench.settings.images.baseURL = nil
    let unset = bench
    let error = await #expect(throws: ToolError.self) { try await unset.tools(type).count }
    #expect(error?.message.contains(setting) == true && error?.message.contains(variable) == true)
  }

  @Test func `keys stand in no failure, although a service repeats them`() async throws {
    let echo = #"{"error":{"message":"Wrong key tavily-key you-key image-key for you"}}"#
    for status in [400, 401, 403, 422, 500] {
      for (type, message) in try await messages(.init(status: status, body: echo)) {
        let own = [
          "search_tavily": "tavily-key", "search_tavily_answer": "tavily-key", "you_search": "you-key",
          "dall_e": "image-key",
        ]
        if let key = own[type] { #expect(!message.contains(key), "\(type): \(message)") }
      }
    }
    var settings = ToolSettings()
    settings.tavilyKey = "tavily-key"
    settings.images.key = "image-key"
    var dumped = "\(settings) \(settings.images) \(String(reflecting: settings))"
    dump(settings, to: &dumped)
    #expect(!dumped.contains("-key"))
  }

  @Test func `a read is tried again once after a passing failure, an action never`() async throws {
    let count = Counter()
    let bench = try ToolBench { request in
      count.add(request.target.contains("images") ? "action" : "read")
      if count.counts["read"] == 1 || request.target.contains("images") { return .init(status: 503) }
      return .init(body: #"{"answer":"Yes."}"#)
    }
    #expect(try await bench.call("search_tavily_answer", ["query": "x"]).content == "Yes.")
    #expect(await bench.failure("dall_e", ["__arg1": "x"])?.contains("status 503") == true)
    #expect(count.counts == ["read": 2, "action": 1])
  }

  @Test func `what only reads may be called again, what acts may not`() async throws {
    let bench = try ToolBench(always: .init())
    for type in bench.catalog.map(\.type)
    where !["ai_action_runner_by_connery", "action_server_by_sema4ai"].contains(type) {
      #expect(try await bench.tools(type).allSatisfy { $0.isRepeatable == (type != "dall_e") })
    }
  }

  @Test func `a caller that stands too far back in a queue is turned away`() async throws {
    let pace = Pace(intervalSeconds: 13)
    try await pace.turn(of: "X")
    let error = await #expect(throws: ToolError.self) { try await pace.turn(of: "X") }
    #expect(error?.message == "X is being asked by too many at once. Try again in a few seconds.")
  }
}
