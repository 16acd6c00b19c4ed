import CoreFoundation
import Foundation
import Server

extension DoctorChecks {
  static func port(_ settings: Settings) -> Finding {
    let address = settings.listen
    guard address.port != 0 else { return .ok("port", "the system will choose one") }
    let answer = TCPProbe.ask(
      host: address.host, port: address.port,
      "GET /ok HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n\r\n")
    switch answer {
    case .success(let reply) where reply.contains(HTTPService.clearTextRefusal):
      return .ok("port", "the daemon answers on \(address), by https")
    case .success(let reply) where reply.contains(#"{"ok":true}"#):
      return .ok("port", "the daemon answers on \(address)")
    case .success:
      return .fail(
        "port", "another program answers on \(address)", fix: "stop it, or set listen to another port")
    case .failure(let failure) where failure.isRefusal: return .ok("port", "\(address) is free")
    case .failure(let failure):
      return .fail("port", "\(address): \(failure)", fix: "set listen to an address of this machine")
    }
  }

  static func certificate(_ settings: Settings) -> Finding {
    let check = "certificate"
    guard let files = settings.certificate else { return clearText(settings) }
    do throws(CertificateProblem) {
      let pair = try CertificatePair(files)
      let detail = pair.description(at: Date())
      guard pair.isGood(at: Date()) else {
        return .fail(
          check, detail, fix: "put a new one in \(files.certificate); the daemon notices by itself")
      }
      guard pair.isGood(at: Date(), forSeconds: ServerCertificate.lateSeconds) else {
        return .warn(check, detail, fix: "renew it; the daemon notices a changed file by itself")
      }
      return isReadableByAll(files.key)
        ? .fail(check, "every user can read its key \(files.key)", fix: "chmod o-r \(files.key)")
        : .ok(check, detail)
    } catch {
      return .fail(check, "\(error)", fix: "put it right; until then a start, or a reload, fails")
    }
  }

  /// Without a certificate it is loopback, perhaps behind a proxy.
  private static func clearText(_ settings: Settings) -> Finding {
    let isPublic = settings.publicURL?.hasPrefix("https://") ?? false
    guard settings.proxies.networks.isEmpty else {
      return .ok("certificate", "none here; the proxies \(settings.proxies.networks) speak https")
    }
    guard isPublic else { return .ok("certificate", "none; only this machine reaches the daemon") }
    return .warn(
      "certificate", "people come through a proxy (public_url), which is not named: all have its address",
      fix: "set trusted_proxies to the proxy's address, like 127.0.0.1")
  }

  private static func isReadableByAll(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IROTH != 0
  }

  /// A connection, no more: a request would cost money, and need the key.
  static func languageModel(_ settings: Settings) -> Finding {
    let check = "language model"
    let model = settings.openAI
    guard model.isConfigured else {
      let count = settings.models.count + settings.providers.standardModels(openAI: model).count
      return .ok(
        check,
        count > 0
          ? "\(count) models are set up; the page lists them"
          : "none set up (a provider's key, a [[model]], or Ollama): answers quote the documents")
    }
    guard let (host, port) = endpoint(of: model.proxy ?? model.endpoint) else {
      return .fail(
        check, "the address cannot be read", fix: "set openai.base_url to one like https://host/v1")
    }
    let what = model.proxy == nil ? "\(host):\(port)" : "proxy \(host):\(port)"
    switch TCPProbe.ask(host: host, port: port, nil) {
    case .success: return .ok(check, "\(what) can be reached")
    case .failure(let failure):
      return .fail(check, "\(what): \(failure)", fix: "check openai.base_url, openai.proxy and the network")
    }
  }

  static func endpoint(of url: String) -> (host: String, port: Int)? {
    guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty else { return nil }
    let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    return (bare, parts.port ?? (parts.scheme?.lowercased() == "http" ? 80 : 443))
  }

  /// Secrets in a file that every user of the machine can read.
  static func readableSecrets(_ settings: Settings) -> Finding {
    let exposed = settings.resolved.compactMap { resolved -> String? in
      guard resolved.setting.isSecret, let path = resolved.origin.path else { return nil }
      guard isReadableByAll(path) else { return nil }
      return "\(resolved.setting.key.rawValue) in \(path)"
    }
    guard exposed.isEmpty else {
      return .warn(
        "secrets", "every user can read " + exposed.joined(separator: ", "), fix: "chmod o-r the file")
    }
    return .ok("secrets", "none in a file every user can read")
  }

  /// Variables of the original's deployment that do nothing here.
  static func withoutCounterpart(_ environment: [String: String]) -> [Finding] {
    Setting.withoutCounterpart.filter { !(environment[$0.name] ?? "").isEmpty }.map {
      .ok("environment", "\($0.name) is set but has no meaning here: \($0.reason)")
    }
  }
}

extension SettingOrigin {
  fileprivate var path: String? {
    switch self {
    case .file(let path), .secretFile(let path, _): path
    case .flag, .environment, .credential, .builtIn: nil
    }
  }
}
