import Foundation
import Testing

@testable import opengpts

/// What systemd hears, over a real datagram socket.
@Suite struct ServiceNotifyTests {
  @Test func `each message arrives as one datagram at a path`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/notify"
    let listener = try #require(NotifyListener(path: path))
    let notify = try #require(ServiceNotify(environment: ["NOTIFY_SOCKET": path]))
    #expect(notify.ready())
    #expect(notify.watchdog())
    #expect(notify.status("two\nlines"))
    #expect(notify.stopping())
    #expect(listener.receive() == "READY=1")
    #expect(listener.receive() == "WATCHDOG=1")
    #expect(listener.receive() == "STATUS=two lines")
    #expect(listener.receive() == "STOPPING=1")
    #expect(listener.receive() == nil)
  }

  @Test func `an abstract name works as well`() throws {
    let name = "@opengpts-test-\(UUID().uuidString)"
    let listener = try #require(NotifyListener(path: name))
    let notify = try #require(ServiceNotify(environment: ["NOTIFY_SOCKET": name]))
    #expect(notify.ready())
    #expect(listener.receive() == "READY=1")
  }

  @Test(
    "Where nobody listens nothing is made",
    arguments: [nil, "", "relative", "vsock:2:1", "/" + String(repeating: "x", count: 200)])
  func nobody(path: String?) {
    #expect(ServiceNotify(environment: path.map { ["NOTIFY_SOCKET": $0] } ?? [:]) == nil)
  }

  @Test func `a listener that is gone costs nothing but the message`() throws {
    let notify = try #require(ServiceNotify(environment: ["NOTIFY_SOCKET": "/nonexistent/notify"]))
    #expect(!notify.ready())
  }

  @Test(
    "The watchdog's interval is taken only where it is meant for this process",
    arguments: [
      (["WATCHDOG_USEC": "30000000"], 30.0),
      (["WATCHDOG_USEC": "500000", "WATCHDOG_PID": "\(getpid())"], 0.5),
      (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"], nil), (["WATCHDOG_USEC": "soon"], nil),
      (["WATCHDOG_USEC": "0"], nil), ([:], nil),
    ] as [([String: String], Double?)])
  func watchdogInterval(environment: [String: String], seconds: Double?) throws {
    let all = environment.merging(["NOTIFY_SOCKET": "/run/notify"]) { given, _ in given }
    #expect(try #require(ServiceNotify(environment: all)).watchdogSeconds == seconds)
  }
}

/// The service manager's end.
private final class NotifyListener {
  private let descriptor: Int32

  init?(path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    if path.hasPrefix("@") { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    let bound = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    guard bound == 0 else { return nil }
  }

  deinit { close(descriptor) }

  func receive() -> String? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
  }
}
