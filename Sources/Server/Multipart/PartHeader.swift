import Foundation

/// The header fields of one part of a form, as far as they matter.
struct PartHeader: Equatable {
  /// The form field.
  var name: String
  /// Nil for a field that is no file.
  var fileName: String?
  var mediaType: String?

  init(name: String, fileName: String? = nil, mediaType: String? = nil) {
    self.name = name
    self.fileName = fileName
    self.mediaType = mediaType
  }

  /// Reads `Content-Disposition` and `Content-Type`; nil when there is no field name.
  init?(_ bytes: some Collection<UInt8>) {
    var disposition: [String: String] = [:]
    var mediaType: String?
    for line in String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      switch line[..<colon].lowercased() {
      case "content-disposition": disposition = Self.parameters(of: value)
      case "content-type": mediaType = value.mediaTypeName
      default: break
      }
    }
    guard let name = disposition["name"] else { return nil }
    let fileName = disposition["filename*"].flatMap(Self.decoded) ?? disposition["filename"]
    self.init(name: name, fileName: fileName, mediaType: mediaType)
  }

  /// `form-data; name="a"; filename="b"`. Browsers write a quotation mark in a name as `%22`, others as `\"`.
  static func parameters(of value: String) -> [String: String] {
    var parameters: [String: String] = [:]
    var rest = value.drop { $0 != ";" }
    while rest.first == ";" {
      let name = rest.dropFirst().prefix { $0 != "=" && $0 != ";" }
      rest = rest[name.endIndex...]
      guard rest.first == "=" else { continue }
      let (text, end) = parameterValue(rest.dropFirst())
      parameters[name.trimmingCharacters(in: .whitespaces).lowercased()] = text
      rest = rest[end...].drop { $0 != ";" }
    }
    return parameters
  }

  private static func parameterValue(_ text: Substring) -> (String, Substring.Index) {
    guard text.first == "\"" else {
      let plain = text.prefix { $0 != ";" }
      return (plain.trimmingCharacters(in: .whitespaces), plain.endIndex)
    }
    var value = ""
    var index = text.index(after: text.startIndex)
    while index < text.endIndex, text[index] != "\"" {
      let next = text.index(after: index)
      if text[index] == "\\", next < text.endIndex, text[next] == "\"" || text[next] == "\\" { index = next }
      value.append(text[index])
      index = text.index(after: index)
    }
    return (value.replacingOccurrences(of: "%22", with: "\""), index)
  }

  /// RFC 5987: `UTF-8''na%C3%AFve.txt`.
  private static func decoded(_ text: String) -> String? {
    let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
    return String(parts[2]).removingPercentEncoding
  }
}
