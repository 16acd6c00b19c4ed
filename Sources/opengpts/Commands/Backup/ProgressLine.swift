import Backup
import Foundation

/// How far a long piece of work has come, on a terminal and nowhere else.
final class ProgressLine {
  private let work: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private var percent = -1

  init(_ work: String) {
    self.work = work
  }

  func show(done: Int, total: Int) {
    let now = total > 0 ? min(100, 100 * done / total) : 100
    guard isShown, now != percent else { return }
    percent = now
    FileHandle.standardError.write(Data("\r\(work): \(now) %".utf8))
  }

  func end() {
    guard isShown, percent >= 0 else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
  }
}
