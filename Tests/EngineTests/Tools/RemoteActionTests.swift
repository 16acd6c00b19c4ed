import Conversation
import Providers
import Testing
import Transport

@testable import Engine

@Suite struct RemoteActionTests {
  private func client() -> HTTPClient {
    HTTPClient(policy: .publicOnly(allowing: ["127.0.0.1/32"].compactMap(Network.init)))
  }

  // MARK: Connery

  private static let actions = """
    {"status":"success","data":[{"id":"CABC80","key":"sendEmail","title":"Send email","description":"Sends one.",
    "type":"create","inputParameters":[{"key":"recipient","title":"Recipient","type":"string",
    "description":"Whom","validation":{"required":true}},{"key":"body","title":"Body","type":"string"}]},
    {"id":"../x y","title":"Odd"},{"title":"without an id"}]}
    """

  private func connery(_ site: ScriptedSite, key: String? = "connery-key") async throws -> [any Tool] {
    var settings = ToolSettings()
    settings.conneryURL = site.address
    settings.conneryKey = key
    return try await Connery.tools(ToolServices(client: client(), settings: settings).connery)
  }

  @Test func `each action of a Connery runner is a tool with its own arguments`() async throws {
    let site = try ScriptedSite { request in
      request.method == "GET"
        ? .init(body: Self.actions) : .init(body: #"{"status":"success","data":{"output":{"id":"7"}}}"#)
    }
    let tools = try await connery(site)
    #expect(tools.map(\.specification.name) == ["CABC80", "___x_y"])
    #expect(tools.map(\.specification.description) == ["Send email: Sends one.", "Odd"])
    #expect(tools.allSatisfy { !$0.isRepeatable })
    let parameters = try #require(tools.first).specification.parameters
    #expect(parameters["required"] == ["recipient"])
    #expect(parameters["properties"]?["recipient"] == ["type": "string", "description": "Whom"])
    #expect(parameters["properties"]?["body"] == ["type": "string", "description": "Body"])

    let result = try await tools[0].call(["recipient": "a@example.org"])
    #expect(result.content == ["id": "7"])
    _ = try await tools[1].call([:])
    let requests = site.requests
    #expect(
      requests.map(\.target) == ["/v1/actions", "/v1/actions/CABC80/run", "/v1/actions/..%2Fx%20y/run"])
    #expect(requests.allSatisfy { $0.headers["x-api-key"] == "connery-key" })
    #expect(try JSON(parsing: requests[1].body) == ["input": ["recipient": "a@example.org"]])
  }

  @Test func `a runner without a key or an answer says so when the tools are made`() async throws {
    let site = try ScriptedSite { _ in .init(status: 401) }
    let unset = await #expect(throws: ToolError.self) { try await connery(site, key: nil).count }
    #expect(unset?.message.contains("CONNERY_RUNNER_API_KEY") == true && site.requests.isEmpty)
    let refused = await #expect(throws: ToolError.self) { try await connery(site).count }
    #expect(
      refused?.message
        == "Connery refused access (status 401). An administrator should check connery.api_key.")
    for body in ["", "[]", "{}", #"{"data":{}}"#] {
      let odd = try ScriptedSite { _ in .init(body: body) }
      let error = await #expect(throws: ToolError.self) { try await connery(odd).count }
      #expect(error?.message == "Connery sent a reply that could not be read.")
    }
  }

  // MARK: Action Server

  private static let document = """
    {"openapi":"3.1.0","paths":{
    "/api/actions/mail/send/run":{"post":{"operationId":"send","summary":"Send","description":"Sends a mail.",
      "requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["to"],
      "properties":{"to":{"$ref":"#/components/schemas/Address"}}}}}}}},
    "/api/actions/mail/loop/run":{"post":{"operationId":"loop","requestBody":{"content":{"application/json":
      {"schema":{"$ref":"#/components/schemas/Loop"}}}}}},
    "/api/actions/mail/bomb/run":{"post":{"operationId":"bomb","requestBody":{"content":{"application/json":
      {"schema":{"$ref":"#/components/schemas/B0"}}}}}},
    "/api/actions/../../admin":{"post":{"operationId":"escape"}},
    "/api/actions/a?b=c":{"post":{"operationId":"query"}},
    "/api/runs":{"post":{"operationId":"other"}},
    "/api/actions/list":{"get":{"operationId":"read"}}},
    "components":{"schemas":{"Address":{"type":"string","format":"email"},
    "Loop":{"type":"object","properties":{"next":{"$ref":"#/components/schemas/Loop"}}},
    \(bombs)}}}
    """

  /// Ten schemas, each of which names the next one ten times.
  private static let bombs = (0..<10).map { level in
    let members = (0..<10).map { ##""p\##($0)":{"$ref":"#/components/schemas/B\##(level + 1)"}"## }
    return #""B\#(level)":{"type":"object","properties":{\#(members.joined(separator: ","))}}"#
  }.joined(separator: ",")

  private func actionServer(_ url: String, key: String = "server-key") async throws -> [any Tool] {
    let choice = ToolChoice(
      type: "action_server_by_sema4ai", config: ["url": .string(url), "api_key": .string(key)])
    return try await ActionServer.tools(choice, client: client())
  }

  @Test func `each action of an Action Server is a tool that posts to its path`() async throws {
    let site = try ScriptedSite { request in
      request.method == "GET" ? .init(body: Self.document) : .init(body: #""sent""#)
    }
    let tools = try await actionServer(site.address + "/base/")
    #expect(tools.map(\.specification.name) == ["bomb", "loop", "send"])
    let send = try #require(tools.last)
    #expect(send.specification.description == "Send. Sends a mail.")
    #expect(
      send.specification.parameters == [
        "type": "object", "required": ["to"], "properties": ["to": ["type": "string", "format": "email"]],
      ])
    #expect(tools.allSatisfy { !$0.isRepeatable && $0.specification.parameters.text.utf8.count < 5_000 })
    #expect(try await send.call(["to": "a@example.org"]).content == "sent")
    let requests = site.requests
    #expect(requests.map(\.target) == ["/base/openapi.json", "/base/api/actions/mail/send/run"])
    #expect(requests.allSatisfy { $0.headers["authorization"] == "Bearer server-key" })
    #expect(requests[1].body == #"{"to":"a@example.org"}"#)
  }

  @Test func `an Action Server that is none, or has no usable address, says so when the tools are made`()
    async throws
  {
    let site = try ScriptedSite { _ in .init(body: "<html>") }
    let odd = await #expect(throws: ToolError.self) { try await actionServer(site.address).count }
    #expect(odd?.message == "The Action Server sent a reply that could not be read.")
    for address in ["", "example.org", "file:///etc/passwd"] {
      let error = await #expect(throws: ToolError.self) { try await actionServer(address).count }
      #expect(error?.message.contains("set the tool's URL") == true)
    }
    let metadata = await #expect(throws: ToolError.self) {
      try await actionServer("http://169.254.169.254").count
    }
    #expect(metadata?.message.contains("tools.allowed_networks") == true)
  }

  @Test(arguments: [
    (422, #"{"detail":"No server-key for to"}"#, "did not accept the request (status 422): No (key) for to"),
    (
      500, #"{"error_code":"internal-error","message":"Unexpected error (ValueError)"}"#,
      "has a problem of its own (status 500): Unexpected error (ValueError)"
    ),
    (502, "<html>Bad gateway</html>", "has a problem of its own (status 502). Try again later."),
  ])
  func `an action that fails is told once, with the server's own words and without the key`(
    status: Int, body: String, words: String
  ) async throws {
    let site = try ScriptedSite { request in
      request.method == "GET" ? .init(body: Self.document) : .init(status: status, body: body)
    }
    let send = try #require(try await actionServer(site.address).last)
    let error = await #expect(throws: ToolError.self) { try await send.call([:]).content }
    #expect(error?.message == "The Action Server \(words)")
    #expect(site.requests.count == 2)
  }
}
