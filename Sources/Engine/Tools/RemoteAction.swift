import Transport

/// What the tools have in common that others define.
enum RemoteAction {
  /// Of a description: it is repeated in every request to the model.
  static let descriptionCharacters = 1_000
  /// Arguments of one action.
  static let arguments = 64
}

extension RemoteService {
  /// The same, with less time: for what a run waits for before it begins.
  func hurried(seconds: Double) -> RemoteService {
    var hurried = self
    hurried.deadlines = Deadlines(
      connectSeconds: min(5, seconds), firstByteSeconds: seconds, idleSeconds: seconds, totalSeconds: seconds)
    return hurried
  }
}

extension String {
  /// As models and their vendors accept names of functions: at most 64 of `a-z A-Z 0-9 _ -`.
  var asFunctionName: String {
    let name = map { $0.isASCII && ($0.isLetter || $0.isNumber) || "_-".contains($0) ? $0 : "_" }
    return String(name.prefix(64))
  }
}
