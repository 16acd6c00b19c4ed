import CWeb
import Foundation
import NIOCore

/// The page that the program carries.
///
/// Its documents name every file below `/assets/<fingerprint of all>/`, so that a browser may keep a file for
/// ever: whatever changes, the name of everything does. Modules name each other relatively, and so stay among
/// their own kind; a page of another version finds its files gone, and says that there is a newer one.
struct EmbeddedPage: Sendable {
  static let shared = EmbeddedPage()

  /// By path without a leading slash.
  private let files: [String: WebFile]
  private let hashedFiles: [String: WebFile]
  private let fingerprint: String

  private init() {
    let assets = Self.assets
    let fingerprint = Self.fingerprint(of: assets)
    let names = Set(assets.map(\.name))
    self.fingerprint = fingerprint
    files = Dictionary(
      assets.map { asset in
        guard asset.name.hasSuffix(".html") else {
          return (asset.name, WebFile(name: asset.name, bytes: asset.bytes))
        }
        let document = Self.document(asset.bytes, below: "/assets/\(fingerprint)/", naming: names)
        return (asset.name, WebFile(name: asset.name, bytes: document))
      }
    ) { first, _ in first }
    hashedFiles = Dictionary(
      assets.map { ($0.name, WebFile(name: $0.name, bytes: $0.bytes, isForEver: true)) }
    ) { first, _ in first }
  }

  /// - Parameter names: the parts of the path.
  func file(at names: [String]) -> WebFile? {
    if names.count > 2, names[0] == "assets" {
      return names[1] == fingerprint ? hashedFiles[names.dropFirst(2).joined(separator: "/")] : nil
    }
    return files[names.joined(separator: "/")]
  }

  private static let assets: [(name: String, bytes: ByteBuffer)] = (0..<cweb_asset_count()).compactMap {
    index in
    let asset = cweb_asset_at(index)
    guard asset.length > 0, let path = asset.path.map({ String(cString: $0) })?.dropFirst() else {
      return nil
    }
    // SAFETY: the bytes are the program's own, there and unchanged as long as it runs.
    return (String(path), ByteBuffer(bytes: UnsafeBufferPointer(start: asset.bytes, count: asset.length)))
  }

  private static func fingerprint(of assets: [(name: String, bytes: ByteBuffer)]) -> String {
    var hash = WebFile.emptyFingerprint
    for asset in assets {
      hash = WebFile.fingerprint(asset.name.utf8, from: hash)
      hash = WebFile.fingerprint(asset.bytes.readableBytesView, from: hash)
    }
    return String(hash, radix: 16)
  }

  /// The document with each `src="/…"` and `href="/…"` that names a file of the page led below `prefix`.
  private static func document(_ bytes: ByteBuffer, below prefix: String, naming names: Set<String>)
    -> ByteBuffer
  {
    let text = String(buffer: bytes).replacing(/(src|href)="\/([^"]+)"/) { match in
      names.contains(String(match.2)) ? "\(match.1)=\"\(prefix)\(match.2)\"" : String(match.0)
    }
    return ByteBuffer(string: text)
  }
}
