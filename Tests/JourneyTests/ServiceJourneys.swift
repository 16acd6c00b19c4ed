import Conversation
import Foundation
import Testing

/// The daemon as a service manager and an administrator meet it.
@Suite(.serialized) struct ServiceJourneys {
  @Test func `a changed configuration is taken into use in the same process, a wrong one changes nothing`()
    async throws
  {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "config.toml")
    try Data("[backup]\nevery = \"1d\"\n".utf8).write(to: file)
    let daemon = try await DaemonProcess(data: folder.data, environment: ["OPENGPTS_CONFIG": file.path])
    let client = Client(port: daemon.port)
    let thread = try await client.thread(client.assistant(["type": "chatbot"]))
    #expect(try await backup(client)?["state"] == "ok")

    try Data("[backup]\nevry = \"off\"\n".utf8).write(to: file)
    kill(daemon.identifier, SIGHUP)
    try await Task.sleep(for: .milliseconds(300))
    #expect(try await backup(client)?["state"] == "ok")
    let log = try String(contentsOf: folder.data.appendingPathExtension("log"), encoding: .utf8)
    #expect(log.contains("did you mean backup.every?"))

    try Data("[backup]\nevery = \"off\"\n".utf8).write(to: file)
    let told = try run(DaemonProcess.program, ["reload", "--data", folder.data.path])
    #expect(told.code == 0 && told.output.contains("\(daemon.identifier)"), "\(told.output)")
    let end = ContinuousClock.now + .seconds(20)
    while try await backup(client)?["state"] != "absent" {
      guard ContinuousClock.now < end else {
        Issue.record("the daemon did not begin anew")
        return
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try await client.get("/threads/\(thread)").status == 200)
    #expect(daemon.terminate() == 0)
  }

  /// What `/readyz` says of backups; nil while nobody answers.
  private func backup(_ client: Client) async throws -> JSON? {
    let reply = try? await client.get("/readyz")
    return reply?.json["parts"]?.array?.first { $0["name"] == "backup" }
  }
}
