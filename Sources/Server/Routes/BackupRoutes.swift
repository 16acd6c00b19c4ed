import Conversation
import Engine
import Foundation
import Hummingbird
import Store

/// Backups, as administrators see to them: made, proven, removed; never read.
struct BackupRoutes: Sendable {
  let monitoring: Monitoring

  func list(_ call: Call, _ caller: Caller) async throws -> Response {
    let page = try call.page()
    return try .json(Array(control().list().dropFirst(page.offset).prefix(page.limit)))
  }

  /// When they are made by themselves, and how far what is under way has come.
  func status(_ call: Call, _ caller: Caller) async throws -> Response {
    let control = try control()
    return try .json(BackupStatusReply(plan: control.plan, job: control.job()))
  }

  func start(_ call: Call, _ caller: Caller) async throws -> Response {
    try await call.skipBody()
    return try begin(.backup, named: nil)
  }

  func verify(_ call: Call, _ caller: Caller) async throws -> Response {
    try await call.skipBody()
    return try begin(.verify, named: item(of: call).name)
  }

  private func begin(_ kind: BackupControl.Job.Kind, named name: String?) throws -> Response {
    guard let job = try control().begin(kind, name) else {
      throw Refusal(.conflict, "A backup is being made or verified. Wait for it, or cancel it")
    }
    return try .json(job)
  }

  func cancel(_ call: Call, _ caller: Caller) async throws -> Response {
    try await call.skipBody()
    let control = try control()
    guard control.job()?.isUnderWay ?? false else {
      throw Refusal(.conflict, "No backup is being made or verified")
    }
    control.cancel()
    return .done
  }

  func delete(_ call: Call, _ caller: Caller) async throws -> Response {
    let control = try control()
    let item = try item(of: call)
    if let job = control.job(), job.isUnderWay, job.name == item.name {
      throw Refusal(.conflict, "This backup is being verified. Wait for it, or cancel it")
    }
    guard control.delete(item.name) else { throw Self.notFound }
    return .done
  }

  /// Only what is listed has a name; no path is made of what somebody sent.
  private func item(of call: Call) throws -> BackupControl.Item {
    let name = call.parameters["name"]
    guard let item = try control().list().first(where: { $0.name == name }) else { throw Self.notFound }
    return item
  }

  private func control() throws -> BackupControl {
    guard let control = monitoring.backups else { throw Self.notFound }
    return control
  }

  private static var notFound: Refusal { Refusal(.notFound, "Backup not found") }
}

private struct BackupStatusReply: Encodable {
  var plan: BackupControl.Plan
  var job: BackupControl.Job?
}
