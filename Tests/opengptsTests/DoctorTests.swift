import Foundation
import Testing

@testable import opengpts

@Suite struct DoctorTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func `a data directory is fine if it can be written or made`() throws {
    #expect(DoctorChecks.dataDirectory(try settings(["data_dir": directory.path])).status == .ok)
    #expect(DoctorChecks.dataDirectory(try settings(["data_dir": directory.path + "/a/b"])).status == .ok)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test func `a data directory that is a file or cannot be made is a failure with a fix`() throws {
    let file = try directory.write("", to: "file")
    for path in [file, file + "/below/it"] {
      let finding = DoctorChecks.dataDirectory(try settings(["data_dir": path]))
      #expect(finding.status == .fail, "\(path)")
      #expect(finding.fix != nil)
    }
  }

  @Test func `a port is free, ours, or somebody else's`() throws {
    let port = try #require(TestListener.freePort())
    #expect(DoctorChecks.port(try settings(["listen": "127.0.0.1:\(port)"])).detail.contains("is free"))
    let ours = try TestListener(reply: "HTTP/1.1 200 OK\r\n\r\n{\"ok\":true}")
    #expect(DoctorChecks.port(try settings(["listen": "127.0.0.1:\(ours.port)"])).detail.contains("answers"))
    let theirs = try TestListener(reply: "HTTP/1.1 200 OK\r\n\r\n<html>")
    #expect(DoctorChecks.port(try settings(["listen": "127.0.0.1:\(theirs.port)"])).status == .fail)
  }

  @Test func `a language model is reached, unreachable, or not wanted`() throws {
    #expect(DoctorChecks.languageModel(try settings([:])).status == .ok)
    let model = try TestListener(reply: "")
    let there = try settings(["openai.base_url": "http://127.0.0.1:\(model.port)/v1"])
    #expect(DoctorChecks.languageModel(there).status == .ok)
    let port = try #require(TestListener.freePort())
    let gone = try settings(["openai.base_url": "http://127.0.0.1:\(port)/v1"])
    #expect(DoctorChecks.languageModel(gone).status == .fail)
  }

  @Test func `an address without a port means its scheme's`() throws {
    #expect(try #require(DoctorChecks.endpoint(of: "https://a/v1")).port == 443)
    #expect(try #require(DoctorChecks.endpoint(of: "http://a/v1")).port == 80)
    #expect(try #require(DoctorChecks.endpoint(of: "http://[::1]:8080/v1")).host == "::1")
  }

  @Test func `a key in a file that everybody can read is warned of`() throws {
    let file = try directory.write("[openai]\napi_key = 'k'", to: "c.toml")
    let settings = try Settings(from: SettingsSources(configFile: file))
    #expect(chmod(file, 0o644) == 0)
    #expect(DoctorChecks.readableSecrets(settings).status == .warn)
    #expect(chmod(file, 0o600) == 0)
    #expect(DoctorChecks.readableSecrets(settings).status == .ok)
  }

  @Test func `pdftotext is looked for where programs are`() throws {
    #expect(DoctorChecks.pdf(path: directory.path).status == .warn)
    let program = try directory.write("", to: "pdftotext")
    #expect(chmod(program, 0o755) == 0)
    #expect(DoctorChecks.pdf(path: "/nowhere:" + directory.path).detail == program)
  }

  @Test func `a variable of the original without a meaning here is named, with the reason`() {
    let findings = DoctorChecks.withoutCounterpart(["POSTGRES_HOST": "postgres", "PATH": "/bin"])
    #expect(findings.map(\.status) == [.ok])
    #expect(findings.first?.detail.contains("POSTGRES_HOST") == true)
  }

  private func settings(_ values: [String: String]) throws -> Settings {
    let flags = values.map { SettingsSources.Flag(flag: "--set", key: $0.key, value: $0.value) }
    return try Settings(from: SettingsSources(flags: flags, standardFiles: []))
  }
}

/// A server that says one thing to whoever connects, then closes.
private final class TestListener: Sendable {
  let port: Int
  private let descriptor: Int32

  init(reply: String) throws {
    let (descriptor, port) = try #require(Self.bound())
    (self.descriptor, self.port) = (descriptor, port)
    try #require(listen(descriptor, 8) == 0)
    Thread.detachNewThread {
      while true {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return }
        var question = [UInt8](repeating: 0, count: 1024)
        if !reply.isEmpty { _ = recv(client, &question, question.count, 0) }
        _ = send(client, reply, reply.utf8.count, Int32(MSG_NOSIGNAL))
        close(client)
      }
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  /// A port that was free a moment ago.
  static func freePort() -> Int? {
    guard let (descriptor, port) = bound() else { return nil }
    close(descriptor)
    return port
  }

  private static func bound() -> (descriptor: Int32, port: Int)? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let found = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    return found ? (descriptor, Int(UInt16(bigEndian: address.sin_port))) : nil
  }
}
