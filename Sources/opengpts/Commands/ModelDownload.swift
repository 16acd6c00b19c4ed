import Foundation
import Transport

/// Turns a model's source into something on the disk.
enum ModelDownload {
  /// The largest archive that is fetched; the known model's is 83 MB.
  private static let maxBytes = 1 << 30
  /// For a slow line: an hour at 25 KB/s.
  private static let deadlines = Deadlines(totalSeconds: 3600)

  /// Hands `use` the source itself if it is a path; fetches an http or https address to a file first,
  /// and removes it afterwards.
  static func withFile(
    from source: String, in directory: String, _ use: (String) throws(ModelInstallError) -> Void
  ) async throws(ModelInstallError) {
    guard source.hasPrefix("http://") || source.hasPrefix("https://") else { return try use(source) }
    let path = "\(directory)/.download-\(UUID().uuidString)"
    defer { unlink(path) }
    do { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) } catch
    {
      throw .storage(directory, "cannot be made")
    }
    let output = try OutputFile(path, maxBytes: maxBytes)
    let client = HTTPClient(policy: .trusted)
    try await fetch(source, with: client, to: output)
    await client.shutdown()
    try use(path)
  }

  private static func fetch(
    _ url: String, with client: HTTPClient, to output: OutputFile
  ) async throws(ModelInstallError) {
    let response: HTTPResponse
    do {
      response = try await client.send(HTTPRequest(url: url, deadlines: deadlines, maxBodyBytes: maxBytes))
    } catch { throw .download("\(error)") }
    guard response.status == 200 else { throw .download("status \(response.status)") }
    var pieces = response.body.makeAsyncIterator()
    while true {
      let piece: [UInt8]?
      do { piece = try await pieces.next() } catch { throw .download("\(error)") }
      guard let piece else { return try output.finish() }
      try output.write(piece)
    }
  }
}
