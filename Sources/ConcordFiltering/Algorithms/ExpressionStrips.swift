import ConcordArrays
import ConcordBackends

/// Windows of an expression, strip by strip along the outermost axis: the expression never stands for
/// a whole image in memory.
///
/// A strip holds the rows that its windows reach, those that the boundary rule puts beyond the edges
/// included, so any rule is served. Where windows shrink it ends at the edges instead.
struct ExpressionStrips: Sendable {
  private let geometry: ConvolutionGeometry
  private let axis: Int
  private let reduction: WindowReduction
  private let ddof: Double
  private let threads: Int
  /// Outputs of a strip along the axis.
  private let height: Int

  /// Elements of an expression that are computed at a time, unless windows reach further.
  static let target = 1 << 20

  /// - Throws: ``ConcordError/memoryLimit(needed:limit:)`` where the least of strips takes too much.
  init(
    _ geometry: ConvolutionGeometry, axis: Int, _ reduction: WindowReduction, ddof: Int,
    _ options: WindowOptions, elements: Int
  ) throws(ConcordError) {
    self.geometry = geometry
    self.axis = axis
    self.reduction = reduction
    self.ddof = Double(ddof)
    threads = options.threadCount
    let inner = ((axis + 1)..<3).reduce(1) { $0 * geometry.image[$1] }
    // Parts of a line begin at whole vectors, which may be written past the caches.
    let step = axis == 2 ? 64 : 1
    let wanted = max(4 * geometry.kernel[axis], elements / max(inner, 1), 1)
    var height = min(wanted.roundedUp(to: step), geometry.output[axis])
    let limit = options.memoryLimit ?? physicalMemory / 2
    func bytes(_ height: Int) -> Int {
      Self.bytes(
        Self.strip(geometry, axis, 0..<height).geometry, reduction, Double(ddof),
        threads: availableProcessors)
    }
    while height > step, bytes(height) > limit { height = (height / 2).roundedUp(to: step) }
    let needed = bytes(height)
    guard needed <= limit else { throw .memoryLimit(needed: needed, limit: limit) }
    self.height = height
  }

  /// Fills the result for one or two images.
  func run<Scalar: RealScalar, Result: RealScalar>(
    _ expression: PixelExpression, a: SharedBuffer<Scalar>, b: SharedBuffer<Scalar>?,
    into out: inout SharedBuffer<Result>
  ) {
    let outer = ((axis + 1)..<3).reduce(1) { $0 * geometry.output[$1] }
    for first in stride(from: 0, to: geometry.output[axis], by: height) {
      let outputs = first..<min(first + height, geometry.output[axis])
      let strip = Self.strip(geometry, axis, outputs)
      let values = values(of: expression, a, b, in: strip.rows, strip.geometry)
      let range = outputs.lowerBound * outer..<outputs.upperBound * outer
      fillParts([range], of: &out, threads: 1) { _, part in
        reduce(values, strip.geometry, into: &part)
      }
    }
  }

  /// The rows that the windows of some outputs reach, nil where a constant stands, and the windows
  /// over them.
  private static func strip(
    _ geometry: ConvolutionGeometry, _ axis: Int, _ outputs: Range<Int>
  ) -> (rows: [Int?], geometry: ConvolutionGeometry) {
    let first = outputs.lowerBound + geometry.offset[axis]
    let reach = first..<(first + outputs.count + geometry.kernel[axis] - 1)
    let extent = geometry.image[axis]
    var rows: [Int?]
    var strip = geometry
    strip.output = geometry.output.replacing(axis, by: outputs.count)
    if geometry.renormalizes {
      let low = min(max(0, reach.lowerBound), extent - 1)
      rows = Array(low..<max(low + 1, min(reach.upperBound, extent)))
      strip.offset = geometry.offset.replacing(axis, by: first - low)
    } else {
      rows = reach.map { geometry.edges.index($0, extent: extent) }
      strip.offset = geometry.offset.replacing(axis, by: 0)
    }
    strip.image = geometry.image.replacing(axis, by: rows.count)
    return (rows, strip)
  }

  /// The values of the expression for some rows of the images.
  private func values<Scalar: RealScalar>(
    of expression: PixelExpression, _ a: SharedBuffer<Scalar>, _ b: SharedBuffer<Scalar>?,
    in rows: [Int?], _ strip: ConvolutionGeometry
  ) -> SharedBuffer<Double> {
    let inner = strip.image.count / rows.count
    var values = SharedBuffer<Double>(uninitializedCount: strip.image.count)
    var next = 0
    while next < rows.count {
      // Rows that follow each other are computed together.
      var end = next + 1
      while end < rows.count, rows[end] == rows[next].map({ $0 + end - next }) { end += 1 }
      let target = next * inner..<end * inner
      if let row = rows[next] {
        let source = row * inner..<(row + end - next) * inner
        fillParts([target], of: &values, threads: 1) { _, part in
          expression.evaluate(
            a: a.part(source), b: b?.part(source), threads: threads, into: &part)
        }
      } else {
        var out = values.mutableSpan
        for index in target { out[index] = strip.edges.value }
      }
      next = end
    }
    return values
  }

  private func reduce<Result: RealScalar>(
    _ values: SharedBuffer<Double>, _ strip: ConvolutionGeometry,
    into out: inout SharedBuffer<Result>
  ) {
    if let formula = Self.formula(reduction, ddof) {
      WindowTiles(strip.windowProblem(formula)).run([values], threads: threads, into: &out)
      return
    }
    var found = SharedBuffer<Double>(uninitializedCount: strip.output.count)
    if reduction == .median {
      values.windowMedians(strip, threads: threads, into: &found)
    } else {
      WindowExtremes.run(
        values, largest: reduction == .maximum, geometry: strip, threads: threads, into: &found)
    }
    narrow(found, into: &out)
  }

  private static func formula(_ reduction: WindowReduction, _ ddof: Double) -> WindowFormula? {
    switch reduction {
    case .sum: .sum(.first)
    case .mean: .mean(.first)
    case .variance: .variance(ddof: ddof)
    case .standardDeviation: .deviation(ddof: ddof)
    case .minimum, .maximum, .median: nil
    }
  }

  /// The bytes that a strip takes: the values, what they become, and what that is computed in.
  private static func bytes(
    _ strip: ConvolutionGeometry, _ reduction: WindowReduction, _ ddof: Double, threads: Int
  ) -> Int {
    let size = MemoryLayout<Double>.stride
    if let formula = formula(reduction, ddof) {
      let tiles = WindowTiles(strip.windowProblem(formula))
      let workspace = tiles.workspaceBytes(of: Double.self, threads: threads)
      return strip.image.count * size + Int(min(workspace, 0x1p60))
    }
    let tiles = DirectTiles(for: strip)
    return size
      * (strip.image.count + strip.output.count
        + 2 * tiles.scratchCount * min(threads, tiles.count))
  }
}

@_specialize(exported:false,where Result == Float)
@_specialize(exported:false,where Result == Double)
private func narrow<Result: RealScalar>(
  _ values: SharedBuffer<Double>, into out: inout SharedBuffer<Result>
) {
  let source = values.span
  var target = out.mutableSpan
  for index in source.indices { target[index] = Result(source[index]) }
}
