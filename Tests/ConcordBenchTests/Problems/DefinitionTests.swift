import Concord
import ConcordBench
import NaiveReference
import Testing

/// The definition at single places against the oracle's loops over whole arrays.
struct DefinitionTests {
  private static let image = [9, 11]

  private func outputs(
    _ problem: Problem, _ inputs: ProblemInputs<Double>
  ) -> [Double] {
    let definition = Definition(problem, inputs)
    let shape = problem.output.count == 1 ? [1] + problem.output : problem.output
    return (0..<shape[0]).flatMap { row in
      (0..<shape[1]).map { definition.value(row: row, column: $0) }
    }
  }

  private func expectEqual(
    _ found: [Double], _ expected: [Double], _ problem: Problem,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, "\(problem)", sourceLocation: sourceLocation)
    for (a, b) in zip(found, expected) where abs(a - b) > 1e-12 {
      Issue.record("\(problem): \(a) instead of \(b)", sourceLocation: sourceLocation)
      return
    }
  }

  private func naive(_ image: Image<Double>) -> NaiveArray {
    NaiveArray(shape: [image.rows, image.columns], values: image.elements)
  }

  @Test(
    arguments: [Problem.Operation.convolve, .correlate], [ConvolutionMode.full, .same, .valid])
  func filters(_ operation: Problem.Operation, _ mode: ConvolutionMode) throws {
    let rules: [(Boundary, NaiveBoundary)] = [
      (.zero, .zero), (.constant(2), .constant(2)), (.reflect, .reflect),
      (.symmetric, .symmetric), (.replicate, .replicate), (.wrap, .wrap),
      (.renormalize, .renormalize),
    ]
    for kernel in [[3, 5], [4, 2]] {
      for (boundary, oracle) in rules {
        let problem = Problem(
          operation, image: Self.image, kernel: kernel, precision: .double, mode: mode,
          boundary: boundary)
        let inputs = try ProblemInputs<Double>(problem)
        let filter = NaiveFilter(
          operation == .convolve ? .convolution : .correlation,
          mode: mode == .full ? .full : mode == .same ? .same : .valid, boundary: oracle)
        let expected = try naive(inputs.image).filtered(with: naive(inputs.other), filter)
        expectEqual(outputs(problem, inputs), expected.values, problem)
      }
    }
  }

  @Test func windows() throws {
    let mean = Problem(
      .boxMean, image: Self.image, kernel: [3, 4], precision: .double, boundary: .reflect)
    let inputs = try ProblemInputs<Double>(mean)
    expectEqual(
      outputs(mean, inputs),
      try naive(inputs.image).windowed(.mean, window: [3, 4], edges: .extended(.reflect)).values,
      mean)

    let median = Problem(
      .median, image: Self.image, kernel: [3, 3], precision: .double, boundary: .replicate)
    expectEqual(
      outputs(median, inputs),
      try naive(inputs.image).windowed(.median, window: [3, 3], edges: .extended(.replicate))
        .values, median)
  }

  @Test func squareDifferences() throws {
    let problem = Problem(
      .squareDifference, image: Self.image, kernel: [5, 3], precision: .double)
    let inputs = try ProblemInputs<Double>(problem)
    let pixels = zip(inputs.image.elements, inputs.other.elements).map { $0 * $0 - $1 * $1 }
    let expected = try NaiveArray(shape: Self.image, values: pixels)
      .windowed(.sum, window: [5, 3], edges: .shrinking)
    expectEqual(outputs(problem, inputs), expected.values, problem)
  }

  @Test(arguments: [Problem.Operation.rowPearson, .ownRowPearson])
  func rows(_ operation: Problem.Operation) throws {
    let extents = operation == .rowPearson ? [7, 11] : Self.image
    let problem = Problem(
      operation, image: Self.image, kernel: extents, precision: .double, mode: .valid)
    let inputs = try ProblemInputs<Double>(problem)
    let other = operation == .rowPearson ? inputs.other : inputs.image
    let expected = try naive(inputs.image).rowCorrelations(with: naive(other))
    expectEqual(outputs(problem, inputs), expected.values, problem)
  }

  @Test func matches() throws {
    let problem = Problem(
      .match, image: Self.image, kernel: [4, 5], precision: .double, mode: .valid)
    let inputs = try ProblemInputs<Double>(problem)
    let expected = try naive(inputs.image).zeroMeanNormalizedCorrelation(with: naive(inputs.other))
    expectEqual(outputs(problem, inputs), expected.values, problem)
    // The template is a part of the scene.
    #expect(expected.values.contains { abs($0 - 1) < 1e-12 })
  }

  @Test func manyTemplates() throws {
    let problem = Problem(
      matching: 3, templates: [4, 5], scene: Self.image, precision: .double)
    let inputs = try ProblemInputs<Double>(problem)
    #expect(inputs.other.shape == [12, 5])
    var best: [Double] = []
    for first in [0, 4, 8] {
      let template = try inputs.other.view(first..<first + 4, 0..<5).copied()
      let scores = try naive(inputs.image).zeroMeanNormalizedCorrelation(with: naive(template))
      best = best.isEmpty ? scores.values : zip(best, scores.values).map { max($0, $1) }
    }
    expectEqual(outputs(problem, inputs), best, problem)
    #expect(
      problem.title == "best normalized cross-correlation of 3 templates: "
        + "\(Self.image[0])×\(Self.image[1]) with 4×5, double")
  }

  @Test(arguments: [Problem.Operation.maskedMatch, .maskedCosine, .maskedCorrelation])
  func maskedMatches(_ operation: Problem.Operation) throws {
    let isFull = operation == .maskedCorrelation
    let image = isFull ? [33, 20] : Self.image
    let problem = Problem(
      operation, image: image, kernel: isFull ? image : [4, 5], precision: .double,
      mode: isFull ? .full : .valid)
    let inputs = try ProblemInputs<Double>(problem)
    let weights = problem.templateMask.map { $0 ? 1.0 : 0 }
    let sceneWeights = problem.sceneMask.map { $0.map { $0 ? 1.0 : 0 } }
    #expect(weights.elements.contains(0) && weights.elements.contains(1))
    let expected = try NaiveArray.maskedScores(
      of: naive(inputs.other), weights: naive(weights), in: naive(inputs.image),
      sceneWeights: sceneWeights.map { naive($0) },
      metric: operation == .maskedCosine ? .ncc : .zncc, mode: isFull ? .full : .valid,
      minimumOverlap: isFull ? Problem.leastOverlap : 0)
    expectEqual(outputs(problem, inputs), expected.values, problem)
  }

  /// Taps of 0, 1 and 2 pixels' distance at sigma 1/2 are exp(0), exp(-2) and exp(-8).
  @Test func gaussians() throws {
    let problem = Problem(
      gaussian: 0.5, image: Self.image, precision: .double, boundary: .symmetric)
    #expect(problem.kernel == [5, 5])
    let inputs = try ProblemInputs<Double>(problem)
    let weights = [0.00033546262790251185, 0.1353352832366127, 1]
    let line = [weights[0], weights[1], weights[2], weights[1], weights[0]]
    let sum = line.reduce(0, +)
    let kernel = NaiveArray(
      shape: [5, 5], values: line.flatMap { a in line.map { a * $0 / sum / sum } })
    let filter = NaiveFilter(.correlation, mode: .same, boundary: .symmetric)
    expectEqual(
      outputs(problem, inputs), try naive(inputs.image).filtered(with: kernel, filter).values,
      problem)
  }

  @Test func signalsAreImagesOfOneRow() throws {
    let problem = Problem(.convolve, image: [23], kernel: [4], precision: .double, mode: .full)
    let inputs = try ProblemInputs<Double>(problem)
    let expected = try NaiveArray(inputs.image.elements).filtered(
      with: NaiveArray(inputs.other.elements), NaiveFilter(.convolution, mode: .full))
    expectEqual(outputs(problem, inputs), expected.values, problem)
  }

  @Test func theErrorFindsAWrongElementAtTheEdge() throws {
    let problem = Problem(.correlate, image: [40, 40], kernel: [7, 7], boundary: .reflect)
    let inputs = try ProblemInputs<Float>(problem)
    let definition = Definition(problem, inputs)
    let right = try inputs.image.correlated(
      with: inputs.other, options: ConvolutionOptions(mode: .same, boundary: .reflect))
    #expect(definition.error(of: right) < 1e-6)
    let zero = try inputs.image.correlated(
      with: inputs.other, options: ConvolutionOptions(mode: .same, boundary: .zero))
    #expect(definition.error(of: zero) > 0.1)
    #expect(definition.error(of: right.map { _ in .nan }) == .infinity)
    #expect(definition.error(of: inputs.other) == .infinity)
  }
}
