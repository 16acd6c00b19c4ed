import Conversation
import Foundation
import Loopback
import Testing
import Transport

/// The daemon where others can reach it.
@Suite(.serialized, .enabled(if: SelfSigned.isAvailable)) struct SecureJourneys {
  private func settings(_ signed: SelfSigned) -> [String: String] {
    [
      "OPENGPTS_TLS_CERTIFICATE": signed.certificate, "OPENGPTS_TLS_KEY": signed.key,
      "OPENGPTS_AUTH_TYPE": "local",
    ]
  }

  private func isServed(_ port: Int, trusting signed: SelfSigned) async -> Bool {
    let client = HTTPClient(policy: .trusted, authoritiesFile: signed.certificate)
    let reply = try? await client.fetch(HTTPRequest(url: "https://localhost:\(port)/ok"))
    await client.shutdown()
    return reply?.head.status == 200
  }

  @Test func `https is served, commands find it, and a reload takes a new certificate or keeps the old`()
    async throws
  {
    let folder = try TemporaryFolder()
    let signed = try SelfSigned("localhost")
    let daemon = try await DaemonProcess(data: folder.data, environment: settings(signed))
    let place = ["--data", folder.data.path, "--listen", "127.0.0.1:\(daemon.port)"]
    #expect(await isServed(daemon.port, trusting: signed))
    let link = try String(contentsOf: folder.data.appending(path: "first-run-link"), encoding: .utf8)
    #expect(link.hasPrefix("https://localhost:\(daemon.port)/#/first-run?token="))
    for command in [["user", "list"], ["doctor"]] {
      let (code, output) = try run(DaemonProcess.program, command + place, environment: settings(signed))
      #expect(code == 0, "\(command): \(output)")
      if command == ["doctor"] { #expect(output.contains("answers on 127.0.0.1:\(daemon.port), by https")) }
    }

    let key = try String(contentsOfFile: signed.key, encoding: .utf8)
    try String(key.prefix(60)).write(toFile: signed.key, atomically: true, encoding: .utf8)
    let refused = try run(DaemonProcess.program, ["reload"] + place, environment: settings(signed))
    #expect(refused.code == 1 && refused.output.contains(signed.key), "\(refused.output)")
    kill(daemon.identifier, SIGHUP)
    try await Task.sleep(for: .milliseconds(300))
    #expect(await isServed(daemon.port, trusting: signed))

    try signed.renew("localhost")
    let told = try run(DaemonProcess.program, ["reload"] + place, environment: settings(signed))
    #expect(told.code == 0, "\(told.output)")
    let end = ContinuousClock.now + .seconds(20)
    while await !isServed(daemon.port, trusting: signed), ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(await isServed(daemon.port, trusting: signed))
    #expect(daemon.terminate() == 0)
  }

  @Test func `what others could read along with is not served, and a wrong pair neither`() throws {
    let folder = try TemporaryFolder()
    let (one, other) = (try SelfSigned("localhost"), try SelfSigned("localhost"))
    func start(_ settings: [String: String], _ address: String) throws -> (code: Int32, output: String) {
      try run(
        DaemonProcess.program, ["serve", "--data", folder.data.path, "--listen", address],
        environment: settings)
    }
    let open = try start(["OPENGPTS_AUTH_TYPE": "local"], "0.0.0.0:0")
    #expect(open.code == 78)
    for way in ["tls.certificate", "trusted_proxies", "loopback"] { #expect(open.output.contains(way)) }
    var wrong = settings(one)
    wrong["OPENGPTS_TLS_KEY"] = other.key
    let refused = try start(wrong, "127.0.0.1:0")
    #expect(refused.code == 78 && refused.output.contains("is not the key of"), "\(refused.output)")
    wrong["OPENGPTS_TLS_KEY"] = nil
    #expect(try start(wrong, "127.0.0.1:0").output.contains("without tls.key"))
  }
}
