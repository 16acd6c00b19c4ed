/// Every bound of the ways in, with its unit and its reason.
enum HTTPLimits {
  /// Bytes of all header fields of a request together: browsers and proxies send 1 to 4 KB.
  static let headerBytes = 32 << 10
  /// Header fields of a request.
  static let headerFields = 100
  /// Bytes of a request's target: ids and small numbers travel in it, nothing else.
  static let targetBytes = 8 << 10
  /// Connections open at once; more wait in the kernel's queue. Streams hold one each.
  static let connections = 4_096
  /// Seconds from a connection's opening until its first request head is complete.
  static let firstHeadSeconds: Int64 = 10
  /// Seconds a connection may stay silent between requests, or in the middle of one.
  static let idleSeconds: Int64 = 60
  /// Seconds the whole of a JSON body may take: 4 MB arrive in it over a 2 Mbit/s line.
  static let jsonBodySeconds = 30.0
  /// Seconds the whole of an upload may take: 200 MB arrive in it over a 2 Mbit/s line.
  static let uploadSeconds = 900.0
  /// Milliseconds a refused body is still read and thrown away, so that the refusal reaches its sender.
  static let refusedBodyMilliseconds: Int64 = 1_000
  /// Bytes of the header fields of one part of a form.
  static let partHeaderBytes = 8 << 10
  /// Bytes of a form's fields that are no file, each.
  static let formFieldBytes = 64 << 10
  /// Fields of a form that are no file.
  static let formFields = 16
  /// UTF-8 bytes of an uploaded file's name; longer ones lose their middle.
  static let fileNameBytes = 255
  /// UTF-8 bytes of a file's folder and name together.
  static let filePathBytes = 1_000
  /// UTF-8 bytes of the address of a page that becomes knowledge.
  static let pageAddressBytes = 2_000
  /// After how many hours a page of the web may be fetched again by itself: not more often than a person would,
  /// and within a year.
  static let refetchHours = 1...8_760
  /// Bytes of the value that says who somebody is.
  static let subjectBytes = 255
  /// Unicode scalars of a file's text in one reply.
  static let textScalars = 100_000
  /// Seconds between two keep-alive comments of a stream: below every proxy's default of 30 or more.
  static let keepAliveSeconds = 15.0
  /// Seconds a client may take nothing of a stream before its connection is given up.
  static let stalledWriteSeconds = 60.0
  /// Bytes of a file that are read, and sent, at a time.
  static let fileChunkBytes = 256 << 10
  /// Bytes of one page file served from a folder.
  static let webFileBytes = 8 << 20
}
