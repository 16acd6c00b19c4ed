package import Store

/// Why a backup could not be made, read or put back. A case is what the person can do about it.
package enum BackupError: Error, Sendable, Equatable {
  /// There is no database in that directory: name the one the daemon uses.
  case nothingThere(directory: String)
  /// The file is no backup of this program.
  case notABackup(why: String)
  /// It is encrypted: give the passphrase it was made with.
  case passphraseNeeded
  case wrongPassphrase
  /// It was cut off or changed: take another one.
  case damaged(String)
  /// A newer version made it: restore it with that version.
  case tooNew(madeBy: String)
  /// Data is there already: choose an empty directory, or say that it may be put aside.
  case occupied(directory: String)
  case noRoom(neededBytes: Int, freeBytes: Int, directory: String)
  case file(path: String, cause: String)
  /// Somebody said stop; nothing was changed.
  case cancelled
  case store(StoreError)
}

/// Told bytes done and in all, many times a second; what it throws ends the work.
package typealias BackupProgress = (_ done: Int, _ total: Int) throws(BackupError) -> Void

extension BackupError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .nothingThere(let directory):
      "There is no database in \(directory). Name the data directory with --data or data_dir."
    case .notABackup(let why): "This is no backup of opengpts: \(why)."
    case .passphraseNeeded:
      "The backup is encrypted. Give its passphrase with --passphrase-file, or in OPENGPTS_BACKUP_PASSPHRASE."
    case .wrongPassphrase: "The passphrase is not the one the backup was made with."
    case .damaged(let what): "The backup is damaged: \(what). Take another one."
    case .tooNew(let version):
      "The backup was made by version \(version), whose data this version cannot read. Install that version first."
    case .occupied(let directory):
      "\(directory) holds data already. Restore into an empty directory, or say --force: what is there is then put "
        + "aside, not deleted."
    case .noRoom(let needed, let free, let directory):
      "\(needed >> 20) MB are needed on the disk of \(directory), and \(free >> 20) MB are free."
    case .file(let path, let cause): "\(path): \(cause)."
    case .cancelled: "It was stopped before its end. Nothing was changed."
    case .store(.inUse(let path)):
      "A daemon serves this directory (\(path)). Stop it first: systemctl stop opengpts."
    case .store(let error): "\(error)"
    }
  }

  init(_ error: any Error) {
    switch error {
    case let error as BackupError: self = error
    case let error as StoreError: self = .store(error)
    default: self = .file(path: "the backup", cause: "\(error)")
    }
  }
}
