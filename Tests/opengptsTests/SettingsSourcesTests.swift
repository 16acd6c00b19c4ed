import Foundation
import Testing

@testable import opengpts

/// Which source wins, and what each of them may say.
@Suite struct SettingsSourcesTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// The sources of one setting, strongest first; each test row leaves out one more.
  enum Source: Int, CaseIterable { case flag, ownVariable, legacyVariable, file, none }

  @Test("The strongest source that gives a value wins", arguments: Source.allCases)
  func precedence(strongest: Source) throws {
    let given = Source.allCases.filter { $0.rawValue >= strongest.rawValue }
    var sources = SettingsSources(standardFiles: [])
    if given.contains(.flag) {
      sources.flags = [.init(flag: "--set", key: "openai.organization", value: "flag")]
    }
    if given.contains(.ownVariable) { sources.environment["OPENGPTS_OPENAI_ORGANIZATION"] = "ownVariable" }
    if given.contains(.legacyVariable) { sources.environment["OPENAI_ORG_ID"] = "legacyVariable" }
    if given.contains(.file) {
      sources.configFile = try directory.write("[openai]\norganization = 'file'", to: "c.toml")
    }
    let settings = try Settings(from: sources)
    #expect(settings.openAI.organization == (strongest == .none ? nil : "\(strongest)"))
  }

  @Test func `the value's origin is told`() throws {
    let file = try directory.write("data_dir = '/srv/gpts'", to: "c.toml")
    let settings = try Settings(
      from: SettingsSources(
        flags: [.init(flag: "--listen", key: "listen", value: "[::1]:9000")],
        environment: ["OPENAI_API_BASE": "http://10.0.0.1:8080/v1"], configFile: file))
    #expect(origin(.listen, settings) == "flag --listen")
    #expect(origin(.openAIBaseURL, settings) == "environment OPENAI_API_BASE")
    #expect(origin(.dataDirectory, settings) == "file \(file)")
    #expect(origin(.logLevel, settings) == "default")
    #expect(settings.listen == ListenAddress("[::1]:9000"))
    #expect(settings.dataDirectory == "/srv/gpts")
  }

  @Test func `of two standard files the later one wins, line by line`() throws {
    let system = try directory.write("data_dir = '/srv'\n[log]\nlevel = 'error'", to: "etc.toml")
    let own = try directory.write("[log]\nlevel = 'debug'", to: "own.toml")
    let missing = directory.path + "/missing.toml"
    let settings = try Settings(from: SettingsSources(standardFiles: [system, own, missing]))
    #expect("\(settings.logLevel)" == "debug")
    #expect(settings.dataDirectory == "/srv")
  }

  @Test func `a file that was named has to be there, and replaces the standard ones`() throws {
    let standard = try directory.write("data_dir = '/srv'", to: "etc.toml")
    let named = try directory.write("", to: "named.toml")
    let sources = SettingsSources(environment: ["OPENGPTS_CONFIG": named], standardFiles: [standard])
    #expect(try Settings(from: sources).dataDirectory == "./data")
    let problems = problems(SettingsSources(configFile: "/nowhere/c.toml", standardFiles: []))
    #expect(problems.count == 1)
    #expect(problems.first?.contains("/nowhere/c.toml") == true)
  }

  @Test func `an empty value counts as not given`() throws {
    let file = try directory.write("[openai]\nmodel = ''\nbase_url = 'http://a/v1'", to: "c.toml")
    let settings = try Settings(
      from: SettingsSources(
        environment: ["OPENAI_API_KEY": "", "OPENGPTS_OPENAI_BASE_URL": ""], configFile: file))
    #expect(settings.openAI.apiKey == nil)
    #expect(settings.openAI.model == nil)
    #expect(settings.openAI.baseURL == "http://a/v1")
  }

  @Test func `the original's first name for a thing is stronger than its second`() throws {
    let settings = try Settings(
      from: SettingsSources(
        environment: ["OPENAI_BASE_URL": "http://second/v1", "OPENAI_API_BASE": "http://first/v1"],
        standardFiles: []))
    #expect(settings.openAI.baseURL == "http://first/v1")
  }

  @Test func `a secret may lie in a file or among systemd's credentials`() throws {
    let key = try directory.write("sk-from-file\n", to: "key")
    let file = try directory.write("[openai]\napi_key_file = '\(key)'", to: "c.toml")
    #expect(try Settings(from: SettingsSources(configFile: file)).openAI.apiKey?.revealed == "sk-from-file")

    let variable = SettingsSources(environment: ["OPENGPTS_OPENAI_API_KEY_FILE": key], standardFiles: [])
    #expect(try Settings(from: variable).openAI.apiKey?.revealed == "sk-from-file")

    try directory.write("sk-credential\n", to: "credentials/openai.api_key")
    let credential = SettingsSources(
      environment: ["CREDENTIALS_DIRECTORY": directory.path + "/credentials"], configFile: file)
    #expect(try Settings(from: credential).openAI.apiKey?.revealed == "sk-credential")
  }

  @Test func `a secret and its file in one source are one too many`() throws {
    let key = try directory.write("b", to: "key")
    let file = try directory.write("[openai]\napi_key = 'a'\napi_key_file = '\(key)'", to: "c.toml")
    #expect(problems(SettingsSources(configFile: file)).first?.contains("twice") == true)
  }

  @Test func `every variable of the original that has a meaning here is taken`() throws {
    let names = [
      "OPENAI_API_KEY", "OPENAI_API_BASE", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROXY", "PROXY_URL",
      "AZURE_OPENAI_DEPLOYMENT_NAME", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_API_BASE",
      "AZURE_OPENAI_API_VERSION", "AZURE_OPENAI_EMBEDDINGS_DEPLOYMENT_NAME", "ANTHROPIC_API_KEY",
      "ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
      "FIREWORKS_API_KEY", "OLLAMA_MODEL", "OLLAMA_BASE_URL", "TAVILY_API_KEY", "YDC_API_KEY",
      "CONNERY_RUNNER_URL", "CONNERY_RUNNER_API_KEY", "LANGCHAIN_TRACING_V2", "LANGCHAIN_PROJECT",
      "LANGCHAIN_API_KEY", "AUTH_TYPE", "JWT_ISS", "JWT_AUD", "JWT_ALG", "JWT_DECODE_KEY_B64",
    ]
    let known = Set(Setting.catalogue.flatMap(\.legacyNames))
    #expect(names.filter { !known.contains($0) } == [])
    let deployment = [
      "POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD",
      "REDIS_URL", "VITE_BACKEND_URL", "SCARF_NO_ANALYTICS", "KAY_API_KEY",
    ]
    #expect(Set(deployment) == Set(Setting.withoutCounterpart.map(\.name)))
  }

  private func origin(_ key: SettingKey, _ settings: Settings) -> String? {
    settings.resolved.first { $0.setting.key == key }.map { "\($0.origin)" }
  }
}

/// The problems with these sources, as a person reads them.
func problems(_ sources: SettingsSources) -> [String] {
  do {
    _ = try Settings(from: sources)
    return []
  } catch {
    return error.problems.map { "\($0)" }
  }
}
