package import Conversation
import Foundation
package import Store

/// What a backup says of itself, in its first entry, `manifest.json`.
package struct BackupManifest: Codable, Sendable, Equatable {
  /// The layout described on the room's page.
  package static let currentFormat = 1
  static let name = "manifest.json"
  static let maxBytes = 1 << 20

  package var format: Int
  package var createdAt: Timestamp
  /// The version of the program that made it.
  package var program: String
  package var host: String
  package var database: DatabaseFacts
  package var databaseBytes: Int
  package var blobs: Int
  package var blobBytes: Int
  package var secretKey: SecretKey
  package var indexes: Int
  package var indexBytes: Int

  /// Whether the key that stored secrets are sealed with is in it.
  package enum SecretKey: String, Codable, Sendable {
    /// No secret was stored.
    case none
    case included
    /// A backup that anybody can read must not open what the database keeps sealed.
    case leftOut = "left_out"
  }

  /// Bytes it takes when it is put back.
  package var restoredBytes: Int { databaseBytes + blobBytes + indexBytes }

  func encoded() throws(BackupError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do { return Array(try encoder.encode(self)) } catch { throw BackupError(error) }
  }

  /// - Throws: `.notABackup`, `.tooNew` for a format of a later version.
  init(parsing bytes: [UInt8]) throws(BackupError) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    struct Head: Decodable {
      var format: Int
      var program: String
    }
    do {
      let head = try decoder.decode(Head.self, from: Data(bytes))
      guard head.format <= Self.currentFormat else { throw BackupError.tooNew(madeBy: head.program) }
      self = try decoder.decode(Self.self, from: Data(bytes))
    } catch let error as BackupError {
      throw error
    } catch {
      throw .notABackup(why: "its manifest makes no sense")
    }
  }

  init(
    program: String, database: DatabaseFacts, databaseBytes: Int, secretKey: SecretKey, blobs: [BackedUpFile],
    indexes: [BackedUpFile]
  ) {
    format = Self.currentFormat
    createdAt = .now
    self.program = program
    host = ProcessInfo.processInfo.hostName
    self.database = database
    self.databaseBytes = databaseBytes
    self.secretKey = secretKey
    self.blobs = blobs.count
    blobBytes = blobs.reduce(0) { $0 + $1.sizeBytes }
    self.indexes = indexes.count
    indexBytes = indexes.reduce(0) { $0 + $1.sizeBytes }
  }
}
