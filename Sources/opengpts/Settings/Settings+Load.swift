import Conversation
import Documents
import Engine
import Logging
import Server
import Transport
import VectorIndex

extension Settings {
  /// Reads and checks every source.
  ///
  /// - Throws: one `SettingsError` that names everything to be put right.
  init(from sources: SettingsSources) throws(SettingsError) {
    let layers = sources.layers()
    var problems = layers.flatMap(\.problems)
    var resolved: [ResolvedSetting] = []
    for setting in Setting.catalogue {
      do { resolved.append(try Self.resolve(setting, in: layers)) } catch { problems.append(error) }
    }
    let models = layers.lazy.map(\.models).first { !$0.isEmpty } ?? []
    let servers = layers.lazy.compactMap(\.mcpServers).first ?? []
    guard problems.isEmpty, let settings = Self(resolved, models: models, mcpServers: servers) else {
      throw SettingsError(problems: problems)
    }
    if let problem = settings.unreachableSafely ?? settings.unusableIdentity ?? settings.notANetwork
      ?? settings.unusableTraces
    {
      throw SettingsError(problems: [problem])
    }
    self = settings
  }

  /// The strongest source that gives a value wins; a bad value there is an error, not a reason to look
  /// further down.
  private static func resolve(
    _ setting: Setting, in layers: [SettingsLayer]
  ) throws(SettingsProblem) -> ResolvedSetting {
    for layer in layers {
      guard let given = layer.given[setting.key] else { continue }
      do {
        guard let value = try setting.kind.read(given.raw) else { continue }
        return ResolvedSetting(setting: setting, value: value, origin: given.origin)
      } catch {
        throw SettingsProblem(
          subject: setting.key.rawValue, origin: given.origin,
          explanation: "\(error.wrong); allowed: \(error.allowed)")
      }
    }
    let value = setting.defaultText.flatMap { try? setting.kind.read(.text($0)) }
    return ResolvedSetting(setting: setting, value: value, origin: .builtIn)
  }

  /// Nil only if the catalogue lacks a setting or a default, which a test rules out.
  private init?(
    _ resolved: [ResolvedSetting], models: [ModelSetting], mcpServers: [MCPConfiguration]
  ) {
    let values = SettingValues(resolved)
    guard
      let listen = values.address(.listen), let dataDirectory = values.text(.dataDirectory),
      let logLevel = values.text(.logLevel).flatMap(Logger.Level.init(rawValue:)),
      let identity = IdentitySettings(values),
      let logFormat = values.text(.logFormat).flatMap(LogFormat.init(rawValue:)),
      let metricsAccess = values.text(.metricsAccess).flatMap(Monitoring.MetricsAccess.init(rawValue:)),
      let backup = BackupSettings(values, dataDirectory: dataDirectory),
      let limits = LimitSettings(values), let index = IndexSettings(values),
      let tools = ToolsSettings(values),
      let traces = TracesSettings(values)
    else { return nil }
    self.init(
      listen: listen, dataDirectory: dataDirectory, webDirectory: values.text(.webDirectory),
      allowedHosts: values.list(.allowedHosts), logLevel: logLevel, logFormat: logFormat,
      metricsAccess: metricsAccess, backup: backup, identity: identity,
      certificate: CertificateFiles(values), proxies: TrustedProxies(values),
      strictTransportSeconds: values.seconds(.tlsHSTS).flatMap { $0 > 0 ? Int($0) : nil },
      publicURL: values.text(.publicURL), openAI: OpenAISettings(values), providers: ProviderSettings(values),
      embedding: EmbeddingSettings(values), models: models, limits: limits, index: index,
      tools: tools, traces: traces, mcpServers: mcpServers, resolved: resolved)
  }
}

extension Settings {
  /// Nobody could come in, or anybody.
  private var unusableIdentity: SettingsProblem? {
    do {
      _ = try identity.identity()
      return nil
    } catch {
      guard let problem = error as? IdentityProblem else { return nil }
      let origin = resolved.first { $0.setting.key == problem.key }?.origin ?? .builtIn
      return SettingsProblem(
        subject: problem.key.rawValue, origin: origin, explanation: problem.explanation)
    }
  }
}

extension Settings {
  /// Nothing would be reported, and nobody would know.
  fileprivate var unusableTraces: SettingsProblem? {
    traces.problem.map { key, explanation in
      let origin = resolved.first { $0.setting.key == key }?.origin ?? .builtIn
      return SettingsProblem(subject: key.rawValue, origin: origin, explanation: explanation)
    }
  }

  /// An entry that is no network would silently allow nothing, or trust nobody.
  fileprivate var notANetwork: SettingsProblem? {
    [SettingKey.allowedNetworks, .trustedProxies].lazy.compactMap(notANetwork).first
  }

  private func notANetwork(_ key: SettingKey) -> SettingsProblem? {
    let given = resolved.first { $0.setting.key == key }
    guard case .list(let entries) = given?.value, let wrong = entries.first(where: { Network($0) == nil })
    else { return nil }
    return SettingsProblem(
      subject: key.rawValue, origin: given?.origin ?? .builtIn,
      explanation:
        "names \(wrong.prefix(80)), which is no network; allowed: like 10.1.0.0/16 or fd12:3456::/32")
  }
}

/// The values by key and kind.
struct SettingValues {
  private let values: [SettingKey: SettingValue]

  init(_ resolved: [ResolvedSetting]) {
    values = resolved.reduce(into: [:]) { $0[$1.setting.key] = $1.value }
  }

  func text(_ key: SettingKey) -> String? {
    if case .text(let text) = values[key] { text } else { nil }
  }

  func address(_ key: SettingKey) -> ListenAddress? {
    if case .address(let address) = values[key] { address } else { nil }
  }

  func list(_ key: SettingKey) -> [String] {
    if case .list(let items) = values[key] { items } else { [] }
  }

  func flag(_ key: SettingKey) -> Bool? {
    if case .flag(let flag) = values[key] { flag } else { nil }
  }

  func integer(_ key: SettingKey) -> Int? {
    if case .integer(let number) = values[key] { number } else { nil }
  }

  func seconds(_ key: SettingKey) -> Double? {
    if case .seconds(let number) = values[key] { number } else { nil }
  }
}

extension BackupSettings {
  fileprivate init?(_ values: SettingValues, dataDirectory: String) {
    guard let every = values.seconds(.backupEvery), let keep = values.integer(.backupKeep) else { return nil }
    self.init(
      everySeconds: every > 0 ? every : nil, keep: keep,
      directory: values.text(.backupDirectory) ?? "\(dataDirectory)/backups",
      passphrase: values.secret(.backupPassphrase))
  }
}

extension OpenAISettings {
  fileprivate init(_ values: SettingValues) {
    self.init(
      apiKey: values.text(.openAIKey).map(Secret.init(revealed:)), baseURL: values.text(.openAIBaseURL),
      model: values.text(.openAIModel), callsTools: values.text(.openAITools) != "xml",
      organization: values.text(.openAIOrganization), proxy: values.text(.openAIProxy))
  }
}

extension IdentitySettings {
  fileprivate init?(_ values: SettingValues) {
    guard let type = values.text(.authType).flatMap(AuthType.init(rawValue:)),
      let newcomers = values.text(.newUserRole).flatMap(Role.init(rawValue:)),
      let scopes = values.text(.openIDScopes)
    else { return nil }
    self.init(
      type: type, issuer: values.text(.jwtIssuer), audiences: values.list(.jwtAudience),
      algorithm: values.text(.jwtAlgorithm), decodeKey: values.secret(.jwtDecodeKey),
      clientID: values.text(.openIDClient), clientSecret: values.secret(.openIDSecret), scopes: scopes,
      label: values.text(.openIDLabel) ?? "", admins: values.list(.admins), newcomers: newcomers)
  }
}

extension LimitSettings {
  fileprivate init?(_ values: SettingValues) {
    guard
      let connect = values.seconds(.modelConnectSeconds), let idle = values.seconds(.modelIdleSeconds),
      let firstByte = values.seconds(.modelFirstByteSeconds), let total = values.seconds(.modelTotalSeconds),
      let quota = values.integer(.filesQuota), let characters = values.integer(.chunkCharacters),
      let overlap = values.integer(.chunkOverlap)
    else { return nil }
    self.init(
      modelConnectSeconds: connect, modelFirstByteSeconds: firstByte, modelIdleSeconds: idle,
      modelTotalSeconds: total, filesQuotaBytes: quota == 0 ? nil : quota << 20,
      chunker: Chunker(maxCharacters: characters, overlapCharacters: min(overlap, characters / 2)))
  }
}

extension IndexSettings {
  fileprivate init?(_ values: SettingValues) {
    func number(_ key: SettingKey) -> Int? { values.text(key).flatMap { Int($0) } }
    guard
      let links = number(.indexLinks), let width = number(.indexBuildWidth),
      let precision = values.text(.indexPrecision).flatMap(VectorIndex.Parameters.Precision.init(rawValue:)),
      let resident = number(.indexResidentVectors)
    else { return nil }
    self.init()
    linksPerRow = links
    buildWidth = width
    self.precision = precision
    residentVectors = resident
  }
}

extension ToolsSettings {
  fileprivate init?(_ values: SettingValues) {
    guard
      let wikipedia = values.text(.wikipediaURL), let arxiv = values.text(.arxivURL),
      let pubMed = values.text(.pubMedURL), let duckDuckGo = values.text(.duckDuckGoURL),
      let tavily = values.text(.tavilyURL), let you = values.text(.youURL),
      let edgarSearch = values.text(.edgarSearchURL), let edgarArchive = values.text(.edgarArchiveURL),
      let imagesModel = values.text(.imagesModel), let asksBeforeEgress = values.flag(.askBeforeEgress)
    else { return nil }
    self.init(
      allowedNetworks: values.list(.allowedNetworks).compactMap(Network.init), contact: values.text(.contact),
      asksBeforeEgress: asksBeforeEgress,
      wikipediaURL: wikipedia, arxivURL: arxiv, pubMedURL: pubMed, duckDuckGoURL: duckDuckGo,
      tavilyURL: tavily, tavilyKey: values.secret(.tavilyKey), youURL: you, youKey: values.secret(.youKey),
      edgarSearchURL: edgarSearch, edgarArchiveURL: edgarArchive, conneryURL: values.text(.conneryURL),
      conneryKey: values.secret(.conneryKey), imagesBaseURL: values.text(.imagesBaseURL),
      imagesKey: values.secret(.imagesKey), imagesModel: imagesModel)
  }
}

extension SettingValues {
  func secret(_ key: SettingKey) -> Secret? { text(key).map(Secret.init(revealed:)) }
}
