import Foundation

extension AWSCredentials {
  /// A file of credentials is a few lines.
  private static let fileBytes = 256 << 10

  /// Those of a profile in `~/.aws/credentials` or the file that `AWS_SHARED_CREDENTIALS_FILE` names; nil when
  /// there is none. Read anew at each call, since tools put fresh temporary ones there.
  /// Source: docs.aws.amazon.com/sdkref/latest/guide/file-format.html, November 2026.
  static func inFile(at path: String, profile: String) -> AWSCredentials? {
    guard let handle = FileHandle(forReadingAtPath: path),
      let data = try? handle.read(upToCount: fileBytes)
    else { return nil }
    return parsed(String(decoding: data, as: UTF8.self), profile: profile)
  }

  static func parsed(_ text: String, profile: String) -> AWSCredentials? {
    var section = ""
    var values: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix("["), line.hasSuffix("]") {
        section = line.dropFirst().dropLast().trimmingCharacters(in: .whitespaces)
      } else if section == profile, let equals = line.firstIndex(of: "="), !line.hasPrefix("#") {
        let name = line[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
        values[name] = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
      }
    }
    guard let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
      return nil
    }
    return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: values["aws_session_token"])
  }
}
