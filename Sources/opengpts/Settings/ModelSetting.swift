import Conversation
import Foundation
import Providers
import TOMLKit

/// A model of the configuration file.
struct ModelSetting: Sendable {
  let definition: ModelDefinition
  let apiKey: Secret?

  /// Each model is a table of this list: `[[model]]`.
  static let tableName = "model"
}

/// The `[[model]]` tables of a configuration file, checked: a key that nothing knows is an error, not a wish.
struct ModelTables {
  private(set) var settings: [ModelSetting] = []
  private(set) var problems: [SettingsProblem] = []

  private static let keyNames = ["api_key", "api_key_file"]
  private static let known = ModelDefinition.CodingKeys.allCases.map(\.rawValue) + keyNames

  init(_ root: TOMLTable, origin: SettingOrigin) {
    guard let list = root[ModelSetting.tableName] else { return }
    guard let tables = list.array?.map(\.table), !tables.contains(where: { $0 == nil }) else {
      refuse(ModelSetting.tableName, origin, "is no list of tables; write [[model]] above each model")
      return
    }
    for (place, table) in tables.compactMap({ $0 }).enumerated() {
      read(table, number: place + 1, origin: origin)
    }
  }

  private mutating func read(_ table: TOMLTable, number: Int, origin: SettingOrigin) {
    let subject = table["name"]?.string.map { "model \"\($0.prefix(80))\"" } ?? "model \(number)"
    let count = problems.count
    for key in table.keys.sorted() where !Self.known.contains(key) {
      let nearest = NearestName.of(key, among: Self.known) ?? ""
      refuse("\(subject).\(key)", origin, "is not known; did you mean \(nearest)?")
    }
    let key = secret(of: table, subject: subject, origin: origin)
    guard problems.count == count else { return }
    do throws(ModelRefusal) {
      let definition = try ModelRules.definition(ModelFields(Self.json(table)))
      settings.append(ModelSetting(definition: definition, apiKey: key))
    } catch {
      refuse("\(subject).\(error.key)", origin, error.problem)
    }
  }

  private mutating func secret(of table: TOMLTable, subject: String, origin: SettingOrigin) -> Secret? {
    if let path = table["api_key_file"]?.string {
      guard table["api_key"] == nil else {
        refuse("\(subject).api_key", origin, "is given twice there; keep one")
        return nil
      }
      do {
        let text = try TextFile.read(path, maxBytes: TextFile.secretBytes)
        let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return key.isEmpty ? nil : Secret(revealed: key)
      } catch {
        refuse("\(subject).api_key_file", origin, "names \(path), which \(error.reason)")
        return nil
      }
    }
    return table["api_key"]?.string.flatMap { $0.isEmpty ? nil : Secret(revealed: $0) }
  }

  private mutating func refuse(_ subject: String, _ origin: SettingOrigin, _ explanation: String) {
    problems.append(SettingsProblem(subject: subject, origin: origin, explanation: explanation))
  }

  private static func json(_ table: TOMLTable) -> [String: JSON] {
    var values: [String: JSON] = [:]
    for key in table.keys where !keyNames.contains(key) {
      guard let value = table[key] else { continue }
      if let text = value.string {
        values[key] = .string(text)
      } else if let flag = value.bool {
        values[key] = .bool(flag)
      } else if let number = value.int {
        values[key] = .integer(number)
      } else if let number = value.double {
        values[key] = .number(number)
      } else {
        values[key] = .array([])
      }
    }
    return values
  }
}
