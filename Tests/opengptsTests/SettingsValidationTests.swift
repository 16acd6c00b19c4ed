import Testing

@testable import opengpts

/// What is refused, and how the refusal helps.
@Suite struct SettingsValidationTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(
    "An unknown key names the nearest known one",
    arguments: [
      ("[openai]\napikey = 'x'", "openai.api_key"), ("lisen = 'x'", "listen"),
      ("[opnai]\nmodel = 'x'", "openai.model"), ("OPENAI_API_KEY = 'x'", "openai.api_key"),
      ("data-dir = 'x'", "data_dir"), ("[log.level]\nroot = 'x'", "log.level"),
      ("[openai]\nmdoel = 'x'", "openai.model"),
    ])
  func unknownKey(text: String, meant: String) throws {
    let problems = problems(SettingsSources(configFile: try directory.write(text, to: "c.toml")))
    #expect(problems.count == 1)
    #expect(problems.first?.hasSuffix("did you mean \(meant)?") == true, "\(problems)")
  }

  @Test func `an unknown variable or flag names the nearest one too`() {
    let variable = SettingsSources(environment: ["OPENGPTS_OPENAI_MODLE": "x"], standardFiles: [])
    #expect(problems(variable).first?.contains("OPENGPTS_OPENAI_MODEL?") == true)
    let flag = SettingsSources(
      flags: [.init(flag: "--set", key: "logs.level", value: "x")], standardFiles: [])
    #expect(problems(flag).first?.contains("did you mean log.level?") == true)
  }

  @Test func `a name of any length or script is refused quickly and without harm`() {
    let names = [String(repeating: "ä", count: 100_000), "", "🦜.🦜", "\u{0}"]
    for name in names {
      let flag = SettingsSources(flags: [.init(flag: "--set", key: name, value: "x")], standardFiles: [])
      #expect(problems(flag).count == 1)
    }
  }

  @Test(
    "A wrong value is refused with the key, its source, and what is allowed",
    arguments: [
      ("listen", "8100", "127.0.0.1:8100"), ("listen", "127.0.0.1:65536", "127.0.0.1:8100"),
      ("listen", "::1:8100", "[::1]:8100"), ("listen", ":8100", "127.0.0.1:8100"),
      ("listen", "127.0.0.1:+1", "127.0.0.1:8100"), ("listen", "[127.0.0.1]:1", "[::1]:8100"),
      ("openai.base_url", "api.example.com", "https://"), ("openai.base_url", "ftp://a/v1", "https://"),
      ("openai.base_url", "http://", "https://"), ("openai.base_url", "http://a:99999/", "https://"),
      ("openai.base_url", "http://a/v1\nX: y", "plain text"), ("log.level", "loud", "debug"),
      ("limits.model_idle_seconds", "nan", "3600"), ("limits.model_idle_seconds", "0", "3600"),
      ("limits.model_idle_seconds", "many", "3600"), ("limits.model_idle_seconds", "1e999", "3600"),
      ("limits.model_total_seconds", "-1", "86400"), ("auth.type", "kerberos", "noop"),
      ("langsmith.tracing", "perhaps", "true or false"),
      ("tools.allowed_networks", "10.0.0.0/33", "10.1.0.0/16"),
      ("tools.allowed_networks", "10.0.0.0/8, intranet", "10.1.0.0/16"),
    ])
  func wrongValue(key: String, value: String, allowed: String) {
    let flag = SettingsSources(flags: [.init(flag: "--set", key: key, value: value)], standardFiles: [])
    let problems = problems(flag)
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("\(key) (from flag --set)") == true, "\(problems)")
    #expect(problems.first?.contains(allowed) == true, "\(problems)")
  }

  @Test(
    "In the file a value has to be of the right type",
    arguments: [
      "listen = 8100", "allowed_hosts = [1]", "allowed_hosts = [['a']]", "[limits]\nmodel_idle_seconds = [1]",
      "[limits]\nmodel_idle_seconds = true", "[log]\nlevel = 2026-01-01", "openai = 'x'",
      "[[log]]\nlevel = 'info'",
    ])
  func wrongType(text: String) throws {
    #expect(problems(SettingsSources(configFile: try directory.write(text, to: "c.toml"))).count == 1)
  }

  @Test func `numbers, lists and flags are taken from the file as TOML writes them`() throws {
    let text = """
      allowed_hosts = ["gpts.example", "gpts.local"]
      [limits]
      model_idle_seconds = 2.5
      model_total_seconds = 90
      [traces]
      content = true
      """
    let settings = try Settings(from: SettingsSources(configFile: try directory.write(text, to: "c.toml")))
    #expect(settings.allowedHosts == ["gpts.example", "gpts.local"])
    #expect(settings.limits.modelIdleSeconds == 2.5)
    #expect(settings.limits.modelTotalSeconds == 90)
    #expect(settings.traces.keepsContent)
  }

  @Test func `everything that is wrong is said at once`() throws {
    let file = try directory.write("lisen = 'x'\n[log]\nlevel = 'loud'", to: "c.toml")
    let sources = SettingsSources(environment: ["OPENGPTS_X": "1"], configFile: file)
    #expect(problems(sources).count == 3)
  }

  @Test(
    "A broken file is refused by its place, without quoting it",
    arguments: ["sk-very-secret", "99999999999999999999", "'sk-very-secret' 99999999999999999999"])
  func brokenFile(value: String) throws {
    let file = try directory.write("[openai]\napi_key = \(value)\n", to: "c.toml")
    let problems = problems(SettingsSources(configFile: file))
    #expect(problems.count == 1)
    #expect(problems.first?.contains("line 2") == true)
    #expect(problems.first?.contains("secret") == false)
    #expect(problems.first?.contains("9999") == false)
  }

  @Test(
    "Without a real sign-in only this machine may reach the daemon",
    arguments: [
      ("127.0.0.1:1", true), ("127.255.255.254:1", true), ("[::1]:1", true), ("localhost:1", true),
      ("[::ffff:127.0.0.1]:1", true), ("0.0.0.0:1", false), ("[::]:1", false), ("192.168.1.2:1", false),
      ("128.0.0.1:1", false), ("[::2]:1", false), ("[fe80::1]:1", false), ("localhost.example:1", false),
      ("[::ffff:10.0.0.1]:1", false), ("127.1.example:1", false),
    ])
  func loopbackOnly(address: String, isAllowed: Bool) {
    let flag = SettingsSources(
      flags: [.init(flag: "--listen", key: "listen", value: address)], standardFiles: [])
    let problems = problems(flag)
    #expect(problems.isEmpty == isAllowed, "\(problems)")
    if !isAllowed { #expect(problems.first?.contains("auth.type noop") == true) }
  }

  @Test(
    "Others reach the daemon by a certificate or a named proxy, and passwords never in clear text",
    arguments: [
      ([], false), (["tls.certificate=/c", "tls.key=/k"], true), (["trusted_proxies=10.0.0.1"], true),
      (["trusted_proxies=10.0.0.0/33"], false), (["trusted_proxies=proxy.example"], false),
      (["tls.certificate=/c"], false), (["tls.key=/k"], false), (["public_url=https://a.example"], false),
      (["auth.type=noop", "tls.certificate=/c", "tls.key=/k"], false),
    ])
  func reach(assignments: [String], isAllowed: Bool) {
    let given = ["listen=0.0.0.0:1", "auth.type=local"] + assignments
    let flags = given.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      return SettingsSources.Flag(flag: "--set", key: parts[0], value: parts[1])
    }
    let problems = problems(SettingsSources(flags: flags, standardFiles: []))
    #expect(problems.isEmpty == isAllowed, "\(problems)")
    guard assignments.isEmpty else { return }
    for way in ["tls.certificate", "trusted_proxies", "loopback"] {
      #expect(problems.first?.contains(way) == true)
    }
  }

  @Test("An installed service begins with accounts, and its own data directory")
  func service() throws {
    let file = try directory.write(ExampleConfiguration.service, to: "service.toml")
    let settings = try Settings(from: SettingsSources(configFile: file))
    #expect(settings.identity.type == .local && settings.dataDirectory == "/var/lib/opengpts")
    #expect(settings.listen.isLoopback)
  }
}
