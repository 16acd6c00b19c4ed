import Server
import Transport

/// Who can reach the daemon, and whether what they send can be read on the way.
extension Settings {
  /// An address others can reach takes a sign-in, and a connection that nobody reads along with.
  var unreachableSafely: SettingsProblem? {
    if let problem = halfACertificate { return problem }
    guard !listen.isLoopback else { return nil }
    if identity.type == .noop {
      return problem(
        with: .listen,
        "is \(listen), which others can reach, but auth.type noop lets every caller be any user; "
          + "set listen to a loopback address, like 127.0.0.1:\(listen.port)")
    }
    guard certificate == nil, proxies.networks.isEmpty else { return nil }
    return problem(
      with: .listen,
      "is \(listen), which others can reach, and passwords would cross the network in clear text. There are three "
        + "ways out: name a certificate (tls.certificate and tls.key); name the proxy that speaks https for this "
        + "server (trusted_proxies); or set listen to a loopback address, like 127.0.0.1:\(listen.port)")
  }

  /// Reads the certificate as `serve` would; not every user may.
  func checkCertificate() throws(CertificateProblem) {
    if let certificate { _ = try CertificatePair(certificate) }
  }

  private var halfACertificate: SettingsProblem? {
    let given = [SettingKey.tlsCertificate, .tlsKey].filter { key in
      resolved.contains { $0.setting.key == key && $0.value != nil }
    }
    guard given.count == 1, let key = given.first else { return nil }
    let other = key == .tlsKey ? SettingKey.tlsCertificate : .tlsKey
    return problem(with: key, "is given without \(other.rawValue); https takes both")
  }

  private func problem(with key: SettingKey, _ explanation: String) -> SettingsProblem {
    SettingsProblem(
      subject: key.rawValue, origin: resolved.first { $0.setting.key == key }?.origin ?? .builtIn,
      explanation: explanation)
  }
}

extension CertificateFiles {
  init?(_ values: SettingValues) {
    guard let certificate = values.text(.tlsCertificate), let key = values.text(.tlsKey) else { return nil }
    self.init(certificate: certificate, key: key)
  }
}

extension TrustedProxies {
  init(_ values: SettingValues) {
    self.init(
      values.list(.trustedProxies).compactMap { Network($0) },
      fields: values.text(.proxyFields).flatMap(Fields.init(rawValue:)) ?? .xForwarded)
  }
}
