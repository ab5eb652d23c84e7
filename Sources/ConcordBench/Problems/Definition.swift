package import Concord
import Foundation
import NaiveReference

/// A problem's outputs straight from the definition, in Double, at any place.
package struct Definition<Scalar: RealScalar> {
  private let problem: Problem
  private let inputs: ProblemInputs<Scalar>
  private let window: (rows: Int, columns: Int)
  private let first: (row: Int, column: Int)
  private let boundary: NaiveBoundary
  /// The weight of each element of the window; empty where the window isn't weighted.
  private let weights: [Double]

  package init(_ problem: Problem, _ inputs: ProblemInputs<Scalar>) {
    self.problem = problem
    self.inputs = inputs
    let window = ProblemInputs<Scalar>.twoAxes(problem.kernel)
    let image = ProblemInputs<Scalar>.twoAxes(problem.image)
    let mode = problem.isMatch && !problem.isMasked ? .valid : problem.convolutionMode
    self.window = window
    func firstLag(_ image: Int, _ window: Int) -> Int {
      switch mode {
      case .full: 1 - window
      case .same: -(window / 2)
      case .valid: min(0, image - window)
      }
    }
    first = (firstLag(image.rows, window.rows), firstLag(image.columns, window.columns))
    boundary =
      problem.operation == .maskedCorrelation
      ? .renormalize : mode == .valid ? .zero : Self.oracle(problem.boundaryRule)
    weights = Self.weights(problem, inputs.other)
  }

  /// The largest error of sampled outputs, relative to the root mean square of the samples.
  ///
  /// Half of the samples lie where windows reach beyond the image. Where a sample costs much, there
  /// are fewer.
  package func error(of result: Image<Scalar>) -> Double {
    let output = ProblemInputs<Scalar>.twoAxes(problem.output)
    guard result.rows == output.rows, result.columns == output.columns else { return .infinity }
    let samples = max(16, min(200, 500_000_000 / (window.rows * window.columns)))
    var generator = SplitMix64(seed: 1)
    var worst = 0.0
    var squares = 0.0
    for sample in 0..<samples {
      let atEdge = sample % 2 == 1
      let row = place(in: output.rows, window.rows, atEdge, &generator)
      let column = place(in: output.columns, window.columns, atEdge, &generator)
      let truth = value(row: row, column: column)
      let difference = abs(Double(result[row, column]) - truth)
      // What is not a number is larger than everything.
      worst = difference <= worst ? worst : difference.isNaN ? .infinity : difference
      squares += truth * truth
    }
    // Scores of a match have a size of their own: 1.
    return problem.isMatch ? worst : worst / (squares / Double(samples)).squareRoot()
  }

  private func place(
    in extent: Int, _ window: Int, _ atEdge: Bool, _ generator: inout SplitMix64
  ) -> Int {
    guard atEdge else { return Int.random(in: 0..<extent, using: &generator) }
    let distance = Int.random(in: 0..<min(extent, max(1, window)), using: &generator)
    return Bool.random(using: &generator) ? distance : extent - 1 - distance
  }

  /// The output at a place.
  package func value(row: Int, column: Int) -> Double {
    switch problem.operation {
    case .convolve, .correlate, .gaussian: return weightedSum(row, column)
    case .boxMean: return NaiveStatistic.mean.of(elements(of: inputs.image, row, column))
    case .median: return NaiveStatistic.median.of(elements(of: inputs.image, row, column))
    case .squareDifference:
      let a = elements(of: inputs.image, row, column)
      let b = elements(of: inputs.other, row, column)
      return zip(a, b).reduce(0) { $0 + $1.0 * $1.0 - $1.1 * $1.1 }
    case .rowPearson: return pearson(row: row, of: inputs.other, column)
    case .ownRowPearson: return pearson(row: row, of: inputs.image, column)
    case .maskedMatch, .maskedCosine, .maskedCorrelation: return maskedScore(row, column)
    case .match, .matchMany:
      let scene = elements(of: inputs.image, row, column)
      let scores = stride(from: 0, to: weights.count, by: scene.count).map {
        score(of: scene, with: Array(weights[$0..<$0 + scene.count]))
      }
      return scores.contains { $0.isNaN } ? .nan : scores.max() ?? .nan
    }
  }

  private func score(of elements: [Double], with template: [Double]) -> Double {
    let shape = [window.rows, window.columns]
    let scene = NaiveArray(shape: shape, values: elements)
    let scores = try? scene.zeroMeanNormalizedCorrelation(
      with: NaiveArray(shape: shape, values: template))
    return scores?.values.first ?? .nan
  }

  private func pearson(row: Int, of other: Image<Scalar>, _ otherRow: Int) -> Double {
    func elements(_ image: Image<Scalar>, _ row: Int) -> [Double] {
      (0..<image.columns).map { Double(image[row, $0]) }
    }
    return naivePearson(elements(inputs.image, row), elements(other, otherRow))
  }

  /// The score of the pairs that count on both sides.
  private func maskedScore(_ row: Int, _ column: Int) -> Double {
    let mask = problem.templateMask.elements
    var counts = [Bool](repeating: true, count: mask.count)
    if let sceneMask = problem.sceneMask {
      forEachElement(of: sceneMask.map { Scalar($0 ? 1 : 0) }, row, column) { counts[$0] = $1 > 0 }
    }
    var (scene, template): ([Double], [Double]) = ([], [])
    forEachElement(of: inputs.image, row, column) { index, element in
      guard mask[index], counts[index] else { return }
      scene.append(element)
      template.append(weights[index])
    }
    if problem.operation == .maskedCorrelation {
      // Both masks are the same: the overlap is largest without a displacement.
      let largest = Double(mask.count { $0 })
      if Double(scene.count) < Problem.leastOverlap * largest { return 0 }
    }
    return naiveScore([scene], [template], problem.operation == .maskedCosine ? .ncc : .zncc)
  }

  private func weightedSum(_ row: Int, _ column: Int) -> Double {
    var sum = 0.0
    var inside = 0.0
    forEachElement(of: inputs.image, row, column) { index, element in
      sum += weights[index] * element
      inside += weights[index]
    }
    return boundary == .renormalize ? sum * weights.reduce(0, +) / inside : sum
  }

  private func elements(of image: Image<Scalar>, _ row: Int, _ column: Int) -> [Double] {
    var elements: [Double] = []
    forEachElement(of: image, row, column) { elements.append($1) }
    return elements
  }

  /// Visits the elements under the window that there are, with their numbers in the window.
  private func forEachElement(
    of image: Image<Scalar>, _ row: Int, _ column: Int, _ visit: (Int, Double) -> Void
  ) {
    var fill: Double?
    if case .constant(let value) = boundary { fill = value }
    let columns = (0..<window.columns).map {
      boundary.index(column + first.column + $0, extent: image.columns)
    }
    for i in 0..<window.rows {
      let y = boundary.index(row + first.row + i, extent: image.rows)
      for (j, x) in columns.enumerated() {
        if let y, let x {
          visit(i * window.columns + j, Double(image[y, x]))
        } else if let fill {
          visit(i * window.columns + j, fill)
        }
      }
    }
  }

  private static func weights(_ problem: Problem, _ other: Image<Scalar>) -> [Double] {
    switch problem.operation {
    case .correlate, .match, .matchMany, .maskedMatch, .maskedCosine, .maskedCorrelation:
      return other.elements.map(Double.init)
    case .convolve: return other.elements.reversed().map(Double.init)
    case .gaussian:
      let line = gaussian(problem.sigma ?? 0)
      return problem.image.count == 1 ? line : line.flatMap { tap in line.map { tap * $0 } }
    case .boxMean, .median, .squareDifference, .rowPearson, .ownRowPearson: return []
    }
  }

  private static func gaussian(_ sigma: Double) -> [Double] {
    let radius = Problem.radius(sigma)
    let taps = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let sum = taps.reduce(0, +)
    return taps.map { $0 / sum }
  }

  private static func oracle(_ boundary: Boundary) -> NaiveBoundary {
    switch boundary {
    case .constant(let value): .constant(value)
    case .replicate: .replicate
    case .symmetric: .symmetric
    case .reflect: .reflect
    case .wrap: .wrap
    case .renormalize: .renormalize
    }
  }
}

/// The relative difference of two results: the root mean square of it, over that of the first.
func disagreement<Scalar: RealScalar>(_ ours: Image<Scalar>, _ theirs: Image<Scalar>) -> Double {
  guard ours.shape == theirs.shape else { return .infinity }
  return relativeDifference(ours.span, theirs.span)
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func relativeDifference<Scalar: RealScalar>(
  _ first: Span<Scalar>, _ second: Span<Scalar>
) -> Double {
  var differences = 0.0
  var squares = 0.0
  for index in first.indices {
    let difference = Double(first[index]) - Double(second[index])
    differences += difference * difference
    squares += Double(first[index]) * Double(first[index])
  }
  return (differences / squares).squareRoot()
}
