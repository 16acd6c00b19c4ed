import Foundation

/// A certificate that vouches for itself, with its key, in a folder of its own.
package final class SelfSigned: Sendable {
  package let certificate: String
  package let key: String
  private let folder: URL

  package static let isAvailable = FileManager.default.isExecutableFile(atPath: openssl)
  private static let openssl = "/usr/bin/openssl"

  /// - Parameter names: host names it is for.
  package init(_ names: String...) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    certificate = folder.appending(path: "certificate.pem").path
    key = folder.appending(path: "key.pem").path
    try make(names)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Puts another pair in the place of the one that is there.
  package func renew(_ names: String...) throws {
    try make(names)
  }

  private func make(_ names: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.openssl)
    process.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
      "/CN=\(names.first ?? "nobody")", "-addext",
      "subjectAltName=" + names.map { "DNS:\($0)" }.joined(separator: ","), "-keyout", key, "-out",
      certificate,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
  }
}
