import ConcordArrays
import ConcordBackends

/// What is made of a window's sums.
///
/// Its loops are generic over the scalar alone: within functions that are generic over the rank as
/// well, the compiler leaves closures unspecialised, which costs ten nanoseconds an element.
enum WindowStatistic: Sendable {
  case sum
  case mean
  case variance(ddof: Double)

  var needsSquares: Bool {
    if case .variance = self { true } else { false }
  }

  /// Turns one tile's sums into output elements.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func fill<Scalar: RealScalar>(
    _ out: inout MutableSpan<Scalar>, from part: borrowing WindowSums.Part, counts: WindowCounts
  ) {
    let tile = part.tile
    for row in 0..<tile.count.rows {
      let outer = counts.outer(tile.start.planes, tile.start.rows + row)
      let elements = (row * tile.count.columns)..<((row + 1) * tile.count.columns)
      if !counts.shrinks {
        fill(&out, elements, from: part, count: outer * counts.fullColumns)
      } else {
        for (column, element) in elements.enumerated() {
          let count = outer * counts.column(tile.start.columns + column)
          fill(&out, element..<(element + 1), from: part, count: count)
        }
      }
    }
  }

  /// Elements whose windows all count `count` elements.
  private func fill<Scalar: RealScalar>(
    _ out: inout MutableSpan<Scalar>, _ elements: Range<Int>, from part: borrowing WindowSums.Part,
    count: Double
  ) {
    let sums = part.sums.span
    switch self {
    case .sum:
      for index in elements { out[index] = Scalar(sums[index]) }
    case .mean:
      let factor = 1 / count
      for index in elements { out[index] = Scalar(sums[index] * factor) }
    case .variance(let ddof):
      let squares = part.squares.span
      let factor = count > ddof ? 1 / (count - ddof) : .nan
      for index in elements {
        let energy = squares[index] - sums[index] * sums[index] / count
        // NaN must stay NaN, and rounding must not make a variance negative.
        out[index] = Scalar((energy < 0 ? 0 : energy) * factor)
      }
    }
  }
}

/// How many elements each window counts: all of its extent, or those inside where windows shrink.
package struct WindowCounts: Sendable {
  private let axes: [[Double]]
  /// Whether windows at the edges hold fewer elements than others.
  let shrinks: Bool
  /// The elements of a whole window along a row.
  let fullColumns: Double

  package init(geometry: ConvolutionGeometry) {
    shrinks = geometry.renormalizes
    fullColumns = Double(geometry.kernel.columns)
    axes = (0..<3).map { axis in
      (0..<geometry.output[axis]).map { index in
        guard geometry.renormalizes else { return Double(geometry.kernel[axis]) }
        let start = index + geometry.offset[axis]
        let end = start + geometry.kernel[axis]
        return Double(max(0, min(end, geometry.image[axis]) - max(start, 0)))
      }
    }
  }

  /// The elements of a window along the outer axes.
  func outer(_ plane: Int, _ row: Int) -> Double { axes[0][plane] * axes[1][row] }

  /// The elements of a window along a row.
  func column(_ column: Int) -> Double { axes[2][column] }
}
