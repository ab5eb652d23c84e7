public import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// A place where a template was found.
public struct Match<let rank: Int>: Hashable, Sendable {
  /// Where the template's first element lies in the scene.
  public var position: Position<rank>
  /// The correlation coefficient there, in -1...1.
  public var score: Double

  /// A match at a position.
  public init(position: Position<rank>, score: Double) {
    self.position = position
    self.score = score
  }

  /// Whether position and score are equal.
  public static func == (first: Self, second: Self) -> Bool {
    first.position == second.position && first.score == second.score
  }

  /// Feeds position and score to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(position)
    hasher.combine(score)
  }
}

extension NDArray where Scalar: RealScalar {
  /// The highest local maxima, best first.
  ///
  /// A maximum is no smaller than its direct neighbours (diagonals included). Of two maxima whose
  /// distance along every axis is below `minimumDistance`, the higher one counts; equal ones in
  /// row-major order. NaN is never a maximum.
  ///
  /// - Complexity: O(*n* + *m* log *m* + *m k*) for *m* maxima above the threshold and *k* results.
  /// - Parameters:
  ///   - count: The most that are wanted.
  ///   - threshold: The smallest value that counts.
  ///   - minimumDistance: The least distance along each axis.
  /// - Returns: The positions and values.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func peaks(
    count: Int, threshold: Double = -.infinity, minimumDistance: [Int]
  ) -> [Match<rank>] {
    let candidates = localMaxima(threshold: threshold).sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.index < $1.index
    }
    var found: [Match<rank>] = []
    for candidate in candidates {
      if found.count >= count { break }
      let position = position(at: candidate.index)
      let isNear = found.contains { other in
        (0..<rank).allSatisfy {
          abs(other.position[$0] - position[$0]) < minimumDistance[$0]
        }
      }
      if !isNear { found.append(Match(position: position, score: Double(candidate.value))) }
    }
    return found
  }

  private func localMaxima(threshold: Double) -> [(index: Int, value: Scalar)] {
    let shape = shape.threeAxisExtents
    let values = span
    var maxima: [(index: Int, value: Scalar)] = []
    var index = 0
    for plane in 0..<shape[0] {
      for row in 0..<shape[1] {
        for column in 0..<shape[2] {
          let value = values[index]
          var isMaximum = Double(value) >= threshold && !value.isNaN
          var i = Swift.max(0, plane - 1)
          while isMaximum && i <= Swift.min(shape[0] - 1, plane + 1) {
            for j in Swift.max(0, row - 1)...Swift.min(shape[1] - 1, row + 1) {
              for k in Swift.max(0, column - 1)...Swift.min(shape[2] - 1, column + 1)
              where values[(i * shape[1] + j) * shape[2] + k] > value {
                isMaximum = false
              }
            }
            i += 1
          }
          if isMaximum { maxima.append((index, value)) }
          index += 1
        }
      }
    }
    return maxima
  }

  private func position(at index: Int) -> Position<rank> {
    var rest = index
    var position = Position<rank> { _ in 0 }
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      position[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    return position
  }
}

extension Shape {
  /// Planes, rows and columns; missing outer axes have extent 1.
  fileprivate var threeAxisExtents: [Int] {
    [Int](repeating: 1, count: 3 - rank) + components
  }
}

extension TemplateMatcher {
  /// The places where the template is found, best first, scored to the last digit.
  ///
  /// Two places differ by at least half the template's extent along some axis.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if `scores` are not of this template
  ///   in a scene of this shape.
  public func matches(
    in scene: NDArray<rank, Scalar>, scores: NDArray<rank, Scalar>, count: Int,
    threshold: Double = -.infinity
  ) throws(ConcordError) -> [Match<rank>] {
    guard scene.shape == plan.imageShape, scores.shape == plan.outputShape else {
      throw .shapesDiffer(
        expected: plan.outputShape.components, found: scores.shape.components)
    }
    let distance = templateShape.components.map { max(1, ($0 + 1) / 2) }
    var found = scores.peaks(count: count, threshold: threshold, minimumDistance: distance)
    for index in found.indices {
      found[index].score = try score(in: scene, at: found[index].position)
    }
    return found.filter { $0.score >= threshold }.sorted { $0.score > $1.score }
  }

  /// The best place in a scene; nil where no window has a score.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene of another shape.
  public func bestMatch(in scene: NDArray<rank, Scalar>) throws(ConcordError) -> Match<rank>? {
    try matches(in: scene, scores: scores(in: scene), count: 1).first
  }
}

extension NDArray where Scalar: RealScalar {
  /// The correlation coefficient of a template with every window that lies inside this array.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``TemplateMatcher`` gives.
  /// - SeeAlso: ``TemplateMatcher/scores(in:)``
  public func normalizedCrossCorrelation(
    with template: NDArray, options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) -> NDArray {
    try TemplateMatcher(template: template, scene: shape, options: options).scores(in: self)
  }

  /// The best place of a template in this array; nil where no window has a score.
  ///
  ///     if let match = try scene.bestMatch(for: template) { print(match.position, match.score) }
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``TemplateMatcher`` gives.
  public func bestMatch(
    for template: NDArray, options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) -> Match<rank>? {
    try TemplateMatcher(template: template, scene: shape, options: options).bestMatch(in: self)
  }
}
