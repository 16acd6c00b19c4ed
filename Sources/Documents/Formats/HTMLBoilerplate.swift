/// An element's attributes, valid while the parser is telling of the element.
struct Attributes {
  private let pairs: UnsafePointer<UnsafePointer<CChar>?>?

  init(_ pairs: UnsafePointer<UnsafePointer<CChar>?>?) {
    self.pairs = pairs
  }

  /// The value, in lower case; empty for an attribute without one, nil without the attribute.
  subscript(name: String) -> String? {
    guard var place = pairs else { return nil }
    while let key = place.pointee {
      let value = place.successor().pointee
      if String(cString: key) == name { return value.map { String(cString: $0).lowercased() } ?? "" }
      place += 2
    }
    return nil
  }
}

/// Which parts of a page are not what the page is about.
enum Boilerplate {
  static func holds(_ name: String, _ attributes: Attributes, inMain: Bool, everything: Bool) -> Bool {
    if neverText.contains(name) { return true }
    if everything || name == "html" || name == "body" { return false }
    if around.contains(name) || (name == "header" && !inMain) { return true }
    if let role = attributes["role"], roles.contains(role) { return true }
    if attributes["hidden"] != nil || attributes["aria-hidden"] == "true" { return true }
    return isNamed(attributes["class"]) || isNamed(attributes["id"])
  }

  private static let neverText: Set<String> = [
    "audio", "button", "canvas", "embed", "iframe", "input", "map", "noscript", "object", "option", "script",
    "select", "style", "svg", "template", "textarea", "video",
  ]
  private static let around: Set<String> = ["nav", "aside", "footer", "menu", "dialog"]
  private static let roles: Set<String> = [
    "navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog",
  ]

  /// Names that generators give to navigation: Sphinx, DocBook, Doxygen, MkDocs, Hugo, WordPress and the
  /// like.
  private static let names: Set<String> = [
    "nav", "navbar", "navigation", "menu", "sidebar", "breadcrumb", "breadcrumbs", "footer", "site-footer",
    "page-footer", "site-header", "page-header", "navheader", "navfooter", "navpath", "headerlink",
    "sphinxsidebar", "pagination", "skip-link", "cookie-banner", "cookie-notice", "noprint", "mw-editsection",
    "mw-jump-link", "visually-hidden", "sr-only", "docnav", "toc", "table-of-contents",
  ]
  private static let endings = ["-nav", "-navigation", "-sidebar", "-menu", "-breadcrumbs"]

  private static func isNamed(_ value: String?) -> Bool {
    guard let value else { return false }
    return value.split(whereSeparator: \.isWhitespace).contains { token in
      names.contains(String(token)) || endings.contains { token.hasSuffix($0) }
    }
  }
}
