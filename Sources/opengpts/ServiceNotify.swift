import Foundation

/// Tells systemd how the service is: sd_notify(3), one datagram a message.
///
/// Outside a `Type=notify` unit there is nobody to tell, and every call does nothing. A message that
/// cannot be sent is dropped: the daemon serves its users first, and systemd's own deadlines decide.
struct ServiceNotify: Sendable {
  private let address: sockaddr_un
  private let addressLength: socklen_t
  /// Seconds within which systemd wants to hear `watchdog()`; nil if it does not.
  let watchdogSeconds: Double?

  /// Nil when no service manager waits for messages.
  init?(environment: [String: String]) {
    guard
      let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
      let (address, length) = Self.address(path)
    else { return nil }
    self.address = address
    addressLength = length
    watchdogSeconds = Self.watchdogSeconds(environment)
  }

  /// Ready to serve: the database is migrated and the port is bound.
  @discardableResult func ready() -> Bool { send("READY=1") }
  /// Shutting down.
  @discardableResult func stopping() -> Bool { send("STOPPING=1") }
  /// About to begin anew, until the next `ready()`.
  @discardableResult func reloading() -> Bool {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return send("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
  }
  /// Alive. To be sent at least twice within `watchdogSeconds`.
  @discardableResult func watchdog() -> Bool { send("WATCHDOG=1") }
  /// One line for `systemctl status`.
  @discardableResult func status(_ line: String) -> Bool {
    send("STATUS=" + line.replacing("\n", with: " "))
  }

  /// Whether the message was handed over. Never blocks.
  private func send(_ message: String) -> Bool {
    let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let bytes = Array(message.utf8)
    let sent = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, addressLength)
      }
    }
    return sent == bytes.count
  }

  /// A path, or after `@` a name in the abstract space, where a zero byte takes the place of the `@`.
  private static func address(_ path: String) -> (sockaddr_un, socklen_t)? {
    var bytes = Array(path.utf8)
    let isAbstract = path.hasPrefix("@")
    if isAbstract { bytes[0] = 0 } else { bytes.append(0) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return (address, socklen_t(MemoryLayout<sa_family_t>.size + bytes.count))
  }

  /// `WATCHDOG_PID` guards against a child process that inherited the variables.
  private static func watchdogSeconds(_ environment: [String: String]) -> Double? {
    guard let text = environment["WATCHDOG_USEC"], let microseconds = Double(text), microseconds > 0 else {
      return nil
    }
    if let pid = environment["WATCHDOG_PID"], pid != String(getpid()) { return nil }
    return microseconds / 1_000_000
  }
}
