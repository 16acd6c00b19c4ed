import Conversation
import Engine
import Foundation
import Hummingbird
import Store

/// What models were used for, and what it cost.
struct UsageRoutes: Sendable {
  let engine: Engine

  /// One's own use; an administrator may ask for everybody's.
  func usage(_ call: Call, _ caller: Caller) async throws -> Response {
    let grouping = try call.choice("group_by", default: UsageGrouping.day)
    let everybody = try call.choice("scope", default: Scope.own) == .everybody
    if everybody || grouping == .user, caller.role < .admin {
      throw Refusal(.forbidden, "Only administrators may see what others used")
    }
    let scope = UsageScope(
      user: everybody ? nil : caller.user.id, firstDay: try call.day("from"), lastDay: try call.day("to"))
    return try .json(
      UsageReply(
        groupBy: grouping.rawValue, total: await engine.store.usageTotal(in: scope),
        items: await engine.store.usage(by: grouping, in: scope, page: call.page())))
  }

  enum Scope: String, CaseIterable {
    case own, everybody
  }
}

private struct UsageReply: Encodable {
  var groupBy: String
  var total: UsageTotal
  var items: [UsageTotal]

  private enum CodingKeys: String, CodingKey {
    case total, items
    case groupBy = "group_by"
  }
}

extension Call {
  /// One of a few words of the query.
  fileprivate func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, default standard: Choice
  ) throws(ValidationError) -> Choice {
    guard let text = query(name) else { return standard }
    if let choice = Choice(rawValue: text) { return choice }
    let expected = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    throw rejected(name, text, as: "enum", "Input should be one of \(expected)")
  }

  /// A day like 2026-11-24.
  fileprivate func day(_ name: String) throws(ValidationError) -> String? {
    guard let text = query(name) else { return nil }
    guard text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil,
      (try? Date("\(text)T00:00:00Z", strategy: .iso8601)) != nil
    else { throw rejected(name, text, as: "date_from_datetime_parsing", "Input should be a valid date") }
    return text
  }
}
