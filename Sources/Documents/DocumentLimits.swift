/// What one file may cost. The defaults serve a machine with 1 GB to spare for two parsers.
package struct DocumentLimits: Sendable, Equatable, Codable {
  /// Twice the largest upload the server takes by default.
  package var fileBytes = 100 << 20
  /// A shelf of books: the largest plain text that is still one document.
  package var textBytes = 32 << 20
  package var pages = 5_000
  /// A heading costs a chunk at most, and its title is kept in memory.
  package var headings = 20_000
  /// Office files have tens; the directory of an archive is read into memory.
  package var archiveEntries = 10_000
  /// Documents read out of one archive or mail: a folder of a working group, not a mail server's store.
  package var parts = 1_000
  /// Archives in archives, mails in mails: what people send has one or two.
  package var nesting = 4
  /// Counted while unpacking, whatever the archive declares. XML is about ten times its text.
  package var unpackedBytes = 192 << 20
  /// Address space of a parser process: the file, its unpacked parts and the text at once.
  package var memoryBytes = 1 << 30
  package var processorSeconds = 20
  /// From start to result, waiting for a processor included.
  package var deadlineSeconds = 30

  package init() {}
}
