import Foundation

/// Pictures that tools bring.
enum Pictures {
  /// By the first bytes, whatever they are called; nil for what browsers do not show as a plain picture.
  static func mediaType(of bytes: Data) -> String? {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return "image/webp"
    }
    return nil
  }
}
