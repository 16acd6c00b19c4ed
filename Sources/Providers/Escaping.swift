extension String {
  /// RFC 3986: everything but unreserved characters as percent and two digits, so that a name stays one
  /// segment of a path.
  var pathEscaped: String {
    utf8.map { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        return String(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count == 1 ? "0" + digits : digits)
      }
    }.joined()
  }

  var queryEscaped: String { pathEscaped }
}
