package import Conversation
import Foundation

/// Which field of a model's definition was wrong, and why.
package struct ModelRefusal: Error, Sendable, Equatable {
  package var key: String
  /// Completes a sentence that begins with the key.
  package var problem: String
}

/// The fields of a definition as somebody wrote them, not judged yet.
package struct ModelFields: Sendable {
  let values: [String: JSON]

  package init(_ values: [String: JSON]) {
    self.values = values
  }
}

/// What a definition must be, wherever it comes from: the configuration file or an administrator.
package enum ModelRules {
  private static let tokens = 1...100_000_000
  private static let prices = 0.0...1_000_000.0

  /// What is known of the model fills in what the fields leave open.
  package static func definition(_ fields: ModelFields) throws(ModelRefusal) -> ModelDefinition {
    let name = try fields.text("name", longest: Limits.modelNameCharacters)
    let provider = try fields.text("provider", longest: 40)
    let model = try fields.text("model", longest: 200)
    guard let name, let provider, let model else {
      let missing = name == nil ? "name" : provider == nil ? "provider" : "model"
      throw ModelRefusal(key: missing, problem: "is missing")
    }
    guard ProviderCatalog.provider(provider) != nil else {
      let known = ProviderCatalog.providers.map(\.id).joined(separator: ", ")
      throw ModelRefusal(key: "provider", problem: "is none of: \(known)")
    }
    let plain = ModelDefinition(name: name, provider: provider, model: model)
    var definition = KnownModels.completing(plain)
    try apply(fields, to: &definition)
    if provider == "compatible", definition.baseURL == nil {
      throw ModelRefusal(
        key: "base_url", problem: "is missing; a compatible server has no address of its own")
    }
    if definition.fallback == name { throw ModelRefusal(key: "fallback", problem: "is the model itself") }
    return definition
  }

  private static func apply(
    _ fields: ModelFields, to definition: inout ModelDefinition
  ) throws(ModelRefusal) {
    if let url = try fields.text("base_url", longest: 500) { definition.baseURL = try webURL(url) }
    if let tools = try fields.text("tools", longest: 20) {
      guard let tools = ModelDefinition.ToolUse(rawValue: tools) else {
        throw ModelRefusal(key: "tools", problem: "is neither native nor xml")
      }
      definition.tools = tools
    }
    definition.contextTokens = try fields.integer("context_tokens", tokens) ?? definition.contextTokens
    definition.maxOutputTokens = try fields.integer("max_output_tokens", tokens) ?? definition.maxOutputTokens
    try applyPrices(fields, to: &definition)
    definition.images = try fields.flag("images") ?? definition.images
    definition.thinking = try fields.flag("thinking") ?? definition.thinking
    definition.cache = try fields.flag("cache") ?? definition.cache
    definition.effort = try fields.text("effort", longest: 20)
    definition.fallback = try fields.text("fallback", longest: Limits.modelNameCharacters)
  }

  private static func applyPrices(
    _ fields: ModelFields, to definition: inout ModelDefinition
  ) throws(ModelRefusal) {
    let input = try fields.number("input_price", prices)
    let output = try fields.number("output_price", prices)
    guard (input == nil) == (output == nil) else {
      let missing = input == nil ? "input_price" : "output_price"
      throw ModelRefusal(key: missing, problem: "is missing; give both prices or none")
    }
    if input != nil {
      (definition.inputPrice, definition.outputPrice, definition.cachedInputPrice) = (input, output, nil)
    }
    definition.cachedInputPrice =
      try fields.number("cached_input_price", prices) ?? definition.cachedInputPrice
  }

  private static func webURL(_ text: String) throws(ModelRefusal) -> String {
    guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
      parts.host?.isEmpty == false, parts.user == nil, parts.query == nil, parts.fragment == nil
    else {
      throw ModelRefusal(key: "base_url", problem: "is no http or https address without user and query")
    }
    return text
  }
}

extension ModelFields {
  private func value(_ key: String) -> JSON? {
    // A nil in the place of `.none` would be JSON's null.
    values[key].flatMap { $0.isNull ? .none : $0 }
  }

  /// An empty text counts as none.
  fileprivate func text(_ key: String, longest: Int) throws(ModelRefusal) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.string else { throw ModelRefusal(key: key, problem: "is no text") }
    guard text.unicodeScalars.count <= longest else {
      throw ModelRefusal(key: key, problem: "is longer than \(longest) characters")
    }
    guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw ModelRefusal(key: key, problem: "holds a control character")
    }
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    return trimmed.isEmpty ? nil : trimmed
  }

  fileprivate func flag(_ key: String) throws(ModelRefusal) -> Bool? {
    guard let value = value(key) else { return nil }
    guard let flag = value.bool else { throw ModelRefusal(key: key, problem: "is neither true nor false") }
    return flag
  }

  fileprivate func integer(_ key: String, _ range: ClosedRange<Int>) throws(ModelRefusal) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.integer, range.contains(number) else {
      throw ModelRefusal(
        key: key, problem: "is no whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  fileprivate func number(_ key: String, _ range: ClosedRange<Double>) throws(ModelRefusal) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.number, range.contains(number) else {
      throw ModelRefusal(key: key, problem: "is no price in US dollars per million tokens")
    }
    return number
  }
}
