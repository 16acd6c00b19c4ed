package import Conversation
import GRDB

/// Why the store could not do it. A case is what the caller can do about it.
package enum StoreError: Error, Sendable, Equatable {
  /// There is no such row, or it is somebody else's: the two are told apart by nobody.
  case notFound
  /// The assistant a thread is to be saved with does not exist.
  case assistantNotFound
  /// That run of the thread is still open: wait for it, or stop it.
  case threadBusy(Identifier<Run>)
  /// Somebody or something else has that name: choose another.
  case taken(String)
  /// It would leave nobody who sees to users: make another admin first.
  case lastAdmin
  /// The user may take no more of that: it says when, or what to do.
  case overBudget(BudgetExcess)
  /// A newer version wrote this database: start that version, or go back to the copy from before it.
  case newerSchema(NewerSchema)
  /// The database was to be brought up to date, and nothing was begun.
  case upgradeRefused(cause: String)
  /// A step of the upgrade failed and all were undone: start the version that wrote it.
  case upgradeFailed(UpgradeFailure)
  /// Another process has this store open.
  case inUse(path: String)
  /// The medium is full: reading goes on, writing works again once there is room.
  case diskFull
  /// The user's files take as much room as they may: delete some, or raise what they may.
  case quotaExceeded(usedBytes: Int, limitBytes: Int)
  /// The file or a row is damaged: restore a backup.
  case corrupt(cause: String)
  /// A flush failed, so nobody knows what the medium holds: end the process; a start recovers.
  case notDurable(cause: String)
  /// Anything else, e.g. missing rights or a store that was closed.
  case unavailable(cause: String)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound: "there is no such thing"
    case .assistantNotFound: "there is no such assistant"
    case .threadBusy(let run): "the thread is busy with run \(run)"
    case .taken(let name): "\(name) is taken"
    case .overBudget(let excess): excess.message
    case .lastAdmin: "nobody would be left who sees to users"
    case .newerSchema(let newer): newer.description
    case .upgradeRefused(let cause): "the database was not brought up to date: \(cause)"
    case .upgradeFailed(let failure): failure.description
    case .inUse(let path): "another process has \(path) open"
    case .diskFull: "the disk is full"
    case .quotaExceeded(let used, let limit): "the files take \(used) of \(limit) bytes"
    case .corrupt(let cause): "the database is damaged: \(cause)"
    case .notDurable(let cause): "the disk failed to keep what was written: \(cause)"
    case .unavailable(let cause): "the database cannot be used: \(cause)"
    }
  }
}

/// A database that this version is too old for.
package struct NewerSchema: Sendable, Equatable, CustomStringConvertible {
  package var found: Int
  package var known: Int
  /// The program that made it so; nil where it did not say.
  package var writtenBy: String?
  /// The newest copy this version can read, if one was kept.
  package var snapshot: String?

  package var description: String {
    let newer = writtenBy.map { "version \($0), which wrote it," } ?? "the newer version"
    let back =
      snapshot.map {
        "go back to the copy from before its upgrade, without what was written since: "
          + "`opengpts migrate back \($0)`"
      } ?? "restore a backup from before it"
    return "the database has schema \(found), but this version knows only schemas up to \(known): start "
      + "\(newer) again, or \(back)"
  }
}

/// An upgrade that did not come about.
package struct UpgradeFailure: Sendable, Equatable, CustomStringConvertible {
  /// The migration that failed.
  package var step: String
  package var cause: String
  /// The program that wrote the database; nil where it did not say.
  package var writtenBy: String?
  /// The copy from before; nil for a database that was new.
  package var snapshot: String?

  package var description: String {
    "the upgrade of the database failed at \(step) and was undone; the data is as it was (\(cause)). "
      + "Start \(writtenBy.map { "version \($0)" } ?? "the version you had before") again"
      + (snapshot.map { "; a copy from before the upgrade is \($0)" } ?? "")
  }
}

extension StoreError {
  init(_ error: any Error) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError: self.init(error)
    case is DecodingError: self = .corrupt(cause: "\(error)")
    default: self = .unavailable(cause: "\(error)")
    }
  }

  private init(_ error: DatabaseError) {
    let cause = error.description
    switch error.extendedResultCode {
    case .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC: self = .notDurable(cause: cause)
    case .SQLITE_CONSTRAINT_FOREIGNKEY: self = .notFound
    default:
      switch error.resultCode {
      case .SQLITE_FULL: self = .diskFull
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(cause: cause)
      default: self = .unavailable(cause: cause)
      }
    }
  }
}
