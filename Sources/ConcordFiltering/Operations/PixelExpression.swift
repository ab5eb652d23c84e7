public import ConcordArrays

/// An arithmetic expression of the pixels of one or two images, such as `a^2 - b^2`.
///
/// `a` is the first image's pixel, `b` the second's. Everything is computed in Double, so that
/// nothing overflows. From the tightest binding to the loosest:
///
/// | | |
/// |---|---|
/// | `2.5`, `a`, `b`, `(…)` | numbers, pixels, parentheses |
/// | `abs(x)`, `sqrt(x)`, `exp(x)`, `log(x)`, `min(x, y, …)`, `max(x, y, …)` | functions |
/// | `x^y`, `x**y` | powers, from right to left |
/// | `-x`, `+x` | signs: `-a^2` is `-(a^2)` |
/// | `x * y`, `x / y` | products, from left to right |
/// | `x + y`, `x - y` | sums, from left to right |
///
///     let energy = try PixelExpression("a^2 - b^2").values(a: first, b: second)
public struct PixelExpression: Hashable, Sendable {
  /// The expression as it was written.
  public let text: String

  /// The operations in the order of their execution, on a stack.
  let steps: [Step]

  /// What an expression is made of.
  enum Step: Hashable, Sendable {
    case number(Double)
    case first
    case second
    case unary(Unary)
    case binary(Binary)
  }

  enum Unary: String, Hashable, Sendable {
    case negate = "-"
    case abs, sqrt, exp, log
  }

  enum Binary: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case power = "^"
    case min, max
  }

  /// Understands an expression.
  ///
  /// - Throws: ``ConcordError/expression(text:problem:)`` with what was expected and found.
  public init(_ text: String) throws(ConcordError) {
    var parser = PixelExpressionParser(text)
    self.text = text
    steps = try parser.parse()
  }

  /// Whether the first image's pixels stand in the expression.
  public var usesFirst: Bool { steps.contains(.first) }

  /// Whether the second image's pixels stand in the expression.
  public var usesSecond: Bool { steps.contains(.second) }
}

extension PixelExpression: CustomStringConvertible {
  /// The expression as it was written.
  public var description: String { text }
}
