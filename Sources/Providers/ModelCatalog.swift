/// The models an assistant may name: each a label that people see and clients send, and how to reach it.
package struct ModelCatalog: Sendable {
  package struct Entry: Sendable {
    /// What configurations call it, e.g. `GPT 4o`.
    package var name: String
    package var model: any ChatModel
    /// Whether it calls tools by itself; for others the agent speaks XML with it.
    package var callsTools: Bool

    package init(name: String, model: any ChatModel, callsTools: Bool) {
      self.name = name
      self.model = model
      self.callsTools = callsTools
    }
  }

  /// Every name that is valid in a configuration, in the order the form shows them.
  package let names: [String]
  private let entries: [String: Entry]
  private let fallback: Entry?

  /// - Parameter fallback: answers for valid names that have no entry; nil if these are an error.
  package init(names: [String], entries: [Entry], fallback: Entry?) {
    self.names = names
    self.entries = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    self.fallback = fallback
  }

  /// - Throws: `.misconfigured` with what to set, when that model cannot be used.
  package func entry(named name: String) throws(ModelError) -> Entry {
    if let entry = entries[name] { return entry }
    if names.contains(name), let fallback { return fallback }
    let usable = entries.keys.sorted().joined(separator: ", ")
    throw .misconfigured(
      names.contains(name)
        ? "The model \"\(name)\" is not set up on this server. Set up are: \(usable)."
        : "There is no model called \"\(name.prefix(80))\". Set up are: \(usable).")
  }

  /// Whether any language model is set up, beside what the program brings.
  package var hasLanguageModel: Bool {
    fallback == nil
  }
}
