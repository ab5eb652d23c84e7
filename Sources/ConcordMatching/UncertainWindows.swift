import ConcordArrays
import ConcordBackends
import ConcordFiltering
import Synchronization

/// The windows whose scores have to be computed again, gathered from concurrent tiles.
final class UncertainWindows: Sendable {
  private let found = Mutex<[Int]>([])

  func add(_ indices: [Int]) {
    if !indices.isEmpty { found.withLock { $0 += indices } }
  }

  /// In row-major order, whichever tile came first.
  var indices: [Int] { found.withLock { $0.sorted() } }
}

/// Scores of single windows by the two-pass definition in Double.
struct WindowScores<Scalar: RealScalar>: Sendable {
  let scene: SharedBuffer<Scalar>
  let extents: Extents
  let template: SharedBuffer<Scalar>
  let window: Extents
  let flatWindows: FlatWindowScore

  /// Overwrites the scores of some windows.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func run(
    at indices: [Int], output: Extents, threads: Int, into scores: inout SharedBuffer<Scalar>
  ) {
    let block = 256
    let blocks = indices.count.parts(of: block)
    var values = SharedBuffer<Scalar>(uninitializedCount: indices.count)
    let ranges = (0..<blocks).map { ($0 * block)..<min(($0 + 1) * block, indices.count) }
    let prepared = centredTemplate
    fillRanges(ranges, of: &values, threads: threads) {
    } body: { task, out, _ in
      for (slot, entry) in ranges[task].enumerated() {
        let index = indices[entry]
        let plane = index / (output.rows * output.columns)
        let rest = index % (output.rows * output.columns)
        let corner = Extents(plane, rest / output.columns, rest % output.columns)
        out[slot] = Scalar(score(at: corner, template: prepared.values, norm: prepared.norm))
      }
    }
    copy(values, to: indices, of: &scores)
  }

  /// The score of the window whose first element is at `corner`.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func score(at corner: Extents) -> Double {
    let prepared = centredTemplate
    return score(at: corner, template: prepared.values, norm: prepared.norm)
  }

  /// The template minus its mean, and its norm.
  private var centredTemplate: (values: [Double], norm: Double) {
    let elements = template.span
    let mean = Scalar.moments(of: elements, shift: 0).sum / Double(elements.count)
    var values: [Double] = []
    values.reserveCapacity(elements.count)
    var norm = 0.0
    for index in elements.indices {
      let value = Double(elements[index]) - mean
      values.append(value)
      norm += value * value
    }
    return (values, norm.squareRoot())
  }

  private func score(at corner: Extents, template: [Double], norm: Double) -> Double {
    let pixels = scene.span
    var sum = 0.0
    forEachRow(of: corner) { start in
      for column in 0..<window.columns { sum += Double(pixels[start + column]) }
    }
    let count = Double(window.count)
    let mean = sum / count
    var product = 0.0
    var squares = 0.0
    var tap = 0
    forEachRow(of: corner) { start in
      for column in 0..<window.columns {
        let value = Double(pixels[start + column]) - mean
        product += value * template[tap]
        squares += value * value
        tap += 1
      }
    }
    guard squares.isFinite, product.isFinite else { return .nan }
    let rule = FlatWindowRule<Scalar>(count: count, offset: mean, score: flatWindows)
    guard let energy = rule.energy(sum: 0, squares: squares) else {
      return Double(rule.flatScore)
    }
    return min(1, max(-1, product / (energy.squareRoot() * norm)))
  }

  private func forEachRow(of corner: Extents, _ body: (Int) -> Void) {
    for plane in 0..<window.planes {
      for row in 0..<window.rows {
        let line = (corner.planes + plane) * extents.rows + corner.rows + row
        body(line * extents.columns + corner.columns)
      }
    }
  }

  private func copy(
    _ values: SharedBuffer<Scalar>, to indices: [Int], of scores: inout SharedBuffer<Scalar>
  ) {
    let source = values.span
    var out = scores.mutableSpan
    for (slot, index) in indices.enumerated() { out[index] = source[slot] }
  }
}

/// Replaces some scores by those of a map in Double.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
func copyScores<Scalar: RealScalar>(
  _ indices: [Int], from precise: Span<Double>, to scores: inout SharedBuffer<Scalar>
) {
  var out = scores.mutableSpan
  for index in indices { out[index] = Scalar(precise[index]) }
}
