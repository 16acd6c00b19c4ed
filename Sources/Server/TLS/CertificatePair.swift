import Crypto
package import Foundation
import NIOSSL

/// Where a server's certificate and its key lie.
package struct CertificateFiles: Sendable, Equatable {
  /// PEM: the server's own certificate first, then those that vouch for it.
  package let certificate: String
  /// PEM, without a passphrase.
  package let key: String

  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}

/// Why a certificate cannot be served with: which file, and what to do about it.
package struct CertificateProblem: Error, Sendable, Equatable, CustomStringConvertible {
  package let path: String
  package let explanation: String

  package var description: String { "\(path) \(explanation)" }
}

/// A certificate with its key, proven to belong together.
package struct CertificatePair: Sendable {
  /// What connections are opened with.
  let context: NIOSSLContext
  /// Host names it is good for, in lower case; `*.` stands for one label.
  package let names: [String]
  package let notBefore: Date
  package let notAfter: Date
  /// The certificate's public key, by which a client that can read the file knows the server: `sha256//` and the
  /// hash in base64, as curl writes it.
  package let pin: String

  private static let maxBytes = 1 << 20

  /// Reads both files.
  package init(_ files: CertificateFiles) throws(CertificateProblem) {
    try self.init(Contents(files), files)
  }

  /// What the files hold, to be compared.
  struct Contents: Equatable {
    let certificate: [UInt8]
    let key: [UInt8]

    init(_ files: CertificateFiles) throws(CertificateProblem) {
      certificate = try Self.read(files.certificate)
      key = try Self.read(files.key)
    }

    private static func read(_ path: String) throws(CertificateProblem) -> [UInt8] {
      do {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? handle.close() }
        let data = try handle.read(upToCount: maxBytes + 1) ?? Data()
        guard data.count <= maxBytes else {
          throw CertificateProblem(path: path, explanation: "is larger than \(maxBytes) bytes")
        }
        return Array(data)
      } catch let problem as CertificateProblem {
        throw problem
      } catch {
        throw CertificateProblem(path: path, explanation: "cannot be read by this user: \(reason(error))")
      }
    }

    private static func reason(_ error: any Error) -> String {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError
      return cause.map { String(cString: strerror($0.code.rawValue)) } ?? error.localizedDescription
    }
  }

  init(_ contents: Contents, _ files: CertificateFiles) throws(CertificateProblem) {
    let chain = try Self.chain(contents.certificate, files.certificate)
    let key = try Self.key(contents.key, files.key)
    guard let own = chain.first else {
      throw CertificateProblem(path: files.certificate, explanation: Self.noCertificate)
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    do {
      context = try NIOSSLContext(configuration: configuration)
      pin =
        "sha256//" + Data(SHA256.hash(data: try own.extractPublicKey().toSPKIBytes())).base64EncodedString()
    } catch {
      throw CertificateProblem(
        path: files.key,
        explanation:
          "is not the key of the first certificate in \(files.certificate); name the two that belong together"
      )
    }
    names = Self.names(of: own)
    notBefore = Date(timeIntervalSince1970: Double(own.notValidBefore))
    notAfter = Date(timeIntervalSince1970: Double(own.notValidAfter))
  }

  private static let noCertificate = "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)"

  private static func chain(
    _ bytes: [UInt8], _ path: String
  ) throws(CertificateProblem) -> [NIOSSLCertificate] {
    do { return try NIOSSLCertificate.fromPEMBytes(bytes) } catch {
      throw CertificateProblem(path: path, explanation: "\(noCertificate), or is cut off")
    }
  }

  private static func key(_ bytes: [UInt8], _ path: String) throws(CertificateProblem) -> NIOSSLPrivateKey {
    // Without a terminal nobody could be asked for its passphrase.
    guard !String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED") else {
      throw CertificateProblem(
        path: path, explanation: "is encrypted; write it without its passphrase: openssl pkey -in … -out …")
    }
    do { return try NIOSSLPrivateKey(bytes: bytes, format: .pem) } catch {
      throw CertificateProblem(
        path: path, explanation: "holds no private key in PEM (-----BEGIN PRIVATE KEY-----), or is cut off")
    }
  }

  private static func names(of certificate: NIOSSLCertificate) -> [String] {
    certificate._subjectAlternativeNames().filter { $0.nameType == .dnsName }.map { name in
      name.contents.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self).lowercased() }
    }
  }

  /// Whether it is good for a host, given in lower case.
  func isFor(_ host: String) -> Bool {
    let dot = host.firstIndex(of: ".").flatMap { $0 > host.startIndex ? $0 : nil }
    let parent = dot.map { "*" + host[$0...] }
    return names.contains { $0 == host || $0 == parent }
  }
}
