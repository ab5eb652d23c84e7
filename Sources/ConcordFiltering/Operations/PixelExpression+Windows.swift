import ConcordArrays
import ConcordBackends

extension PixelExpression {
  /// The formula that sums the expression as windows are summed, and which images are its a and b;
  /// nil for expressions that are no single term.
  func windowFormula(
    for reduction: WindowReduction, isPair: Bool
  ) -> (formula: WindowFormula, operands: [Step])? {
    guard reduction == .sum || reduction == .mean, let (term, operands) = term,
      isPair || !operands.contains(.second)
    else { return nil }
    return (reduction == .sum ? .sum(term) : .mean(term), operands)
  }

  /// The expression as one of the terms that windows are summed of.
  private var term: (WindowFormula.Term, [Step])? {
    switch factors(of: steps[...]) {
    case let factors? where factors.count == 1: return (.first, [factors[0], factors[0]])
    case let factors? where factors.count == 2: return (.product, factors)
    default: return differenceOfSquares.map { (.squareDifference, $0) }
    }
  }

  /// x and y of x² - y².
  private var differenceOfSquares: [Step]? {
    guard steps.last == .binary(.subtract) else { return nil }
    for middle in steps.indices.dropFirst().dropLast() {
      guard let left = factors(of: steps[..<middle]), left.count == 2, left[0] == left[1],
        let right = factors(of: steps[middle..<(steps.count - 1)]), right.count == 2,
        right[0] == right[1]
      else { continue }
      return [left[0], right[0]]
    }
    return nil
  }

  /// The images whose product some steps are: one, the square of one, or two.
  private func factors(of steps: ArraySlice<Step>) -> [Step]? {
    func isImage(_ step: Step) -> Bool { step == .first || step == .second }
    let steps = Array(steps)
    if steps.count == 1, isImage(steps[0]) { return [steps[0]] }
    guard steps.count == 3, isImage(steps[0]) else { return nil }
    if steps[2] == .binary(.multiply), isImage(steps[1]) { return [steps[0], steps[1]] }
    return steps[1] == .number(2) && steps[2] == .binary(.power) ? [steps[0], steps[0]] : nil
  }
}

extension Boundary {
  /// Whether the rule gives an expression's values outside as it gives those of its images.
  ///
  /// A constant stands for the expression's value: for an image alone that is the same.
  func isSameOfTerms(_ expression: PixelExpression) -> Bool {
    guard case .constant(let value) = self else { return true }
    return value == 0 || expression.steps.count == 1
  }
}
