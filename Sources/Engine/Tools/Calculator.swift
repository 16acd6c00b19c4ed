import Conversation
import Foundation
import Providers

/// Evaluates an arithmetic expression. Nothing is sent anywhere.
///
/// Numbers are IEEE doubles; results are shown with 15 significant digits. An expression has at most 1,000
/// characters and 50 levels of parentheses; its time is linear in its length.
struct Calculator: Tool {
  static let type = ToolType(
    type: "calculator", name: "Calculator", description: "Evaluates arithmetic expressions.",
    make: { _, _ in [Calculator()] })

  var specification: ToolSpecification {
    let functions = Expression.functionNames.joined(separator: ", ")
    return ToolSpecification(
      name: "calculator",
      description: "Evaluates an arithmetic expression. Use it for every calculation. Knows + - * / % ^, "
        + "parentheses, pi, e, tau, and \(functions). Angles are in radians; log is to base 10 unless a base "
        + "is given: log(8, 2).",
      parameters: .textArgument("expression", "The expression, for example (2 + 3) * sqrt(2)."))
  }

  var isRepeatable: Bool { true }
  var reach: ToolReach { .nowhere }

  func call(_ arguments: JSON) async throws -> ToolResult {
    var expression = try Expression(arguments.text("expression"))
    return ToolResult(.string(Self.text(of: try expression.value())))
  }

  /// Whole numbers that are exact in full, others with 15 digits, which hides what binary fractions add.
  private static func text(of value: Double) -> String {
    if value == value.rounded(), abs(value) <= 9_007_199_254_740_992 {
      return String(format: "%.0f", value + 0)
    }
    return String(format: "%.15g", value)
  }
}
