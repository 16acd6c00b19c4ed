import Conversation
import Testing

@testable import Engine

@Suite struct CalculatorTests {
  private func result(_ expression: String) async throws -> String? {
    try await Calculator().call(["expression": .string(expression)]).content.string
  }

  private func failure(_ expression: String) async -> String {
    do {
      return "it is \(try await result(expression) ?? "nothing")"
    } catch {
      return (error as? ToolError)?.message ?? "\(error)"
    }
  }

  @Test(arguments: [
    ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 4 - 3", "3"), ("2^3^2", "512"), ("-2^2", "-4"),
    ("2^-1", "0.5"), ("7 % 4", "3"), ("-7 % 4", "-3"), ("0.1 + 0.2", "0.3"), ("1/3", "0.333333333333333"),
    ("2 ** 10", "1024"), ("6 × 7 ÷ 2 − 1", "20"), ("1.5e3", "1500"), ("2e", "not e"), ("1e-3*1000", "1"),
    ("sqrt(2)^2", "2"), ("log(1000)", "3"), ("log(8, 2)", "3"), ("ln(e)", "1"), ("sin(pi/6)", "0.5"),
    ("cos(π)", "-1"), ("max(1, 5, 3) - min(2, 4)", "3"), ("round(2.675, 1)", "2.7"),
    ("factorial(20)", "2.43290200817664e+18"),
    ("9007199254740992", "9007199254740992"), ("0 * -1", "0"), ("+5", "5"), ("--5", "5"), ("ABS(-3)", "3"),
  ])
  func `an expression has the value that school teaches`(expression: String, value: String) async throws {
    if value == "not e" {
      #expect(await failure(expression).contains("\"e\" is not expected"))
    } else {
      #expect(try await result(expression) == value)
    }
  }

  @Test(arguments: [
    ("1 / 0", "Division by zero."), ("5 % 0", "Division by zero."), ("sqrt(-1)", "sqrt has no value there."),
    ("10^400", "The result is too large, or is not a number."),
    ("(1 + 2", "A closing parenthesis is missing."),
    ("1 +", "The expression ends too early."), ("2 $ 3", "\"$\" is not expected after \"2\"."),
    ("1.2.3", "\"1.2.3\" is not a number."), ("foo + 1", "\"foo\" is not known."),
    ("system(1)", "There is no function \"system\"."), ("sqrt(1, 2)", "sqrt does not take 2 arguments."),
    ("", "The argument \"expression\" is missing; it must be a text."),
    (")", "\")\" is not expected at the start."),
    ("factorial(0.5)", "factorial has no value there."),
  ])
  func `what has no value is told with its reason`(expression: String, reason: String) async {
    #expect(await failure(expression) == reason)
  }

  @Test func `depth and length have bounds, and what is just below them works`() async throws {
    #expect(
      try await result(String(repeating: "(", count: 50) + "1" + String(repeating: ")", count: 50)) == "1")
    let deep = String(repeating: "(", count: 51) + "1" + String(repeating: ")", count: 51)
    #expect(await failure(deep) == "The expression is nested too deeply.")
    for hostile in ["(", "-", "2^", "sqrt("] {
      let reason = await failure(String(repeating: hostile, count: 1_000 / hostile.count))
      #expect(reason == "The expression is nested too deeply.")
    }
    #expect(try await result("1" + String(repeating: "+1", count: 499)) == "500")
    #expect(await failure(String(repeating: "1", count: 1_001)).contains("more than 1000 characters"))
  }

  @Test func `random text never ends anything but the call`() async {
    var random = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0...UInt64.max, using: &random)
    print("seed \(seed)")
    var state = seed
    let alphabet = Array("0123456789.eE+-*/%^(),pisqrtlog ×é")
    for _ in 0..<2_000 {
      let text = String(
        (0..<30).map { _ -> Character in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return alphabet[Int(state >> 33) % alphabet.count]
        })
      _ = await failure(text)
    }
  }
}
