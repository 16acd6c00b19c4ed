import Foundation
import Store

/// A file of the data directory that goes into a backup.
struct BackedUpFile {
  /// As in the archive: `blobs/<hash>`.
  let name: String
  let path: String
  let sizeBytes: Int

  init(name: String, path: String) {
    self.name = name
    self.path = path
    sizeBytes = Directory.size(of: path)
  }

  /// What the bytes of a blob have to hash to; nil for other files.
  var blobHash: String? {
    name.hasPrefix("blobs/") ? String(name.dropFirst("blobs/".count)) : nil
  }

  /// Those of a folder whose names are wanted, in order of their names.
  static func all(in folder: String, of directory: String, where isWanted: (String) -> Bool) -> [BackedUpFile]
  {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(folder)")) ?? []
    return names.filter(isWanted).sorted().map { name in
      BackedUpFile(name: "\(folder)/\(name)", path: "\(directory)/\(folder)/\(name)")
    }
  }
}
