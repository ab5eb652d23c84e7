import ConcordArrays
import ConcordBackends
import RealModule

/// A function `c + g·d + ½ dᵀ H d` of the offset from an element, along up to three axes.
struct QuadraticFit {
  var constant = 0.0
  var gradient = SIMD3<Double>()
  /// The second derivatives along each axis; those of axes that are left out are 0.
  var curvature = SIMD3<Double>()
  /// The mixed ones: planes and rows, planes and columns, rows and columns.
  var mixed = SIMD3<Double>()

  /// Where the function is extremal, and its value there; nil if it has no such extremum less than
  /// one element away.
  ///
  /// - Parameters:
  ///   - sign: 1 for a maximum, -1 for a minimum.
  ///   - axes: Those along which the place may move.
  /// - Returns: The offset from the element, and the function's value there.
  func extremum(sign: Double, axes: [Int]) -> (offset: SIMD3<Double>, value: Double)? {
    // M d = r with M = ∓H, which has to be positive definite: M = L D Lᵀ with a positive D.
    var diagonal = SIMD3<Double>(repeating: 1)
    for axis in axes { diagonal[axis] = -sign * curvature[axis] }
    let (m01, m02, m12) = (-sign * mixed[0], -sign * mixed[1], -sign * mixed[2])
    let right = sign * gradient
    let smallest = 1e-9
    let d0 = diagonal[0]
    guard d0 > 0 else { return nil }
    let (l10, l20) = (m01 / d0, m02 / d0)
    let d1 = diagonal[1] - l10 * m01
    guard d1 > smallest * diagonal[1], diagonal[1] > 0 else { return nil }
    let l21 = (m12 - l20 * m01) / d1
    let d2 = diagonal[2] - l20 * m02 - l21 * l21 * d1
    guard d2 > smallest * diagonal[2], diagonal[2] > 0 else { return nil }
    let y1 = right[1] - l10 * right[0]
    let y2 = right[2] - l20 * right[0] - l21 * y1
    let x2 = y2 / d2
    let x1 = y1 / d1 - l21 * x2
    let offset = SIMD3(right[0] / d0 - l10 * x1 - l20 * x2, x1, x2)
    guard (0..<3).allSatisfy({ abs(offset[$0]) < 1 }) else { return nil }
    return (offset, constant + 0.5 * (gradient * offset).sum())
  }
}

/// The elements around a peak.
struct PeakWindow<Scalar: RealScalar> {
  let values: SharedBuffer<Scalar>
  /// How far elements count as neighbours: axes along which none do are left out.
  let reach: Extents
  let extents: Extents
  let centre: Extents

  /// The axes along which the centre has neighbours on both sides.
  var axes: [Int] { (0..<3).filter { room($0) > 0 } }

  /// How many elements there are on either side.
  private func room(_ axis: Int) -> Int {
    reach[axis] > 0 ? min(centre[axis], extents[axis] - 1 - centre[axis]) : 0
  }

  private func value(_ offset: SIMD3<Int>) -> Double {
    let (plane, row) = (centre.planes + offset[0], centre.rows + offset[1])
    let index = (plane * extents.rows + row) * extents.columns + centre.columns + offset[2]
    return Double(values[index])
  }

  /// Where the peak lies between elements.
  func extremum(
    _ method: SubpixelMethod, sign: Double
  ) -> (offset: SIMD3<Double>, value: Double)? {
    let axes = axes
    guard !axes.isEmpty else { return nil }
    switch method {
    case .newton:
      return differences { $0 }.extremum(sign: sign, axes: axes)
    case .polynomial(let size):
      return leastSquares(half: size / 2).extremum(sign: sign, axes: axes)
    case .gaussian:
      // The logarithm of what isn't positive is not finite, and neither is an offset made of it.
      let fit = differences { Double.log($0) }.extremum(sign: sign, axes: axes)
      return fit.map { ($0.offset, Double.exp($0.value)) }
    }
  }

  /// Central differences of a function of the elements.
  private func differences(_ function: (Double) -> Double) -> QuadraticFit {
    func at(_ offset: SIMD3<Int>) -> Double { function(value(offset)) }
    var fit = QuadraticFit(constant: at(SIMD3()))
    for axis in axes {
      let step = unit(axis)
      let (after, before) = (at(step), at(0 &- step))
      fit.gradient[axis] = (after - before) / 2
      fit.curvature[axis] = after - 2 * fit.constant + before
    }
    for (slot, pair) in Self.pairs.enumerated() where room(pair.0) > 0 && room(pair.1) > 0 {
      let (a, b) = (unit(pair.0), unit(pair.1))
      fit.mixed[slot] = (at(a &+ b) - at(a &- b) - at(b &- a) + at(0 &- a &- b)) / 4
    }
    return fit
  }

  /// The quadratic of least squares over a window that is even on both sides.
  ///
  /// On such a grid the functions x, xy and x² - mean(x²) are orthogonal, so that every coefficient
  /// is a quotient of two sums.
  private func leastSquares(half: Int) -> QuadraticFit {
    let reach = Extents { min(half, room($0)) }
    // Mean of x² and of (x² - mean)² along each axis.
    let second = SIMD3<Double>(reach, { x in x * x })
    let fourth = SIMD3<Double>(reach, { x in x * x * x * x }) - second * second
    // Summed about the centre's value, so that no digits are lost in a large one.
    let centre = value(SIMD3())
    var mean = 0.0
    var fit = QuadraticFit()
    let count = Double((0..<3).reduce(1) { $0 * (2 * reach[$1] + 1) })
    for plane in -reach.planes...reach.planes {
      for row in -reach.rows...reach.rows {
        for column in -reach.columns...reach.columns {
          let f = (value(SIMD3(plane, row, column)) - centre) / count
          let x = SIMD3(Double(plane), Double(row), Double(column))
          mean += f
          fit.gradient += f * x
          fit.curvature += f * (x * x - second)
          for (slot, pair) in Self.pairs.enumerated() {
            fit.mixed[slot] += f * x[pair.0] * x[pair.1]
          }
        }
      }
    }
    fit.constant = centre + mean
    for axis in 0..<3 where reach[axis] > 0 {
      fit.gradient[axis] /= second[axis]
      let quadratic = fit.curvature[axis] / fourth[axis]
      fit.constant -= quadratic * second[axis]
      fit.curvature[axis] = 2 * quadratic
    }
    for (slot, pair) in Self.pairs.enumerated() where reach[pair.0] > 0 && reach[pair.1] > 0 {
      fit.mixed[slot] /= second[pair.0] * second[pair.1]
    }
    return fit
  }

  /// The pairs of axes whose mixed derivatives a fit holds.
  private static var pairs: [(Int, Int)] { [(0, 1), (0, 2), (1, 2)] }

  private func unit(_ axis: Int) -> SIMD3<Int> {
    var step = SIMD3<Int>()
    step[axis] = 1
    return step
  }
}

extension SIMD3<Double> {
  /// The mean of a function of the offset over the offsets of each axis.
  fileprivate init(_ reach: Extents, _ function: (Double) -> Double) {
    self.init()
    for axis in 0..<3 {
      let offsets = -reach[axis]...reach[axis]
      self[axis] = offsets.reduce(0) { $0 + function(Double($1)) } / Double(offsets.count)
    }
  }
}
