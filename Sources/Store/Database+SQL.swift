import Conversation
import Foundation
import GRDB

/// A value in a row: what the nouns are made of, as SQLite keeps it.
enum Cell {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
}

/// What can be bound to a `?`.
protocol Bindable {
  var cell: Cell { get }
}

extension String: Bindable {
  /// SQLite's text ends at its first NUL, so that a longer name could pass for a shorter one: each NUL is
  /// kept as U+FFFD, which leaves every offset as it is.
  var cell: Cell { .text(utf8.contains(0) ? String(unicodeScalars: self) : self) }

  private init(unicodeScalars text: String) {
    var scalars = UnicodeScalarView()
    scalars.append(contentsOf: text.unicodeScalars.lazy.map { $0 == "\0" ? "\u{FFFD}" : $0 })
    self.init(scalars)
  }
}

extension Int: Bindable { var cell: Cell { .integer(Int64(self)) } }
extension Int64: Bindable { var cell: Cell { .integer(self) } }
extension Bool: Bindable { var cell: Cell { .integer(self ? 1 : 0) } }
extension Identifier: Bindable { var cell: Cell { .text(description) } }
extension Timestamp: Bindable { var cell: Cell { .text(description) } }
extension JSON: Bindable { var cell: Cell { .text(text) } }
extension [UInt8]: Bindable { var cell: Cell { .blob(self) } }
extension Optional: Bindable where Wrapped: Bindable {
  var cell: Cell { map(\.cell) ?? .null }
}

extension Database {
  /// Runs `body` in a transaction, which is rolled back when it throws.
  func transaction<Value>(_ body: (Database) throws -> Value) throws -> Value {
    // SQLite would follow the null pointer.
    guard sqliteConnection != nil else { throw StoreError.unavailable(cause: "it was closed") }
    var value: Result<Value, StoreError> = .failure(.unavailable(cause: "nothing was done"))
    try inTransaction(.immediate) {
      value = .success(try body(self))
      return .commit
    }
    return try value.get()
  }

  /// The rows of a query whose text is fixed: it is compiled once per connection.
  func rows(_ sql: String, _ values: any Bindable...) throws -> [Row] {
    try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments(values))
  }

  /// The first row of a query, if it has any.
  func row(_ sql: String, _ values: any Bindable...) throws -> Row? {
    try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments(values))
  }

  /// Each row of a query as it is read; it is no longer valid when `body` returns.
  func eachRow(_ sql: String, _ values: any Bindable..., body: (Row) throws -> Void) throws {
    let cursor = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments(values))
    while let row = try cursor.next() { try body(row) }
  }

  /// Carries out a statement.
  /// - Returns: how many rows it inserted, updated or deleted, not counting what that set off.
  @discardableResult
  func run(_ sql: String, _ values: any Bindable...) throws -> Int {
    try cachedStatement(sql: sql).execute(arguments: arguments(values))
    return changesCount
  }

  private func arguments(_ values: [any Bindable]) -> StatementArguments {
    StatementArguments(values.map(\.cell.databaseValue))
  }
}

extension Cell {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let value): value.databaseValue
    case .text(let value): value.databaseValue
    case .blob(let bytes): Data(bytes).databaseValue
    }
  }
}

extension Row {
  func text(_ column: Int) throws(StoreError) -> String {
    guard let value = try optionalText(column) else { throw damaged(column) }
    return value
  }

  func optionalText(_ column: Int) throws(StoreError) -> String? {
    let value = databaseValue(column)
    if value.isNull { return nil }
    guard let text = String.fromDatabaseValue(value) else { throw damaged(column) }
    return text
  }

  func integer(_ column: Int) throws(StoreError) -> Int {
    guard let value = try optionalInteger(column) else { throw damaged(column) }
    return value
  }

  func optionalInteger(_ column: Int) throws(StoreError) -> Int? {
    let value = databaseValue(column)
    if value.isNull { return nil }
    guard let integer = Int.fromDatabaseValue(value) else { throw damaged(column) }
    return integer
  }

  func blob(_ column: Int) throws(StoreError) -> [UInt8] {
    guard let data = Data.fromDatabaseValue(databaseValue(column)) else { throw damaged(column) }
    return Array(data)
  }

  func optionalBlob(_ column: Int) throws(StoreError) -> [UInt8]? {
    databaseValue(column).isNull ? nil : try blob(column)
  }

  func number(_ column: Int) throws(StoreError) -> Double {
    guard let number = Double.fromDatabaseValue(databaseValue(column)) else { throw damaged(column) }
    return number
  }

  func bool(_ column: Int) throws(StoreError) -> Bool {
    try integer(column) != 0
  }

  func identifier<Noun>(_ column: Int) throws(StoreError) -> Identifier<Noun> {
    guard let id = try optionalIdentifier(column) as Identifier<Noun>? else { throw damaged(column) }
    return id
  }

  func optionalIdentifier<Noun>(_ column: Int) throws(StoreError) -> Identifier<Noun>? {
    guard let text = try optionalText(column) else { return nil }
    guard let id = Identifier<Noun>(text) else { throw damaged(column) }
    return id
  }

  func timestamp(_ column: Int) throws(StoreError) -> Timestamp {
    guard let timestamp = Timestamp(try text(column)) else { throw damaged(column) }
    return timestamp
  }

  func optionalTimestamp(_ column: Int) throws(StoreError) -> Timestamp? {
    try optionalText(column) == nil ? nil : timestamp(column)
  }

  /// A value kept as its name.
  func value<Value: RawRepresentable<String>>(_ column: Int) throws(StoreError) -> Value {
    guard let value = Value(rawValue: try text(column)) else { throw damaged(column) }
    return value
  }

  func json(_ column: Int) throws -> JSON {
    try JSON(parsing: text(column))
  }

  private func databaseValue(_ column: Int) -> DatabaseValue {
    self[column]
  }

  private func damaged(_ column: Int) -> StoreError {
    .corrupt(cause: "column \(Array(columnNames)[column]) has a value that makes no sense")
  }
}
