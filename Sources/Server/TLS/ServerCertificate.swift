package import Engine
package import Foundation
import Logging
package import Metering
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The certificate the server shows, and the files it is taken from anew when they change.
///
/// A pair that is wrong, or only half exchanged, leaves the one that is in use; connections that are open keep
/// theirs either way.
package final class ServerCertificate: Sendable {
  private struct State {
    var pair: CertificatePair
    var contents: CertificatePair.Contents
    /// What is wrong with the files as they are now.
    var problem: CertificateProblem?
  }

  private let files: CertificateFiles
  private let state: Mutex<State>

  /// - Throws: what is wrong with the files.
  package init(_ files: CertificateFiles) throws(CertificateProblem) {
    self.files = files
    let contents = try CertificatePair.Contents(files)
    state = Mutex(State(pair: try CertificatePair(contents, files), contents: contents))
  }

  /// The one in use.
  package var pair: CertificatePair { state.withLock { $0.pair } }

  /// What a look at the files has shown.
  package enum Change: Sendable {
    case none
    /// From now on connections are opened with it.
    case taken(CertificatePair)
    /// The one in use stays.
    case refused(CertificateProblem)
  }

  /// Looks at the files, and takes what they hold into use if it is another pair, and right.
  package func refresh() -> Change {
    state.withLock { state in
      do throws(CertificateProblem) {
        let contents = try CertificatePair.Contents(files)
        guard contents != state.contents else {
          state.problem = nil
          return .none
        }
        state.pair = try CertificatePair(contents, files)
        (state.contents, state.problem) = (contents, nil)
        return .taken(state.pair)
      } catch {
        defer { state.problem = error }
        return state.problem == error ? .none : .refused(error)
      }
    }
  }
}

// MARK: State

extension ServerCertificate {
  /// Seconds before its end from which on somebody should see to it: those that renew by themselves have done so.
  package static let lateSeconds = 14.0 * 86_400

  /// For `/readyz`. A certificate that has expired keeps nobody from their data who insists, so that it is no failure.
  package var status: PartStatus {
    let (pair, problem) = state.withLock { ($0.pair, $0.problem) }
    let detail = pair.description(at: Date()) + (problem.map { " The new one is not in use: \($0)." } ?? "")
    let isWell = problem == nil && pair.isGood(at: Date(), forSeconds: Self.lateSeconds)
    return PartStatus(name: "certificate", state: isWell ? .ok : .degraded, detail: detail)
  }

  package func measure(into exposition: inout Exposition) {
    exposition.gauge(
      "tls_certificate_expiry_timestamp_seconds", "When the certificate expires.",
      pair.notAfter.timeIntervalSince1970)
    exposition.gauge(
      "tls_certificate_refused", "Whether the files hold a pair that cannot be used.",
      state.withLock { $0.problem == nil ? 0 : 1 })
  }
}

extension CertificatePair {
  package func isGood(at time: Date, forSeconds seconds: Double = 0) -> Bool {
    notBefore <= time && notAfter > time.addingTimeInterval(seconds)
  }

  /// For a person.
  package func description(at time: Date) -> String {
    let name = names.first.map { " for \($0)" } ?? ""
    if notBefore > time { return "It is good\(name) only from \(notBefore.formatted(.iso8601)) on." }
    if notAfter <= time { return "It has expired\(name) on \(notAfter.formatted(.iso8601)): renew it." }
    return "It is good\(name) until \(notAfter.formatted(.iso8601))."
  }
}

/// Looks after a certificate's files: their change is noticed within ten seconds.
struct CertificateWatch: Service {
  static let lookSeconds = 10.0

  let certificate: ServerCertificate
  let logger: Logger

  func run() async throws {
    warn(certificate.pair)
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: .seconds(Self.lookSeconds))) != nil {
        switch certificate.refresh() {
        case .none: continue
        case .taken(let pair):
          logger.notice(
            "a new certificate is in use", metadata: ["certificate": "\(pair.description(at: Date()))"])
          warn(pair)
        case .refused(let problem):
          logger.error("the new certificate is wrong; the old one stays", metadata: ["cause": "\(problem)"])
        }
      }
    }
  }

  private func warn(_ pair: CertificatePair) {
    guard !pair.isGood(at: Date(), forSeconds: ServerCertificate.lateSeconds) else { return }
    logger.warning("see to the certificate", metadata: ["certificate": "\(pair.description(at: Date()))"])
  }
}
