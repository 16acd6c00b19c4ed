import Conversation
import Providers
import Testing
import Transport

@testable import opengpts

@Suite struct ModelSettingsTests {
  private func settings(_ text: String) throws -> Settings {
    let directory = try TemporaryDirectory()
    let file = try directory.write(text, to: "config.toml")
    return try Settings(from: SettingsSources(configFile: file))
  }

  @Test func `models of the file are read with their prices, abilities and keys`() throws {
    let directory = try TemporaryDirectory()
    let key = try directory.write("sk-file\n", to: "key")
    let models = try settings(
      """
      [[model]]
      name = "main"
      provider = "groq"
      model = "llama-x"
      api_key_file = "\(key)"
      context_tokens = 8000
      input_price = 0.5
      output_price = 1
      fallback = "local"

      [[model]]
      name = "local"
      provider = "compatible"
      base_url = "http://localhost:9/v1"
      model = "m"
      tools = "xml"
      cache = true
      """
    ).models
    #expect(models.map(\.definition.name) == ["main", "local"])
    #expect(models[0].apiKey?.revealed == "sk-file" && models[0].definition.inputPrice == 0.5)
    #expect(models[0].definition.fallback == "local" && models[0].definition.contextTokens == 8_000)
    #expect(models[1].definition.tools == .xml && models[1].definition.cache && models[1].apiKey == nil)
  }

  @Test(arguments: [
    (
      "[[model]]\nname = \"a\"\nprovider = \"openai\"\nmodel = \"m\"\ncontxt_tokens = 1",
      "did you mean context_tokens"
    ),
    ("[[model]]\nname = \"a\"\nprovider = \"opnai\"\nmodel = \"m\"", "is none of"),
    ("[[model]]\nname = \"a\"\nprovider = \"openai\"", "is missing"),
    ("[model]\nname = \"a\"", "is not known"), ("model = \"x\"", "is no list of tables"),
    (
      "[[model]]\nname=\"a\"\nprovider=\"openai\"\nmodel=\"m\"\n[[model]]\nname=\"a\"\nprovider=\"groq\"\nmodel=\"m\"",
      "twice"
    ),
    (
      "[[model]]\nname=\"a\"\nprovider=\"openai\"\nmodel=\"m\"\napi_key_file=\"/nowhere/key\"",
      "cannot be opened"
    ),
  ])
  func `what is wrong with a model stops the start, and says what and where`(text: String, words: String) {
    let error = #expect(throws: SettingsError.self) { try settings(text) }
    #expect("\(String(describing: error))".contains(words), "\(String(describing: error))")
  }

  @Test func `keys of the file are shown nowhere`() throws {
    let settings = try settings(
      "[[model]]\nname=\"a\"\nprovider=\"openai\"\nmodel=\"m\"\napi_key=\"sk-shown-nowhere\"")
    var dumped = ""
    dump(settings.models, to: &dumped)
    #expect(!dumped.contains("sk-shown-nowhere"))
    #expect(try !SettingsReport(settings).json().contains("sk-shown-nowhere"))
  }

  @Test func `each provider takes the variables its own tools take`() throws {
    let sources = SettingsSources(environment: [
      "ANTHROPIC_API_KEY": "a", "GEMINI_API_KEY": "g", "MISTRAL_API_KEY": "m", "AWS_ACCESS_KEY_ID": "i",
      "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1", "AZURE_OPENAI_API_KEY": "z",
      "AZURE_OPENAI_API_BASE": "https://z.example",
    ])
    let settings = try Settings(from: sources)
    let accounts = settings.providers.accounts(openAI: settings.openAI, deadlines: .default)
    #expect(accounts["anthropic"].apiKey == "a" && accounts["google"].apiKey == "g")
    #expect(accounts["mistral"].apiKey == "m" && accounts["azure"].baseURL == "https://z.example")
    #expect(accounts["bedrock"].aws?.accessKeyID == "i" && accounts["bedrock"].region == "eu-west-1")
  }
}
